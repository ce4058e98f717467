import { isRunnable, type Plan } from '../../foundry/plan.ts';
import { plainCells, widthOf, wrap } from '../text/cells.ts';
import { type Line, line } from '../text/line.ts';

type Step = Plan['steps'][number];

const indent = 3;

/** A step as a shell takes it. One that is no command is told by its title: the command of the action does the same. */
export const byHand = (step: Step, width: number): readonly Line[] =>
  isRunnable(step)
    ? commandRows(step.command, width)
    : wrap(`# ${step.title}`, width - indent).map((row) => line('   ', row));

/** Words of a shell, each with its quotes. */
const shellWords = /(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+/g;

interface Row {
  readonly text: string;
  /** It begins in the middle of a word. */
  readonly joins: boolean;
}

/**
 * A command in rows that a shell takes as one line when they are copied. What goes on with a word begins at the left:
 * the spaces before it would end the word.
 */
export function commandRows(command: string, width: number): readonly Line[] {
  const room = width - indent - 4;
  const rows: Row[] = [];
  for (const word of plainCells(command).match(shellWords) ?? []) {
    const last = rows.at(-1);
    if (last !== undefined && widthOf(last.text) + 1 + widthOf(word) <= room)
      rows[rows.length - 1] = { ...last, text: `${last.text} ${word}` };
    else rows.push(...pieces(word, room).map((text, index) => ({ text, joins: index > 0 })));
  }
  return rows.map(({ text, joins }, index) => {
    const next = rows[index + 1];
    const end = next === undefined ? '' : next.joins ? '\\' : ' \\';
    const left = joins ? 0 : index === 0 ? indent : indent + 2;
    return line(' '.repeat(left), `${text}${end}`);
  });
}

/** Parts of a word between which a shell may find a backslash and a new line: none ends within quotes of the one kind. */
function pieces(word: string, room: number): readonly string[] {
  const found: string[] = [];
  let piece = '';
  let isOpen = false;
  for (const { text, isQuoted } of lettersOf(word)) {
    const quote = isQuoted === isOpen ? '' : "'";
    if (piece !== '' && widthOf(`${piece}${quote}${text}${isQuoted ? "'" : ''}`) > room) {
      found.push(isOpen ? `${piece}'` : piece);
      piece = isQuoted ? `'${text}` : text;
    } else piece += `${quote}${text}`;
    isOpen = isQuoted;
  }
  return [...found, isOpen ? `${piece}'` : piece];
}

interface Letter {
  /** With the backslash before it. */
  readonly text: string;
  /** Between single quotes, where a backslash is one. */
  readonly isQuoted: boolean;
}

const lettersOf = (word: string): readonly Letter[] =>
  [...word.matchAll(/'([^']*)'|\\.|./gu)].flatMap(([whole, quoted]): readonly Letter[] => {
    if (quoted === undefined) return [{ text: whole, isQuoted: false }];
    const letters = quoted === '' ? [''] : [...quoted];
    return letters.map((text) => ({ text, isQuoted: true }));
  });
