import type { Stroke } from '../terminal/strokes.ts';
import { plainCells, widthOf } from './cells.ts';
import { type Span, span } from './line.ts';

/** A line of text that is being typed; `at` counts graphemes before the cursor. */
export interface Field {
  readonly text: string;
  readonly at: number;
  /** All of it is replaced by what is typed or pasted next, unless another key comes before. */
  readonly isSelected?: true;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const split = (text: string): string[] => Array.from(graphemes.segment(text), ({ segment }) => segment);

export const fieldOf = (text: string): Field => ({ text, at: split(text).length });

/** A text that stands there before anybody typed. */
export const selectedField = (text: string): Field => ({ ...fieldOf(text), isSelected: true });

/** Whether a key is one that a field takes, whatever stands in it. */
export const isTyped = (name: string): boolean =>
  edit(fieldOf(''), { name, ...([...name].length === 1 && { text: name }), ...(name === 'space' && { text: ' ' }) }) !==
  undefined;

/** The field after a key; undefined where the key means nothing to it. */
export function edit(field: Field, { name, text }: Stroke): Field | undefined {
  const letters = split(field.text);
  const { at } = field;
  const moved = (to: number): Field => ({ text: field.text, at: to });
  const removed = (from: number, to: number): Field => ({
    text: [...letters.slice(0, from), ...letters.slice(to)].join(''),
    at: from,
  });
  switch (name) {
    case 'left':
      return moved(Math.max(0, at - 1));
    case 'right':
      return moved(Math.min(letters.length, at + 1));
    case 'home':
    case 'ctrl+a':
      return moved(0);
    case 'end':
    case 'ctrl+e':
      return moved(letters.length);
    case 'backspace':
      return at === 0 ? field : removed(at - 1, at);
    case 'delete':
      return removed(at, at + 1);
    case 'ctrl+w':
      return removed(wordStart(letters, at), at);
    case 'ctrl+u':
      return removed(0, at);
    case 'ctrl+k':
      return removed(at, letters.length);
    default:
      return text === undefined ? undefined : insert(field, text);
  }
}

/** Text that was typed or pasted; a field has one line. */
export function insert(field: Field, added: string): Field {
  const { text, at } = field.isSelected ? fieldOf('') : field;
  const letters = split(text);
  const pieces = split(added.replace(/[\r\n\t]+/g, ' '));
  return { text: [...letters.slice(0, at), ...pieces, ...letters.slice(at)].join(''), at: at + pieces.length };
}

function wordStart(letters: readonly string[], at: number): number {
  let start = at;
  while (start > 0 && letters[start - 1] === ' ') start -= 1;
  while (start > 0 && letters[start - 1] !== ' ') start -= 1;
  return start;
}

/** The field in `width` columns, with its cursor where it is active; the part around the cursor is shown. */
export function fieldSpans({ text, at, isSelected }: Field, width: number, active: boolean): readonly Span[] {
  const letters = split(text).map((letter) => plainCells(letter) || '?');
  const under = letters[at] ?? ' ';
  let from = at;
  let used = widthOf(under);
  while (from > 0 && used + widthOf(letters[from - 1] ?? '') <= width) {
    from -= 1;
    used += widthOf(letters[from] ?? '');
  }
  const after: string[] = [];
  for (const letter of letters.slice(at + 1)) {
    if (used + widthOf(letter) > width) break;
    used += widthOf(letter);
    after.push(letter);
  }
  return [
    span(letters.slice(from, at).join(''), isSelected && active ? 'tab' : 'input'),
    span(under, active ? 'tab' : 'input'),
    span(after.join('') + ' '.repeat(Math.max(0, width - used)), 'input'),
  ];
}
