import type { Theme } from '../themes/themes.ts';
import { cutLine, fillLine, type Line } from './line.ts';

const reset = '\u001b[0m';

/**
 * The row as a terminal takes it, never wider than `width` columns. Colours are ours alone: what a library adds does
 * not know NO_COLOR.
 */
export function paint(row: Line, width: number, { codes }: Theme): string {
  const { spans, tone } = row.tone === undefined ? cutLine(row, width) : fillLine(row, width);
  const ground = tone === undefined ? '' : codes[tone];
  const text = spans
    .filter((part) => part.text !== '')
    .map((part) => {
      const own = part.tone === undefined ? '' : codes[part.tone];
      const all = ground === '' ? own : own === '' ? ground : `${own};${ground}`;
      return all === '' ? part.text : `\u001b[${all}m${part.text}${reset}`;
    })
    .join('');
  // An empty text takes no row at all.
  return text === '' ? ' ' : text;
}
