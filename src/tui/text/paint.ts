import type { Theme } from '../themes/themes.ts';
import { cutLine, fillLine, type Line, type Tone } from './line.ts';
import { changeOf, type Style, styleOf } from './style.ts';

/**
 * The row as a terminal takes it, never wider than `width` columns. Colours are ours alone: what a library adds does
 * not know NO_COLOR.
 */
export function paint(row: Line, width: number, { codes, instead }: Theme): string {
  const { spans, tone } = row.tone === undefined ? cutLine(row, width) : fillLine(row, width);
  const codesOf = (name: Tone | undefined) => (name === undefined ? '' : codes[name]);
  let painted = '';
  let style: Style = [];
  for (const part of spans.filter(({ text }) => text !== '')) {
    const change = changeOf(style, styleOf(together(codesOf(part.tone), codesOf(part.ground ?? tone))));
    painted +=
      change.written + instead.reduce((words, [written, shown]) => words.replaceAll(written, shown), part.text);
    style = change.style;
  }
  // An empty text takes no row at all.
  return painted === '' ? ' ' : painted + changeOf(style, []).written;
}

/** Inverse would make a ground of the own colour, in patches: there a row has one look. */
function together(own: string, ground: string): string {
  if (ground === '' || own === '') return own || ground;
  return ground.split(';').includes(inverse) ? ground : `${own};${ground}`;
}

const inverse = '7';
