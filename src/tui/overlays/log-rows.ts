import type { LogNews } from '../../foundry/log-following.ts';
import { quoteBar } from '../../foundry/untrusted-text.ts';
import { type FollowedLog, type LogEntry, logBounds } from '../data/followed-log.ts';
import { plainCells, widthOf, wrap } from '../text/cells.ts';
import { type Line, line, span, type Tone } from '../text/line.ts';

/** Rows of a followed log. */
export interface LogRows {
  readonly lines: readonly Line[];
  /** Of each row a number that it keeps, whatever is added and dropped; the later, the higher. */
  readonly numbers: readonly number[];
}

/** Rows that one entry may take, so that their numbers do not meet those of the next. */
const mostRows = 1_000;

/** Lays out logs for a width, with what stands at their end. What was laid out once is not again: a log grows at its end. */
export function createLogRows(width: number): (log: FollowedLog, end?: readonly Line[]) => LogRows {
  const known = new WeakMap<LogEntry, readonly Line[]>();
  const rowsOf = (entry: LogEntry): readonly Line[] => {
    const rows = known.get(entry) ?? entryRows(entry, width).slice(0, mostRows);
    known.set(entry, rows);
    return rows;
  };
  return ({ entries, dropped }, end = []) => {
    const lines = [beginning(dropped)];
    const numbers = [-1];
    for (const [index, rows] of [...entries.map(rowsOf), end].entries()) {
      for (const [at, row] of rows.entries()) {
        lines.push(row);
        numbers.push((dropped + index) * mostRows + at);
      }
    }
    return { lines, numbers };
  };
}

/** Where the row of that number stands now; where it was dropped, the first one. */
export function rowAt({ numbers }: LogRows, number: number): number {
  const found = numbers.findIndex((one) => one >= number);
  return found === -1 ? numbers.length - 1 : found;
}

const beginning = (dropped: number): Line =>
  line(
    span(
      dropped === 0
        ? ` From the last ${logBounds.tail} lines of each container on.`
        : ` … ${dropped} older lines were dropped: the last ${logBounds.kept} are kept.`,
      'dim',
    ),
  );

const toneOf: Readonly<Record<LogNews, Tone>> = {
  following: 'dim',
  waiting: 'warn',
  broken: 'bad',
  again: 'good',
  gone: 'warn',
};

const entryRows = (entry: LogEntry, width: number): readonly Line[] =>
  'note' in entry
    ? rowsIn(entry.note, width - 3).map((row, at) => line(at === 0 ? ' ' : '   ', span(row, toneOf[entry.news])))
    : writtenRows(entry, width);

/** What a pod wrote stands behind a bar in each of its rows: none of them can pass for words of ours. */
function writtenRows({ pod, role, text }: Exclude<LogEntry, { note: string }>, width: number): readonly Line[] {
  const source = `${role ?? 'pod'}-${pod.slice(pod.lastIndexOf('-') + 1)} `;
  return rowsIn(`${source}${text}`, width - 6).map((row, at) => {
    if (at > 0) return line(' ', span(`${quoteBar}  `, 'dim'), row);
    const named = row.startsWith(source) ? source.length : 0;
    return line(' ', span(`${quoteBar}${row.slice(0, named)}`, 'dim'), row.slice(named));
  });
}

/** Most lines fit as they are, with the spaces that they have. */
function rowsIn(text: string, width: number): readonly string[] {
  const plain = plainCells(text);
  return widthOf(plain) <= width ? [plain] : wrap(plain, width);
}
