import * as z from 'zod';
import { FoundryError } from '../errors.ts';
import { groupOf, type KubernetesObject, type ObjectReference } from '../kubernetes.ts';
import type { Plan, Step } from '../providers/provider.ts';
import { recordEvent } from './audit-events.ts';
import { awaitCrds, awaitEnd, awaitNoCrds, awaitOperator } from './awaiting.ts';
import { approvalOf } from './digest.ts';
import { tellingPods } from './pod-words.ts';
import type { Site } from './site.ts';

/** A step as it was carried out. */
export const stepOutcome = z.object({
  title: z.string(),
  command: z.string(),
  /** `ok`: a check that was passed. */
  status: z.enum(['done', 'ok', 'failed', 'not run']),
});
export type StepOutcome = z.output<typeof stepOutcome>;

export type TellProgress = (progress: {
  readonly message: string;
  /** Steps; absent while it is waited for what nobody can count. */
  readonly done?: number;
  readonly total?: number;
}) => void;

export interface CarryOutOptions {
  readonly caller: string;
  readonly progress: TellProgress;
  /** The server has just accepted all that is applied in a dry-run; else each object has its own before it. */
  readonly tried?: boolean;
  /** What to look at first where helm fails. */
  readonly helmAdvice?: string;
}

/** What stands for a human's approval where a human had to be asked and nothing was to be done: it approves no plan. */
export const nothingApproved = 'nothing';

/** @throws FoundryError CONFLICT when a human approved another plan than this one */
export function checkApproval(plan: Plan, approved: string | undefined): void {
  if (approved === undefined || approved === approvalOf(plan)) return;
  throw new FoundryError(
    'CONFLICT',
    'The cluster changed since the plan was approved; nothing was done.',
    'Call again: the new plan will be shown.',
  );
}

/** @throws FoundryError READ_ONLY saying what would have been done */
export function checkWritable(site: Site, plan: Plan): void {
  if (!site.cluster.readOnly) return;
  throw new FoundryError(
    'READ_ONLY',
    `Not done, this is read-only mode: ${plan.summary}`,
    'Start kubefoundry without --read-only to change the cluster.',
  );
}

/**
 * Carries out the steps one by one, each after the one before.
 *
 * @throws the FoundryError of the step that failed, saying which, what is done and what is left; DECLINED when the call was
 * cancelled, with `details.begun` once something was sent. `details.steps` tells the same as data
 */
export async function carryOut(
  site: Site,
  plan: Plan,
  options: CarryOutOptions,
  signal: AbortSignal,
): Promise<{ readonly steps: readonly StepOutcome[]; readonly applied: readonly KubernetesObject[] }> {
  const { caller, progress, tried = false, helmAdvice } = options;
  const applied: KubernetesObject[] = [];
  const total = plan.steps.length;
  if (total > 0) checkWritable(site, plan);
  let begun = false;
  const begin = () => {
    begun = true;
  };
  for (const [done, step] of plan.steps.entries()) {
    const say = (message: string) => progress({ message: `${step.title}: ${message}`, done, total });
    try {
      signal.throwIfAborted();
      if (step.kind !== 'check') progress({ message: step.title, done, total });
      const object = await carryOutStep(site, step, { caller, say, tried, begin }, signal);
      if (object) applied.push(object);
    } catch (error) {
      const reason: unknown = signal.aborted ? signal.reason : error;
      if (reason instanceof FoundryError) throw brokenOff(plan, done, advised(reason, helmAdvice));
      throw signal.aborted ? brokenOff(plan, done, begun ? cancelled : forgone) : error;
    }
  }
  progress({ message: 'done', done: total, total });
  return { steps: outcomes(plan, total, 'done'), applied };
}

const cancelled = new FoundryError(
  'DECLINED',
  'It was cancelled.',
  'Call again to go on from here: what is done already is not repeated.',
  { begun: true },
);

const forgone = new FoundryError(
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

function advised(error: FoundryError, helmAdvice = ''): FoundryError {
  const { code, message, hint, details } = error;
  if (code !== 'HELM_FAILED' || helmAdvice === '') return error;
  return new FoundryError(code, message, `${helmAdvice} ${hint}`, details, { cause: error });
}

/** The failure of one step, with what was done before it and what is left. */
function brokenOff(plan: Plan, done: number, error: FoundryError): FoundryError {
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

/** The steps of a plan, with those before `reached` done. What was checked was checked while planning. */
export const outcomes = (plan: Plan, reached: number, then: StepOutcome['status']): StepOutcome[] =>
  plan.steps.map((step, index) => ({
    title: step.title,
    command: step.command,
    status:
      step.kind === 'check'
        ? checkOutcome(step.passed)
        : index < reached
          ? 'done'
          : index === reached
            ? then
            : 'not run',
  }));

const checkOutcome = (passed: boolean | null): StepOutcome['status'] =>
  passed === null ? 'not run' : passed ? 'ok' : 'failed';

async function carryOutStep(
  site: Site,
  step: Step,
  {
    caller,
    say,
    tried,
    begin,
  }: Pick<Required<CarryOutOptions>, 'caller' | 'tried'> & {
    readonly say: (message: string) => void;
    /** Called before the first request that changes something. */
    readonly begin: () => void;
  },
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  const { cluster } = site;
  switch (step.kind) {
    case 'apply':
      if (!tried) await cluster.apply(step.object, { dryRun: true, signal });
      begin();
      return cluster.apply(step.object, { signal });
    case 'patch': {
      const { target, operations } = step;
      if (!tried) await cluster.patch(nameOf(target), target, operations, { dryRun: true, signal });
      begin();
      return cluster.patch(nameOf(target), target, operations, { signal });
    }
    case 'delete': {
      const { target, propagation } = step;
      const { uid, kind, name } = target;
      begin();
      const was = await cluster.delete(nameOf(target), target, { uid, propagation, signal });
      if (was)
        await recordEvent(site, { object: target, reason: 'Deleted', action: `Deleted ${kind} ${name}`, caller });
      return undefined;
    }
    case 'helm':
      begin();
      await tellingPods(site, step.namespace, { say, signal }, () =>
        site.installer.carryOut(step, cluster, say, signal),
      );
      return undefined;
    case 'applyCrds':
      begin();
      await site.installer.carryOut(step, cluster, say, signal);
      return undefined;
    case 'deleteCrds':
      begin();
      await site.installer.carryOut(step, cluster, say, signal);
      await awaitNoCrds(site, step.names, { say, signal });
      return undefined;
    case 'waitCrds':
      await awaitCrds(site, step.names, { say, signal });
      return undefined;
    case 'waitOperator':
      await awaitOperator(site, step, { say, signal });
      return undefined;
    case 'waitGone':
      for (const target of [step.target, ...step.parts]) await awaitEnd(site, target, { say, signal });
      return undefined;
    case 'check':
      // Judged when the plan was made: what must not be is a blocker, the rest a warning.
      return undefined;
  }
}

export const nameOf = ({ apiVersion, kind }: ObjectReference) => ({
  group: groupOf(apiVersion),
  kind,
  version: apiVersion.slice(apiVersion.indexOf('/') + 1),
});
