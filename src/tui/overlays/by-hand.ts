import type { Plan } from '../../foundry/plan.ts';
import { inContext } from '../../foundry/shell.ts';
import { plainCells, widthOf, wrap } from '../text/cells.ts';
import { type Line, line } from '../text/line.ts';

type Step = Plan['steps'][number];

const indent = 3;

/**
 * A step as a shell takes it. What is applied or patched is told by its title: it is longer than a terminal gives back
 * whole, and may hold what is not shown; the command of the action does the same.
 */
export function byHand(step: Step, context: string | undefined, width: number): readonly Line[] {
  if (step.kind === 'apply' || step.kind === 'patch')
    return wrap(`# ${step.title}`, width - indent).map((row) => line('   ', row));
  return commandRows(context === undefined ? step.command : inContext(step.command, context), width);
}

/** Words of a shell, each with its quotes. */
const shellWords = /(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+/g;

/** A command in rows that a shell takes as one line when they are copied. */
export function commandRows(command: string, width: number): readonly Line[] {
  const room = width - indent - 4;
  const rows: string[] = [];
  for (const word of plainCells(command).match(shellWords) ?? []) {
    const last = rows.at(-1);
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= room) rows[rows.length - 1] = `${last} ${word}`;
    else rows.push(word);
  }
  return rows.flatMap((row, index) =>
    wrap(`${row}${index < rows.length - 1 ? ' \\' : ''}`, width - indent - 2).map((part) =>
      line(' '.repeat(index === 0 ? indent : indent + 2), part),
    ),
  );
}
