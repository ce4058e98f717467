import { useState } from 'react';
import type { Actions, Level } from '../keys/layers.ts';
import { useActions } from '../keys/use-actions.ts';
import { exactly, type Line, line, span } from '../text/line.ts';
import { Rows } from './rows.tsx';

interface ScrolledProps {
  readonly lines: readonly Line[];
  readonly width: number;
  readonly height: number;
  readonly level: Level;
  /** Other keys of the same layer. */
  readonly actions?: Actions;
  /** Lets keys through to what lies below. Default: only screens do. */
  readonly modal?: boolean;
  /** Starts with the last rows, and stays there as rows are added. */
  readonly atEnd?: boolean;
}

/** Rows that may be more than there is room for. */
export function Scrolled(props: ScrolledProps) {
  const { lines, width, height, level, actions = {}, modal = level !== 'screen', atEnd = false } = props;
  const [from, setFrom] = useState(atEnd ? Number.POSITIVE_INFINITY : 0);
  const most = Math.max(0, lines.length - height);
  const top = Math.min(from, most);
  const to = (row: number) =>
    setFrom(atEnd && row >= most ? Number.POSITIVE_INFINITY : Math.max(0, Math.min(most, row)));
  const move = (by: number) => () => to(top + by);
  const pages = Math.max(1, height - 2);
  // What is seen whole has no more rows to go to.
  const moves: Actions | false =
    level === 'screen'
      ? {
          'list.down': move(1),
          'list.up': move(-1),
          'list.pageDown': move(pages),
          'list.pageUp': move(-pages),
          'list.first': move(-lines.length),
          'list.last': move(lines.length),
        }
      : most > 0 && {
          'page.down': move(pages),
          'page.up': move(-pages),
          'page.first': move(-lines.length),
          'page.last': move(lines.length),
        };
  useActions({ ...moves, ...actions }, { level, modal });
  const shown = exactly(lines.slice(top, top + height), height);
  if (most === 0) return <Rows lines={shown} width={width} />;
  const left = lines.length - top - height;
  const more = line(span(left > 0 ? ` … ${left + 1} more rows` : ' end', 'dim'));
  return <Rows lines={left > 0 ? [...shown.slice(0, -1), more] : shown} width={width} />;
}
