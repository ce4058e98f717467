import type { KubernetesObject } from '../kubernetes.ts';
import { recordEvent } from './audit-events.ts';
import { afterChange, carryOut, checkApproval, type TellProgress } from './carrying-out.ts';
import { type Deployment, describeDeployment } from './deployment.ts';
import { findDeployment } from './lookup.ts';
import { type DeploymentPlan, planDeployment } from './planning.ts';
import { snapshotOfNew } from './reading.ts';
import type { Site } from './site.ts';
import type { RequestedSpec } from './specification.ts';
import { waitUntilSettled } from './waiting.ts';

/** Milliseconds to wait for a model to serve: large ones load for minutes. */
const settleDeadline = 20 * 60_000;

export interface DeployOptions {
  readonly replace: boolean;
  /** Wait until it is Running or Failed. */
  readonly wait: boolean;
  readonly caller: string;
  readonly approved: string | undefined;
  readonly progress: TellProgress;
}

export interface Deployed {
  readonly change: 'created' | 'updated' | 'unchanged';
  readonly deployment: Deployment;
  readonly warnings: readonly string[];
  readonly nextSteps: readonly string[];
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
  const warnings = [...planned.warnings, ...noRoom(planned)];
  const change = changed(planned.change);
  if (change !== 'unchanged') checkApproval(planned.plan, options.approved);
  const written = change === 'unchanged' ? undefined : await write(site, planned, options, signal);
  if (change === 'created' && !options.wait && written) {
    const snapshot = snapshotOfNew(planned.provider, written, site.now());
    if (snapshot) return answer(change, describeDeployment(planned.provider, snapshot), warnings);
  }
  const told = `${planned.provider.kind} ${namespace}/${name} is ${change} and goes on without us.`;
  return afterChange(
    { told, hint: `See how it does: ${lookAt({ name, namespace })}` },
    async () => {
      if (options.wait) {
        const progress = (message: string) => options.progress({ message, done: 1, total: 1 });
        const { settled } = await waitUntilSettled(site, ref, { deadline: settleDeadline, progress }, signal);
        if (!settled) warnings.push('It has neither become Running nor failed while we waited.');
      }
      const { deployment } = await findDeployment(site, ref, signal);
      return answer(change, deployment, warnings);
    },
    signal,
  );
}

const answer = (change: Deployed['change'], deployment: Deployment, warnings: readonly string[]): Deployed => ({
  change,
  deployment,
  warnings,
  nextSteps: nextSteps(deployment),
});

/** Deploying goes on: it waits until there is room. Said once, as the provider may have found the same. */
const noRoom = ({ fit, problems }: DeploymentPlan): readonly string[] =>
  fit?.fits !== false || problems.some(({ code }) => code === 'NO_CAPACITY')
    ? []
    : [
        `It does not fit now: ${fit.why}.${fit.alternatives.length > 0 ? ` Instead: ${fit.alternatives.join('; ')}.` : ''}`,
      ];

const lookAt = ({ name, namespace }: { readonly name: string; readonly namespace: string }): string =>
  `get_deployment ${JSON.stringify({ name, namespace })}`;

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

/** What to call next, each ready to be made. */
function nextSteps({ name, namespace, phase, endpoint }: Deployment): readonly string[] {
  if (phase !== 'Running' || !endpoint)
    return [`${lookAt({ name, namespace })} tells when it serves, or why it does not`];
  const path = `/api/v1/namespaces/${endpoint.namespace}/services/${endpoint.service}:${endpoint.port}/proxy/v1`;
  return [`kubectl proxy --port 8001, then the OpenAI API is at http://localhost:8001${path}`];
}
