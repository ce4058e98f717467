import { visibleText } from './untrusted-text.ts';

/** A line of a container, with when it was written. */
export interface StampedLine {
  /** RFC 3339 as the server wrote it; '' where a line has none. */
  readonly stamp: string;
  /** Milliseconds; of a line without a time that of the line before. */
  readonly time: number;
  readonly text: string;
}

const stamped = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) ?/;

/** One line as the server sends it. Times of one container never go back, whatever its two streams did. */
export function stampedLine(raw: string, before = 0): StampedLine {
  const [prefix = '', stamp = ''] = stamped.exec(raw) ?? [];
  const time = Date.parse(stamp);
  return { stamp, time: Number.isNaN(time) ? before : Math.max(before, time), text: raw.slice(prefix.length) };
}

/** The lines of one container's log. */
export function stampedLines(log: string): readonly StampedLine[] {
  const lines: StampedLine[] = [];
  for (const raw of log.split('\n')) {
    if (raw !== '') lines.push(stampedLine(raw, lines.at(-1)?.time));
  }
  return lines;
}

/** Lines of several containers in order of time; those of one container stay in theirs. */
export const inOrderOfTime = <Line extends StampedLine>(logs: readonly (readonly Line[])[]): readonly Line[] =>
  logs.flat().sort((one, other) => one.time - other.time);

/** Characters of a line that are shown. */
const longestLine = 400;

/** A line as a reader sees it: of a progress bar its last state, without what nobody sees, cut with a count. */
export function shownLine(text: string): string {
  const last = text.trimEnd();
  const line = visibleText(last.slice(last.lastIndexOf('\r') + 1)).trimEnd();
  if (line.length <= longestLine) return line;
  return `${line.slice(0, longestLine).trimEnd()}… (${line.length - longestLine} more characters)`;
}

/** Whether a line holds a text, whatever the case; every line holds none. */
export const holds = (line: string, wanted: string | undefined): boolean =>
  wanted === undefined || line.toLowerCase().includes(wanted.toLowerCase());
