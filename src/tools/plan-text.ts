import type { Plan } from '../foundry/plan.ts';
import { plainLine } from '../foundry/untrusted-text.ts';
import { lines, section } from './text/words.ts';

/** A plan as a human reads it before approving, or carries it out by hand. */
export function planText({ summary, steps, warnings, blockers }: Plan): string {
  return lines(
    plainLine(summary),
    ...steps.map(({ title, command }, index) => `${index + 1}. ${title}${command === '' ? '' : `: ${command}`}`),
    section('Warnings', warnings),
    section('In the way', blockers),
  );
}
