import type { Check } from './check.ts';
import type { Form } from './form.ts';

/** Whether the form can be sent off, in one sentence. */
export interface Verdict {
  readonly canDeploy: boolean;
  readonly text: string;
  /** It waits for nothing but the runtime's installation. */
  readonly needsInstallation: boolean;
}

const no = (text: string, needsInstallation = false): Verdict => ({ canDeploy: false, text, needsInstallation });

/** Deploying checks everything once more, so what is not checked yet may go; what is known to be refused may not. */
export function verdictOf({ input, runtime, fields }: Form, { state, problems }: Check): Verdict {
  if (!runtime) return no('Choose a runtime first.');
  const { title, defaultNamespace } = runtime.offer;
  if (runtime.status?.installed === false) return no(`${title} is not installed.`, true);
  const empty = fields.find(({ field, text }) => field.required && text.trim() === '');
  if (empty) return no(`${empty.field.label} is missing.`);
  const [problem] = problems;
  if (state === 'done' && problem) return no(problem.message);
  const where = typeof input.namespace === 'string' ? input.namespace : defaultNamespace;
  return { canDeploy: true, text: `${String(input.name)} on ${title} in ${where}`, needsInstallation: false };
}
