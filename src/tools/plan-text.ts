import { isRunnable, type Plan } from '../foundry/plan.ts';
import { plainLine } from '../foundry/untrusted-text.ts';
import { lines, section } from './text/words.ts';

/** Steps of a long plan that are shown; those between are counted. The last ones tell what it comes to. */
const shown = { first: 16, last: 4 };

/** A plan as a human reads it before approving, or carries it out by hand. */
export function planText({ summary, steps, warnings, blockers }: Plan): string {
  return lines(
    plainLine(summary),
    stepLines(steps.map((step) => ({ title: step.title, command: isRunnable(step) ? step.command : '' }))),
    section('Warnings', warnings),
    section('In the way', blockers),
  );
}

/** Numbered steps, each with the command that does it by hand, or with what became of it. */
export function stepLines(
  steps: readonly { readonly title: string; readonly command: string; readonly status?: string }[],
): string {
  const rows = steps.map(({ title, command, status = 'not run' }, index) => {
    const end = status === 'not run' ? command : status;
    return `${index + 1}. ${title}${end === '' ? '' : `: ${end}`}`;
  });
  const between = rows.length - shown.first - shown.last;
  if (between <= 1) return lines(...rows);
  return lines(...rows.slice(0, shown.first), `… ${between} more steps like these`, ...rows.slice(-shown.last));
}
