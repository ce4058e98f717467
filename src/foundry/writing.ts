import { FoundryError } from '../errors.ts';
import { type KubernetesObject, referenceTo } from '../kubernetes.ts';
import type { Plan, Step } from '../providers/provider.ts';
import { checkApproval } from './approving.ts';
import { recordEvent } from './audit-events.ts';
import { find } from './awaiting.ts';
import { carryOut, type TellProgress } from './carrying-out.ts';
import { type DeploymentPlan, planDeployment } from './planning.ts';
import type { Site } from './site.ts';
import type { RequestedSpec } from './specification.ts';

export interface WriteOptions {
  readonly replace: boolean;
  readonly caller: string;
  readonly approved: string | undefined;
  readonly progress: TellProgress;
}

interface Attempt {
  /** Whether a plan before was begun. */
  readonly isBegun: boolean;
  /** So often more it is planned anew when the object changed between plan and write: operators write status. */
  readonly plansLeft: number;
  /** The plan before, where the answer to its write was lost. */
  readonly unanswered?: DeploymentPlan;
}

/**
 * Plans a deployment and writes it, each anew while it changes in between: what is written is what was planned on.
 * Gives the primary as the server made it, nothing where nothing is to be changed.
 *
 * @throws FoundryError the first reason that speaks against it, before anything is created
 */
export async function planAndWrite(
  site: Site,
  spec: RequestedSpec,
  options: WriteOptions,
  signal: AbortSignal,
  { isBegun, plansLeft, unanswered }: Attempt = { isBegun: false, plansLeft: 4 },
): Promise<{ readonly planned: DeploymentPlan; readonly written?: KubernetesObject }> {
  const planned = await planDeployment(site, spec, { replace: options.replace }, signal);
  const [refusal] = planned.refusals;
  if (refusal) throw refusal;
  if (planned.change === 'unchanged') return unanswered ? isWritten(site, unanswered, options, signal) : { planned };
  checkApproval(planned.plan, options.approved, isBegun ? 'the deployment was not written' : undefined);
  try {
    return { planned, written: await write(site, planned, options, signal) };
  } catch (error) {
    const again = error instanceof FoundryError && error.details.changedMeanwhile === true && plansLeft > 0;
    if (!again) throw error;
    const isLost = error.details.isAnswerLost === true;
    const next = { isBegun: true, plansLeft: plansLeft - 1, unanswered: isLost ? planned : unanswered };
    return planAndWrite(site, spec, options, signal, next);
  }
}

/** What is as it was asked for, after a write whose answer was lost, was written by it. */
async function isWritten(site: Site, planned: DeploymentPlan, { caller }: WriteOptions, signal: AbortSignal) {
  const [step] = planned.plan.steps.filter(isPrimary(planned));
  const written = step?.kind === 'apply' ? await find(site, referenceTo(step.object), signal) : undefined;
  if (written) await record(site, planned, [written], caller);
  return { planned, written };
}

const isPrimary =
  ({ provider }: DeploymentPlan) =>
  (step: Step): boolean =>
    step.kind === 'apply' && step.object.kind === provider.kind;

/** The plan, carried out only on the object on which it was made. */
const bound = (planned: DeploymentPlan): Plan => ({
  ...planned.plan,
  steps: planned.plan.steps.map((step) => (isPrimary(planned)(step) ? { ...step, onlyIf: planned.onlyIf } : step)),
});

async function write(
  site: Site,
  planned: DeploymentPlan,
  { caller, progress }: WriteOptions,
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  const tried = planned.dryRun.accepted === true;
  const { applied } = await carryOut(site, bound(planned), { caller, progress, tried }, signal);
  await record(site, planned, applied, caller);
  return applied.at(-1);
}

/** Events on what was written tell who did it. */
async function record(
  site: Site,
  { change, spec: { model } }: DeploymentPlan,
  objects: readonly KubernetesObject[],
  caller: string,
): Promise<void> {
  const told =
    change === 'create'
      ? { reason: 'Deployed', action: `Deployed ${model}` }
      : { reason: 'Updated', action: `Updated ${model}` };
  await Promise.all(
    objects.map((object) => {
      const { apiVersion, kind, metadata } = object;
      const { name, namespace, uid } = metadata;
      const words = kind === 'Namespace' ? { reason: 'Created', action: `Created for ${model}` } : told;
      return recordEvent(site, { object: { apiVersion, kind, name, namespace, uid }, ...words, caller });
    }),
  );
}
