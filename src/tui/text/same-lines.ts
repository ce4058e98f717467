import type { Line, Span } from './line.ts';

/** Whether two blocks of rows look the same. */
export const sameLines = (a: readonly Line[], b: readonly Line[]): boolean =>
  a.length === b.length && a.every((row, index) => sameLine(row, b[index]));

const sameLine = (a: Line, b: Line | undefined): boolean =>
  b !== undefined &&
  a.tone === b.tone &&
  a.spans.length === b.spans.length &&
  a.spans.every((part, index) => sameSpan(part, b.spans[index]));

const sameSpan = (a: Span, b: Span | undefined): boolean =>
  b !== undefined && a.text === b.text && a.tone === b.tone && a.ground === b.ground;
