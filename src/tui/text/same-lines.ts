import type { Line } from './line.ts';

/** Whether two blocks of rows look the same. */
export const sameLines = (a: readonly Line[], b: readonly Line[]): boolean =>
  a.length === b.length && a.every((row, index) => sameLine(row, b[index]));

const sameLine = (a: Line, b: Line | undefined): boolean =>
  b !== undefined &&
  a.tone === b.tone &&
  a.spans.length === b.spans.length &&
  a.spans.every((part, index) => part.text === b.spans[index]?.text && part.tone === b.spans[index]?.tone);
