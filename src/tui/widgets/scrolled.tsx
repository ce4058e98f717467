import { useState } from 'react';
import type { Actions, Level } from '../keys/layers.ts';
import { useActions } from '../keys/use-actions.ts';
import type { Line } from '../text/line.ts';
import { Rows } from './rows.tsx';
import { lastTop, scrollActions, windowRows } from './scrolling.ts';

interface ScrolledProps {
  readonly lines: readonly Line[];
  readonly width: number;
  readonly height: number;
  readonly level: Level;
  /** Other keys of the same layer. */
  readonly actions?: Actions;
  /** Lets keys through to what lies below. Default: only screens do. */
  readonly modal?: boolean;
}

/** Rows that may be more than there is room for. */
export function Scrolled(props: ScrolledProps) {
  const { lines, width, height, level, actions = {}, modal = level !== 'screen' } = props;
  const [from, setFrom] = useState(0);
  const rows = lines.length;
  const most = lastTop({ rows, height });
  const window = { top: Math.min(from, most), rows, height };
  // A page that is seen whole has no more rows to go to.
  const moves = (level === 'screen' || most > 0) && scrollActions(level, window, setFrom);
  useActions({ ...moves, ...actions }, { level, modal });
  return <Rows lines={windowRows(lines, window)} width={width} />;
}
