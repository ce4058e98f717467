const sequences: Readonly<Record<string, string>> = {
  enter: '\r',
  escape: '\u001b',
  tab: '\t',
  'shift+tab': '\u001b[Z',
  space: ' ',
  backspace: '\u007f',
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  home: '\u001b[H',
  end: '\u001b[F',
  pageup: '\u001b[5~',
  pagedown: '\u001b[6~',
};

/** What a terminal sends for a key: `j`, `enter`, `ctrl+r`. */
export const sequenceOf = (key: string): string =>
  sequences[key] ?? key.replace(/^ctrl\+(.)$/, (_, letter: string) => String.fromCharCode(letter.charCodeAt(0) - 96));
