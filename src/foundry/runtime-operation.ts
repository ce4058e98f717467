import * as z from 'zod';
import { FoundryError } from '../errors.ts';
import type { Plan, Provider } from '../providers/provider.ts';
import { checkApproval, nothingApproved } from './approving.ts';
import { carryOut, type TellProgress } from './carrying-out.ts';
import { helmAdvice } from './helm-advice.ts';
import { whileHolding } from './hold.ts';
import type { Unusable } from './installer.ts';
import { recordOperation } from './operation-events.ts';
import { changes, type Preflight } from './preflight.ts';
import { type RuntimeStatus, readRuntimesStatus } from './runtimes.ts';
import type { Site } from './site.ts';
import { outcomes, type StepOutcome } from './step-outcomes.ts';

/**
 * How an operation ended: `manual` = the steps are for a human, because nobody here can carry them out, also where only
 * the plan was asked for; `refused` = only the plan was asked for, and it would be refused.
 */
export const operationOutcome = z.enum(['done', 'nothing to do', 'planned', 'refused', 'manual']);

/** Installing or uninstalling one runtime. */
export interface Operation {
  readonly provider: Provider;
  readonly planOnly: boolean;
  plan(site: Site, signal: AbortSignal): Promise<Preflight>;
}

export interface OperationOptions {
  readonly caller: string;
  readonly approved: string | undefined;
  readonly progress: TellProgress;
}

export interface Operated {
  readonly outcome: z.output<typeof operationOutcome>;
  readonly plan: Plan;
  readonly steps: readonly StepOutcome[];
  /** Why it was not carried out, and what to do about it. */
  readonly reason?: string;
  /** The error that this is where a plan is carried out. */
  readonly code?: Preflight['refusal'] | Unusable['code'];
  readonly status: RuntimeStatus;
}

/** What a human would be asked to approve; undefined where nothing would be carried out. */
export async function operationToApprove(
  site: Site,
  operation: Operation,
  signal: AbortSignal,
): Promise<Plan | undefined> {
  if (operation.planOnly) return undefined;
  const { plan, missing } = await operation.plan(site, signal);
  return missing || !changes(plan) || plan.blockers.length > 0 ? undefined : plan;
}

/**
 * Carries the operation out, alone in the whole cluster, if a human approved just this plan.
 *
 * @throws FoundryError NOT_SUPPORTED or FORBIDDEN when something stands against the plan, CONFLICT while somebody else
 * is, or may be, at it or when the cluster changed since the approval, HELM_FAILED, TIMEOUT and the like of the step that failed
 */
export async function operate(
  site: Site,
  operation: Operation,
  options: OperationOptions,
  signal: AbortSignal,
): Promise<Operated> {
  const { provider } = operation;
  const { approved, progress, caller } = options;
  const claim = {
    runtime: provider.id,
    caller,
    progress: (message: string) => progress({ message, done: 0, total: 0 }),
  };
  // Nobody was asked where nothing was to be carried out.
  if (operation.planOnly || approved === undefined || approved === nothingApproved) {
    const planned = await operation.plan(site, signal);
    // Whoever works on the release is named by their Lease, if they have one.
    if (planned.refusal === 'CONFLICT' && !operation.planOnly) await whileHolding(site, claim, signal, async () => {});
    const answer = await withoutCarryingOut(site, operation, planned, signal);
    if (answer) return answer;
    throw changedSince('it was looked at');
  }
  return whileHolding(site, claim, signal, async (held) => {
    const planned = await operation.plan(site, held);
    const answer = await withoutCarryingOut(site, operation, planned, held);
    if (answer) return answer;
    checkApproval(planned.plan, approved);
    const { plan } = planned;
    const { steps } = await carryOut(
      site,
      plan,
      { caller, progress, helmAdvice: (words) => helmAdvice(site, provider, plan, words) },
      held,
    );
    const status = await statusOf(site, provider, held);
    await recordOperation(site, { plan, status, caller });
    return { outcome: 'done', plan, steps, status };
  });
}

const changedSince = (when: string): FoundryError =>
  new FoundryError('CONFLICT', `The cluster changed since ${when}; nothing was done.`, 'Call again.');

/** The answer where nothing is to be carried out; undefined where something is. */
async function withoutCarryingOut(
  site: Site,
  { provider, planOnly }: Operation,
  { plan, missing, refusal }: Preflight,
  signal: AbortSignal,
): Promise<Operated | undefined> {
  const answer = async (
    outcome: Operated['outcome'],
    why: Pick<Operated, 'code' | 'reason'> = {},
  ): Promise<Operated> => ({
    outcome,
    plan,
    steps: outcomes(plan, 0, 'not run'),
    ...why,
    status: await statusOf(site, provider, signal),
  });
  if (!changes(plan) && plan.blockers.length === 0) return answer('nothing to do');
  const isBlocked = plan.blockers.length > 0;
  if (isBlocked && planOnly) {
    return answer('refused', { code: refusal, reason: [...plan.blockers, plan.hint ?? ''].join(' ').trim() });
  }
  if (isBlocked) {
    const hint = plan.hint ?? 'Call again with planOnly: true to see the plan.';
    throw new FoundryError(refusal, plan.blockers.join(' '), hint, { plan });
  }
  if (missing) return answer('manual', { code: missing.code, reason: `${missing.message} ${missing.hint}` });
  return planOnly ? answer('planned') : undefined;
}

async function statusOf(site: Site, provider: Provider, signal: AbortSignal): Promise<RuntimeStatus> {
  const { runtimes } = await readRuntimesStatus(site, { runtime: provider.id }, signal);
  const [status] = runtimes;
  if (status) return status;
  throw new FoundryError('INTERNAL', `The status of ${provider.title} is missing.`, 'Report this as a bug.');
}
