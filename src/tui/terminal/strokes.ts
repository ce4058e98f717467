import type { Key } from 'ink';

/** One key as it was pressed: `j`, `G`, `ctrl+c`, `shift+tab`, `enter`; `text` is what it would type. */
export interface Stroke {
  readonly name: string;
  readonly text?: string;
}

const named = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const satisfies readonly (readonly [keyof Key, string])[];

const controls: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u001b': 'escape',
};

/** Keys that are one character, so that Esc before them reads as Alt. An arrow with Alt is a sequence of its own. */
const single: readonly string[] = ['enter', 'tab', 'backspace'];

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** What Ink tells at once as the single keys that it was: keys that arrive together are one input to it. */
export function strokesOf(input: string, key: Key): readonly Stroke[] {
  if (key.eventType === 'release') return [];
  const known = named.find(([field]) => key[field] === true)?.[1];
  const strokes =
    known === undefined ? typed(input, key) : [{ name: known === 'tab' && key.shift ? 'shift+tab' : known }];
  // Esc and a key soon after it look like Alt and that key, which nothing here is bound to.
  const followsEscape = key.meta && (known === undefined || single.includes(known));
  return followsEscape ? [{ name: 'escape' }, ...strokes] : strokes;
}

const typed = (input: string, { ctrl }: Key): readonly Stroke[] =>
  ctrl ? [{ name: `ctrl+${input.toLowerCase()}` }] : split(input);

function split(input: string): readonly Stroke[] {
  // Windows line ends are one grapheme.
  return Array.from(graphemes.segment(input.replaceAll('\r\n', '\r')), ({ segment }) => strokeOf(segment));
}

function strokeOf(segment: string): Stroke {
  const control = controls[segment];
  if (control !== undefined) return { name: control };
  const code = segment.codePointAt(0) ?? 0;
  if (code < 32) return { name: `ctrl+${String.fromCharCode(code + 96)}` };
  return { name: segment === ' ' ? 'space' : segment, text: segment };
}
