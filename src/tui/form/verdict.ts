import { type Check, fieldOfPath } from './check.ts';
import type { Stop } from './draft.ts';
import { type Form, runtimeStop } from './form.ts';

/** Whether the form can be sent off, in one sentence. */
export interface Verdict {
  readonly canDeploy: boolean;
  readonly text: string;
  /** It waits for nothing but the runtime's installation. */
  readonly needsInstallation: boolean;
  /** Where it can be mended. */
  readonly at?: Stop;
}

const no = (text: string, at: Stop | undefined, needsInstallation = false): Verdict => ({
  canDeploy: false,
  text,
  needsInstallation,
  ...(at !== undefined && { at }),
});

/** Nothing of the form itself speaks against it. */
export const refused = (text: string): Verdict => no(text, undefined);

/** Deploying checks everything once more, so what is not checked yet may go; what is known to be refused may not. */
export function verdictOf(form: Form, { state, problems, planned }: Check): Verdict {
  const { input, isReplacing, runtime, runtimes, fields, stops } = form;
  const [first] = runtimes.map(({ offer }) => runtimeStop(offer));
  if (!runtime) return no('Choose a runtime first.', first);
  const { title, defaultNamespace } = runtime.offer;
  if (runtime.status?.installed === false) return no(`${title} is not installed.`, undefined, true);
  const empty = fields.find(({ field, text }) => field.required && text.trim() === '');
  if (empty) return no(`${empty.field.label} is missing.`, empty.field.id);
  const [problem] = problems;
  if (state === 'done' && problem) {
    return no(
      problem.message,
      stops.find((stop) => stop === fieldOfPath(problem.path ?? '')),
    );
  }
  if (isReplacing && state === 'done' && planned?.change === 'unchanged') return no('Nothing would change.', undefined);
  const where = typeof input.namespace === 'string' ? input.namespace : defaultNamespace;
  return { canDeploy: true, text: `${String(input.name)} on ${title} in ${where}`, needsInstallation: false };
}
