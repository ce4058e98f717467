import stringWidth from 'string-width';
import { visibleText } from '../../foundry/untrusted-text.ts';

const ascii = /^[\x20-\x7e]*$/;
// Terminals disagree about how wide these are, and one wrong cell damages the whole row.
const combining = /\p{M}/gu;
const pictures = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}/gu;
// Letters that join what follows them into one cell (Grapheme_Cluster_Break=Prepend of Unicode 16).
const joining = /[\u0d4e\u{111c2}\u{111c3}\u{113d1}\u{1193f}\u{11941}\u{11a3a}\u{11a84}-\u{11a89}\u{11d46}\u{11f02}]/gu;
const printable = /[\x20-\x7e]/;

/** Text of which every terminal knows the width: no controls, no marks that combine, `?` for every picture and every letter that joins the next. */
export function plainCells(text: string): string {
  if (ascii.test(text)) return text;
  return visibleText(text.replaceAll('\n', ' ').normalize('NFC'))
    .replace(combining, '')
    .replace(joining, '?')
    .replace(pictures, (picture) => (printable.test(picture) ? picture : '?'));
}

/** Columns that `plainCells` text takes. */
export const widthOf = (text: string): number => (ascii.test(text) ? text.length : stringWidth(text));

/** The beginning of `plainCells` text, at most `width` columns of it; `~` ends what was cut. */
export function cut(text: string, width: number): string {
  if (width <= 0) return '';
  if (widthOf(text) <= width) return text;
  return `${head(text, width - 1)}~`;
}

/** The same with the cut in its middle, for names that tell most at their ends. */
export function cutMiddle(text: string, width: number): string {
  if (width < 3 || widthOf(text) <= width) return cut(text, width);
  const before = head(text, Math.floor((width - 1) / 3));
  const after = head([...text].toReversed().join(''), width - 1 - widthOf(before));
  return `${before}~${[...after].toReversed().join('')}`;
}

/** The beginning without a mark. */
export function head(text: string, width: number): string {
  if (ascii.test(text)) return text.slice(0, width);
  let used = 0;
  let result = '';
  for (const character of text) {
    used += stringWidth(character);
    if (used > width) break;
    result += character;
  }
  return result;
}

/** Exactly `width` columns: cut, or filled with spaces. */
export function toWidth(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const shown = cut(plainCells(text), width);
  const space = ' '.repeat(Math.max(0, width - widthOf(shown)));
  return align === 'left' ? shown + space : space + shown;
}

/** Breaks text at spaces into rows of at most `width` columns; longer words are broken anywhere. */
export function wrap(text: string, width: number): readonly string[] {
  if (width <= 0) return [];
  const rows: string[] = [];
  let row = '';
  for (const word of plainCells(text).split(' ')) {
    const joined = row === '' ? word : `${row} ${word}`;
    if (widthOf(joined) <= width) {
      row = joined;
      continue;
    }
    if (row !== '') rows.push(row);
    row = word;
    while (widthOf(row) > width) {
      const part = head(row, width);
      // A character that is wider than the row would never fit.
      if (part === '') return rows;
      rows.push(part);
      row = row.slice(part.length);
    }
  }
  rows.push(row);
  return rows;
}
