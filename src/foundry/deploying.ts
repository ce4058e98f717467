import { FoundryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import type { Plan, Step } from '../providers/provider.ts';
import type { Role } from '../providers/spec.ts';
import { checkApproval } from './approving.ts';
import { recordEvent } from './audit-events.ts';
import { carryOut, type TellProgress } from './carrying-out.ts';
import { describeDeployment } from './deployment.ts';
import type { Difference } from './differences.ts';
import { fitsLater } from './fit/fit.ts';
import { type DeploymentPlan, planDeployment } from './planning.ts';
import { snapshotOfNew } from './reading.ts';
import { nextSteps, type Outcome, outcomeOf } from './settling.ts';
import type { Site } from './site.ts';
import type { RequestedSpec } from './specification.ts';

export interface DeployOptions {
  readonly replace: boolean;
  /** Wait until it is Running or Failed. */
  readonly wait: boolean;
  readonly caller: string;
  readonly approved: string | undefined;
  readonly progress: TellProgress;
}

export interface Deployed extends Outcome {
  readonly change: 'created' | 'updated' | 'unchanged';
  /** What an update changed, and the roles whose pods it replaces. */
  readonly differences: readonly Difference[];
  readonly restarts: readonly Role[];
}

/**
 * Deploys a model, or changes a deployment into what is asked. Of several at once, each finds what those before it made.
 *
 * @throws FoundryError the first reason that speaks against it, before anything is created
 */
export async function deployModel(
  site: Site,
  spec: RequestedSpec,
  options: DeployOptions,
  signal: AbortSignal,
): Promise<Deployed> {
  const { planned, written } = await planAndWrite(site, spec, options, signal);
  const { name, namespace } = planned.spec;
  const ref = { name, namespace, runtime: planned.provider.id };
  const change = changed(planned.change);
  const { differences, restarts } = planned;
  const made = { change, differences, restarts };
  const warnings = [...planned.warnings, ...noRoom(planned)];
  if (change === 'created' && !options.wait && written) {
    const snapshot = snapshotOfNew(planned.provider, written, site.now());
    if (snapshot) {
      const deployment = describeDeployment(planned.provider, snapshot);
      return { ...made, deployment, warnings, nextSteps: nextSteps(deployment) };
    }
  }
  const { wait, progress } = options;
  // Whoever waits for what may never come is told now, not at the end.
  if (wait) for (const warning of warnings) progress({ message: warning });
  const told = `${planned.provider.kind} ${namespace}/${name} is ${change} and goes on without us.`;
  const outcome = await outcomeOf(site, ref, { wait, progress, told }, signal);
  return { ...outcome, ...made, warnings: [...warnings, ...outcome.warnings] };
}

/** So often it is planned anew because the object changed between plan and write: operators write status. */
const mostPlans = 5;

async function planAndWrite(
  site: Site,
  spec: RequestedSpec,
  options: DeployOptions,
  signal: AbortSignal,
  plansLeft = mostPlans,
): Promise<{ readonly planned: DeploymentPlan; readonly written?: KubernetesObject }> {
  const planned = await planDeployment(site, spec, { replace: options.replace }, signal);
  const [refusal] = planned.refusals;
  if (refusal) throw refusal;
  if (planned.change === 'unchanged') return { planned };
  checkApproval(planned.plan, options.approved);
  try {
    return { planned, written: await write(site, planned, options, signal) };
  } catch (error) {
    const again = error instanceof FoundryError && error.details.changedMeanwhile === true && plansLeft > 1;
    if (!again) throw error;
    return planAndWrite(site, spec, options, signal, plansLeft - 1);
  }
}

/** Deploying goes on: it waits until there is room. Said once, as the provider may have found the same. */
const noRoom = ({ fit, problems }: DeploymentPlan): readonly string[] =>
  fit?.fits !== false || problems.some(({ code }) => code === 'NO_CAPACITY')
    ? []
    : [
        `It does not fit${fitsLater(fit) ? ' now' : ''}: ${fit.why}.${fit.alternatives.length > 0 ? ` Instead: ${fit.alternatives.join('; ')}.` : ''}`,
      ];

const changed = (change: DeploymentPlan['change']): Deployed['change'] =>
  change === 'create' ? 'created' : change === 'update' ? 'updated' : 'unchanged';

/** The plan, carried out only on the object on which it was made. */
function bound({ plan, provider, onlyIf }: DeploymentPlan): Plan {
  const isPrimary = (step: Step) => step.kind === 'apply' && step.object.kind === provider.kind;
  return { ...plan, steps: plan.steps.map((step) => (isPrimary(step) ? { ...step, onlyIf } : step)) };
}

/** Gives the primary as the server made it. */
async function write(
  site: Site,
  planned: DeploymentPlan,
  { caller, progress }: DeployOptions,
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  const tried = planned.dryRun.accepted === true;
  const { applied } = await carryOut(site, bound(planned), { caller, progress, tried }, signal);
  const created = planned.change === 'create';
  const { model } = planned.spec;
  const told = created
    ? { reason: 'Deployed', action: `Deployed ${model}` }
    : { reason: 'Updated', action: `Updated ${model}` };
  await Promise.all(
    applied.map((object) => {
      const { apiVersion, kind, metadata } = object;
      const { name, namespace, uid } = metadata;
      const words = kind === 'Namespace' ? { reason: 'Created', action: `Created for ${model}` } : told;
      return recordEvent(site, { object: { apiVersion, kind, name, namespace, uid }, ...words, caller });
    }),
  );
  return applied.at(-1);
}
