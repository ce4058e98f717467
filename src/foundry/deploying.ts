import type { Role } from '../providers/spec.ts';
import { describeDeployment } from './deployment.ts';
import type { Difference } from './differences.ts';
import { fitsLater } from './fit/fit.ts';
import type { DeploymentPlan } from './planning.ts';
import { snapshotOfNew } from './reading.ts';
import { nextSteps, type Outcome, outcomeOf } from './settling.ts';
import type { Site } from './site.ts';
import type { RequestedSpec } from './specification.ts';
import { planAndWrite, type WriteOptions } from './writing.ts';

export interface DeployOptions extends WriteOptions {
  /** Wait until it is Running or Failed. */
  readonly wait: boolean;
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

/** Deploying goes on: it waits until there is room. Said once, as the provider may have found the same. */
const noRoom = ({ fit, problems }: DeploymentPlan): readonly string[] =>
  fit?.fits !== false || problems.some(({ code }) => code === 'NO_CAPACITY')
    ? []
    : [
        `It does not fit${fitsLater(fit) ? ' now' : ''}: ${fit.why}.${fit.alternatives.length > 0 ? ` Instead: ${fit.alternatives.join('; ')}.` : ''}`,
      ];

const changed = (change: DeploymentPlan['change']): Deployed['change'] =>
  change === 'create' ? 'created' : change === 'update' ? 'updated' : 'unchanged';
