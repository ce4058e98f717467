import type { KubernetesObject } from '../kubernetes.ts';
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
 * Deploys a model, or changes a deployment into what is asked.
 *
 * @throws FoundryError the first reason that speaks against it, before anything is created
 */
export async function deployModel(
  site: Site,
  spec: RequestedSpec,
  options: DeployOptions,
  signal: AbortSignal,
): Promise<Deployed> {
  const planned = await planDeployment(site, spec, { replace: options.replace }, signal);
  const [refusal] = planned.refusals;
  if (refusal) throw refusal;
  const { name, namespace } = planned.spec;
  const ref = { name, namespace, runtime: planned.provider.id };
  const change = changed(planned.change);
  const { differences, restarts } = planned;
  const made = { change, differences, restarts };
  if (change !== 'unchanged') checkApproval(planned.plan, options.approved);
  const written = change === 'unchanged' ? undefined : await write(site, planned, options, signal);
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

/** Deploying goes on: it waits until there is room. Said once, as the provider may have found the same. */
const noRoom = ({ fit, problems }: DeploymentPlan): readonly string[] =>
  fit?.fits !== false || problems.some(({ code }) => code === 'NO_CAPACITY')
    ? []
    : [
        `It does not fit${fitsLater(fit) ? ' now' : ''}: ${fit.why}.${fit.alternatives.length > 0 ? ` Instead: ${fit.alternatives.join('; ')}.` : ''}`,
      ];

const changed = (change: DeploymentPlan['change']): Deployed['change'] =>
  change === 'create' ? 'created' : change === 'update' ? 'updated' : 'unchanged';

/** Gives the primary as the server made it. */
async function write(
  site: Site,
  planned: DeploymentPlan,
  { caller, progress }: DeployOptions,
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  const tried = planned.dryRun.accepted === true;
  const { applied } = await carryOut(site, planned.plan, { caller, progress, tried }, signal);
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
