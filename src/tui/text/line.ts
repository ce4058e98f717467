import { cut, head, plainCells, widthOf } from './cells.ts';

/** What a piece of text means; the theme says how that looks. */
export type Tone =
  | 'text'
  | 'dim'
  | 'title'
  | 'accent'
  | 'good'
  | 'busy'
  | 'warn'
  | 'bad'
  | 'key'
  | 'tab'
  | 'cursor'
  | 'marked'
  | 'input';

export interface Span {
  readonly text: string;
  readonly tone?: Tone;
  /** Of the row that it was a part of: the cursor's, in one of two columns. */
  readonly ground?: Tone;
}

/** One row of the screen. Everything that is shown is made of these. */
export interface Line {
  readonly spans: readonly Span[];
  /** Of the whole row, up to its right end: the cursor. */
  readonly tone?: Tone;
}

export const span = (text: string, tone?: Tone): Span => ({ text, ...(tone !== undefined && { tone }) });

/** A row of spans; plain strings have no tone. */
export const line = (...parts: readonly (Span | string)[]): Line => ({
  spans: parts.map((part) => (typeof part === 'string' ? { text: part } : part)),
});

export const blank: Line = { spans: [] };

/** Columns that the row takes. */
export const lineWidth = ({ spans }: Line): number =>
  spans.reduce((sum, { text }) => sum + widthOf(plainCells(text)), 0);

/** The row with what does not fit into `width` cut off. */
export function cutLine({ spans, tone }: Line, width: number): Line {
  const kept: Span[] = [];
  let left = width;
  for (const part of spans) {
    if (left <= 0) break;
    const text = plainCells(part.text);
    const shown = widthOf(text) <= left ? text : cut(text, left);
    kept.push({ ...part, text: shown });
    left -= widthOf(shown);
  }
  return { spans: kept, ...(tone !== undefined && { tone }) };
}

/** The row, filled to exactly `width` columns. */
export function fillLine(row: Line, width: number): Line {
  const kept = cutLine(row, width);
  const missing = width - lineWidth(kept);
  return missing > 0 ? { ...kept, spans: [...kept.spans, { text: ' '.repeat(missing) }] } : kept;
}

/** `left` at the left end and `right` at the right end; `right` is cut where they do not both fit. */
export function ends(left: Line, right: Line, width: number): Line {
  const room = width - lineWidth(left) - 1;
  if (room < 4) return cutLine(left, width);
  const kept = cutLine(right, room);
  return { spans: [...left.spans, { text: ' '.repeat(room + 1 - lineWidth(kept)) }, ...kept.spans] };
}

/** Two blocks of rows side by side, divided by a bar. */
export function beside(
  left: readonly Line[],
  right: readonly Line[],
  widths: readonly [left: number, right: number],
  bar: string,
): readonly Line[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const first = fillLine(left[index] ?? blank, widths[0]);
    const { tone } = first;
    const spans = tone === undefined ? first.spans : first.spans.map((part) => ({ ...part, ground: tone }));
    return line(...spans, span(` ${bar} `, 'dim'), ...cutLine(right[index] ?? blank, widths[1]).spans);
  });
}

/** Exactly `height` rows: the first ones, or filled with blank ones. */
export const exactly = (rows: readonly Line[], height: number): readonly Line[] =>
  Array.from({ length: Math.max(0, height) }, (_, index) => rows[index] ?? blank);

/** The same, where the last row says how many are left out, and what shows them. */
export const clipped = (rows: readonly Line[], height: number, key: string): readonly Line[] =>
  rows.length <= height
    ? exactly(rows, height)
    : [...exactly(rows, height - 1), line(span(` … ${rows.length - height + 1} more rows: ${key}`, 'dim'))].slice(
        0,
        height,
      );

/** A rule with a title in it. */
export const rule = (title: string, width: number, glyph: string): Line => {
  const label = title === '' ? '' : ` ${head(plainCells(title), Math.max(0, width - 6))} `;
  const rest = Math.max(0, width - 2 - widthOf(label));
  return line(span(glyph.repeat(2), 'dim'), span(label, 'title'), span(glyph.repeat(rest), 'dim'));
};
