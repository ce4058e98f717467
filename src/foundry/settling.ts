import { afterChange } from './breaking-off.ts';
import type { TellProgress } from './carrying-out.ts';
import type { Deployment } from './deployment.ts';
import { diagnoseCall, isTroubled } from './diagnosis/next-step.ts';
import { findDeployment } from './lookup.ts';
import type { Site } from './site.ts';
import type { RuntimeId } from './spec.ts';
import { waitUntilSettled } from './waiting.ts';

/** Milliseconds to wait for a model to serve: large ones load for minutes. */
const settleDeadline = 20 * 60_000;

export interface Outcome {
  readonly deployment: Deployment;
  readonly warnings: readonly string[];
  readonly nextSteps: readonly string[];
}

export interface SettleOptions {
  /** Wait until it is Running, Failed or Suspended. */
  readonly wait: boolean;
  readonly progress: TellProgress;
  /** What was done, as a sentence for a call that is cancelled while it waits. */
  readonly told: string;
}

/** What became of a deployment that was written. */
export async function outcomeOf(
  site: Site,
  ref: { readonly name: string; readonly namespace: string; readonly runtime: RuntimeId },
  { wait, progress, told }: SettleOptions,
  signal: AbortSignal,
): Promise<Outcome> {
  return afterChange(
    { told, hint: `See how it does: ${lookAt(ref)}` },
    async () => {
      const tell = (message: string) => progress({ message });
      const settled = wait
        ? await waitUntilSettled(site, ref, { deadline: settleDeadline, progress: tell }, signal)
        : undefined;
      const deployment = settled ?? (await findDeployment(site, ref, signal)).deployment;
      const warnings = wait && !settled ? ['It has neither become Running nor failed while we waited.'] : [];
      return { deployment, warnings, nextSteps: nextSteps(deployment) };
    },
    signal,
  );
}

const lookAt = ({ name, namespace }: { readonly name: string; readonly namespace: string }): string =>
  `get_deployment ${JSON.stringify({ name, namespace })}`;

/** What to call next, each ready to be made. */
export function nextSteps(deployment: Deployment): readonly string[] {
  const { name, namespace, phase, endpoint, stale, replicas } = deployment;
  if (isTroubled(deployment)) return [`${diagnoseCall(deployment)} says why, and what to do`];
  // Asked for again already where its operator has not seen that yet.
  if (phase === 'Suspended' && !stale && !replicas.desired)
    return [`scale_deployment ${JSON.stringify({ name, namespace, replicas: 1 })} starts it again`];
  if (phase !== 'Running' || !endpoint)
    return [`${lookAt({ name, namespace })} tells when it serves, or why it does not`];
  const path = `/api/v1/namespaces/${endpoint.namespace}/services/${endpoint.service}:${endpoint.port}/proxy/v1`;
  return [
    `query_deployment ${JSON.stringify({ name, namespace })} proves that it answers`,
    `kubectl proxy --port 8001, then the OpenAI API is at http://localhost:8001${path}`,
  ];
}
