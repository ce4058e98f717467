import type { Actions, Level } from '../keys/layers.ts';
import { exactly, type Line, line, span } from '../text/line.ts';

/** The part of some rows that is seen. */
export interface Window {
  /** The first row that is seen. */
  readonly top: number;
  readonly rows: number;
  readonly height: number;
}

/** The last row that can be the first one. */
export const lastTop = ({ rows, height }: Pick<Window, 'rows' | 'height'>): number => Math.max(0, rows - height);

/** What the keys do with a window: screens move by rows, pages of a few rows more than fit by what is seen. */
export function scrollActions(level: Level, window: Window, to: (top: number) => void): Actions {
  const { top, rows, height } = window;
  const move = (by: number) => () => to(Math.max(0, Math.min(lastTop(window), top + by)));
  const page = Math.max(1, height - 2);
  return level === 'screen'
    ? {
        'list.down': move(1),
        'list.up': move(-1),
        'list.pageDown': move(page),
        'list.pageUp': move(-page),
        'list.first': move(-rows),
        'list.last': move(rows),
      }
    : { 'page.down': move(page), 'page.up': move(-page), 'page.first': move(-rows), 'page.last': move(rows) };
}

/** The rows of a window; its last one says how many follow. */
export function windowRows(lines: readonly Line[], { top, height }: Omit<Window, 'rows'>): readonly Line[] {
  const shown = exactly(lines.slice(top, top + height), height);
  const left = lines.length - top - height;
  return left > 0 ? [...shown.slice(0, -1), line(span(` … ${left + 1} more rows`, 'dim'))] : shown;
}
