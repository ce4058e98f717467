import { wrap } from '../text/cells.ts';
import { type Line, line, span, type Tone } from '../text/line.ts';
import { changeRows } from './change-rows.ts';
import { fieldOfPath } from './check.ts';
import { fitRows } from './fit-rows.ts';
import { labelSpans, labelWidth, type View } from './label.ts';

/** What is wrong with a field, below it. What is only not written yet is no reproach. */
export function problemLines(id: string, { form, check, width }: View): readonly Line[] {
  if (form.fields.some(({ field, text }) => field.id === id && field.required && text === '')) return [];
  return check.problems
    .filter(({ code, path }) => path !== undefined && fieldOfPath(path) === id && !saidAlready.includes(code))
    .flatMap(({ message, hint }) =>
      wrap(`! ${message} ${hint}`, Math.min(100, width - labelWidth - 1)).map((row) =>
        line(' '.repeat(labelWidth), span(row, 'bad')),
      ),
    );
}

/** By the runtime's badge and warning. */
const saidAlready = ['RUNTIME_NOT_INSTALLED', 'RUNTIME_REQUIRED'];

/** What is no matter of one field: GPUs, the server's word, warnings. */
export function checkLines(view: View): readonly Line[] {
  const { check, draft, form, width } = view;
  const { planned, problems } = check;
  const rows = (label: string, words: string, tone?: Tone) =>
    wrap(words, width - labelWidth - 1).map((row, index) =>
      line(...labelSpans(index === 0 ? label : '', false, view), span(row, tone)),
    );
  const seen = form.fields.filter(({ field }) => !field.advanced || draft.isOpen).map(({ field }) => field.id);
  const known = new Set<string>(seen);
  const general = problems.filter(({ path }) => path === undefined || !known.has(fieldOfPath(path)));
  const fit = planned?.fit;
  return [
    ...(planned ? rows('Dry run', planned.dryRun.message, dryRunTone(planned.dryRun.accepted)) : []),
    // What is refused was not compared with what is there.
    ...(form.isReplacing && planned && planned.dryRun.accepted !== null
      ? changeRows(planned).flatMap((row) => rows(...row))
      : []),
    ...(fit ? fitRows(fit).flatMap((row) => rows(...row)) : []),
    ...general.flatMap(({ message, hint }) => rows('Problem', `${message} ${hint}`, 'bad')),
    ...(planned?.warnings ?? []).flatMap((words) => rows('! Warning', words, 'warn')),
  ];
}

const dryRunTone = (accepted: boolean | null): Tone => (accepted === null ? 'dim' : accepted ? 'good' : 'bad');
