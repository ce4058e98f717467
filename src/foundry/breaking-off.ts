import { FoundryError } from '../errors.ts';
import type { Plan, Step } from '../providers/provider.ts';
import { outcomes } from './step-outcomes.ts';

/** A call that was cancelled once something was sent. */
export const cancelled = new FoundryError(
  'DECLINED',
  'It was cancelled.',
  'Call again to go on from here: what is done already is not repeated.',
  { begun: true },
);

/** A call that was cancelled before. */
export const forgone = new FoundryError(
  'DECLINED',
  'It was cancelled before anything was changed.',
  'Call again when it is wanted.',
);

/**
 * What follows once the cluster is changed. A call that is cancelled there has not undone anything, and says so.
 *
 * @throws FoundryError DECLINED with `told` (a sentence) and `details.begun` when the signal aborted; what `work` throws else
 */
export async function afterChange<T>(
  { told, hint }: { readonly told: string; readonly hint: string },
  work: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!signal.aborted || error instanceof FoundryError) throw error;
    throw new FoundryError(
      'DECLINED',
      `Only the waiting was cancelled: ${told}`,
      hint,
      { begun: true },
      { cause: error },
    );
  }
}

/** A failure of helm with what to look at first; any other as it is. */
export function advised(error: FoundryError, helmAdvice = ''): FoundryError {
  const { code, message, hint, details } = error;
  if (code !== 'HELM_FAILED' || helmAdvice === '') return error;
  return new FoundryError(code, message, `${helmAdvice} ${hint}`, details, { cause: error });
}

/** The failure of the step after `done` others, with what was done before it, what is left, and how it is done by hand. */
export function brokenOff(
  { plan, done }: { readonly plan: Plan; readonly done: number },
  error: FoundryError,
): FoundryError {
  const { code, message, hint } = error;
  const steps = outcomes(plan, done, 'failed');
  const details = { ...error.details, steps };
  const [failed, ...left] = plan.steps.slice(done);
  if (steps.length === 1 || !failed || error === forgone) {
    const what =
      error === cancelled && failed ? `Cancelled, so that this may be done or not: ${failed.title}.` : message;
    return new FoundryError(code, what, hint, details, { cause: error });
  }
  const before = plan.steps.slice(0, done).filter(({ kind }) => kind !== 'check');
  const at = `${done + 1} of ${steps.length} (${failed.title})`;
  const words = [
    error === cancelled ? `Cancelled at step ${at}.` : `Step ${at} failed: ${message}`,
    before.length === 0 ? 'Nothing was done before it.' : `Done before it: ${titles(before)}.`,
    ...(left.length === 0 ? [] : [`Left: ${titles(left)}.`]),
  ];
  const byHand =
    failed.kind === 'helm' || failed.kind === 'applyCrds'
      ? ` By hand: ${[failed, ...left].map(({ command }) => command).join(' && ')}`
      : '';
  return new FoundryError(code, words.join(' '), `${hint}${byHand}`, details, { cause: error });
}

/** Steps that an error lists before it counts the rest. */
const listedSteps = 8;

const titles = (steps: readonly Step[]): string =>
  steps
    .slice(0, listedSteps)
    .map(({ title }) => title)
    .join('; ') + (steps.length > listedSteps ? ` and ${steps.length - listedSteps} more steps` : '');
