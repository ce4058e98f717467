import type { Tone } from '../text/line.ts';

const themeNames = ['dark', 'light', 'contrast', 'plain', 'ascii'] as const;
export type ThemeName = (typeof themeNames)[number];

/** Characters that are not letters. None of them is wider in one terminal than in another. */
interface Glyphs {
  readonly horizontal: string;
  readonly vertical: string;
  readonly cursor: string;
  readonly marked: string;
  readonly up: string;
  readonly down: string;
  readonly done: string;
  readonly running: string;
  readonly waiting: string;
  readonly failed: string;
}

export interface Theme {
  readonly name: ThemeName;
  readonly title: string;
  /** SGR parameters; '' = as the terminal writes anyway. */
  readonly codes: Readonly<Record<Tone, string>>;
  readonly glyphs: Glyphs;
  /** What is written in place of other characters, in as many columns. */
  readonly instead: readonly (readonly [written: string, shown: string])[];
}

const lines: Glyphs = {
  horizontal: '─',
  vertical: '│',
  cursor: '>',
  marked: '*',
  up: '↑',
  down: '↓',
  done: '✓',
  running: '>',
  waiting: '·',
  failed: 'x',
};

const letters: Glyphs = {
  horizontal: '-',
  vertical: '|',
  cursor: '>',
  marked: '*',
  up: '^',
  down: 'v',
  done: '+',
  running: '>',
  waiting: '.',
  failed: 'x',
};

/** What our own words contain beside ASCII. */
const asciiInstead: Theme['instead'] = [
  [' …', '..'],
  ['…', '~'],
  ['×', 'x'],
  ['→', '>'],
];

const withoutColour: Theme['codes'] = {
  text: '',
  dim: '',
  title: '1',
  accent: '1',
  good: '',
  busy: '',
  warn: '1',
  bad: '1',
  key: '1',
  tab: '7',
  cursor: '7',
  marked: '1',
  input: '4',
};

/** How everything looks. With NO_COLOR only bold, underlined and inverse are left: a text mark stands beside each. */
export const themes: Readonly<Record<ThemeName, Theme>> = {
  dark: {
    name: 'dark',
    title: 'Dark',
    codes: {
      text: '',
      dim: '38;5;245',
      title: '1',
      accent: '38;5;117',
      good: '38;5;114',
      busy: '38;5;75',
      warn: '38;5;221',
      bad: '38;5;210',
      key: '1;38;5;117',
      tab: '1;38;5;16;48;5;117',
      cursor: '48;5;238',
      marked: '38;5;221',
      input: '48;5;236',
    },
    glyphs: lines,
    instead: [],
  },
  light: {
    name: 'light',
    title: 'Light',
    codes: {
      text: '',
      dim: '38;5;241',
      title: '1',
      accent: '38;5;25',
      good: '38;5;28',
      busy: '38;5;26',
      warn: '38;5;130',
      bad: '38;5;160',
      key: '1;38;5;25',
      tab: '1;38;5;231;48;5;25',
      cursor: '48;5;254',
      marked: '38;5;130',
      input: '48;5;255',
    },
    glyphs: lines,
    instead: [],
  },
  contrast: {
    name: 'contrast',
    title: 'High contrast',
    codes: {
      text: '1',
      dim: '',
      title: '1;4',
      accent: '1;96',
      good: '1;92',
      busy: '1;96',
      warn: '1;93',
      bad: '1;91',
      key: '1;93',
      tab: '1;7',
      cursor: '1;7',
      marked: '1;93',
      input: '1;4',
    },
    glyphs: lines,
    instead: [],
  },
  plain: { name: 'plain', title: 'Without colour', codes: withoutColour, glyphs: lines, instead: [] },
  ascii: { name: 'ascii', title: 'ASCII only', codes: withoutColour, glyphs: letters, instead: asciiInstead },
};

/** The theme to begin with, from the environment of the process. */
export function themeFor(environment: Readonly<Record<string, string | undefined>>): ThemeName {
  const { TERM = '', NO_COLOR = '', COLORFGBG = '' } = environment;
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
  const isUnicode = /utf-?8/i.test(locale) || (locale === '' && TERM !== 'linux');
  if (!isUnicode) return 'ascii';
  if (NO_COLOR !== '') return 'plain';
  if (!/256|direct|kitty|alacritty|ghostty|wezterm/.test(TERM) && !environment.COLORTERM) return 'contrast';
  const background = Number(COLORFGBG.split(';').at(-1) || '0');
  return background === 7 || background === 15 ? 'light' : 'dark';
}

export const nextTheme = (name: ThemeName): ThemeName =>
  themeNames[(themeNames.indexOf(name) + 1) % themeNames.length] ?? 'dark';
