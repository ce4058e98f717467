import type { Role } from '../providers/spec.ts';
import { recordEvent } from './audit-events.ts';
import { carryOut, checkApproval, type TellProgress } from './carrying-out.ts';
import type { Difference } from './differences.ts';
import { type DeploymentPlan, planDeployment } from './planning.ts';
import { type Outcome, outcomeOf } from './settling.ts';
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
  if (change !== 'unchanged') {
    checkApproval(planned.plan, options.approved);
    await write(site, planned, options, signal);
  }
  const { wait, progress } = options;
  const told = `${planned.provider.kind} ${namespace}/${name} is ${change} and goes on without us.`;
  const outcome = await outcomeOf(site, ref, { wait, progress, told }, signal);
  const { differences, restarts } = planned;
  return { ...outcome, change, differences, restarts, warnings: [...planned.warnings, ...outcome.warnings] };
}

const changed = (change: DeploymentPlan['change']): Deployed['change'] =>
  change === 'create' ? 'created' : change === 'update' ? 'updated' : 'unchanged';

async function write(site: Site, planned: DeploymentPlan, options: DeployOptions, signal: AbortSignal): Promise<void> {
  const tried = planned.dryRun.accepted === true;
  const { applied } = await carryOut(site, planned.plan, { progress: options.progress, tried }, signal);
  const primary = applied.at(-1);
  if (!primary) return;
  const { apiVersion, kind, metadata } = primary;
  const { name, namespace, uid } = metadata;
  const created = planned.change === 'create';
  await recordEvent(
    site,
    {
      object: { apiVersion, kind, name, namespace, uid },
      reason: created ? 'Deployed' : 'Updated',
      action: `${created ? 'Deployed' : 'Updated'} ${planned.spec.model}`,
      caller: options.caller,
    },
    signal,
  );
}
