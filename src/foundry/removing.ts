import { type KubernetesObject, referenceTo } from '../kubernetes.ts';
import { letGo } from '../providers/installation-steps.ts';
import { heldBecause } from '../providers/letting-go.ts';
import type { Plan } from '../providers/provider.ts';
import { checkApproval } from './approving.ts';
import { find } from './awaiting.ts';
import { afterChange } from './breaking-off.ts';
import { carryOut, type TellProgress } from './carrying-out.ts';
import { leftNamespace } from './left-namespace.ts';
import { type DeploymentRef, type Found, findDeployment } from './lookup.ts';
import { requireManaged } from './managed.ts';
import { createReader } from './reading.ts';
import type { Site } from './site.ts';
import { pollUntil } from './waiting.ts';

/** Milliseconds that a deletion is watched before what is left is told. */
const goneDeadline = 5_000;

export interface RemoveOptions {
  /** Also what others made. */
  readonly unmanaged: boolean;
  readonly caller: string;
  readonly approved: string | undefined;
  readonly progress: TellProgress;
}

export interface Removed {
  readonly found: Found;
  /** False = its deletion was asked for, and has not ended yet. */
  readonly isGone: boolean;
  readonly gone: readonly string[];
  readonly terminating: readonly string[];
  readonly warnings: readonly string[];
}

/** @throws FoundryError as findDeployment does, and NOT_MANAGED for what others made unless `unmanaged` */
export async function planRemoval(
  site: Site,
  ref: DeploymentRef,
  options: { readonly unmanaged: boolean },
  signal: AbortSignal,
): Promise<{ readonly found: Found; readonly plan: Plan }> {
  const found = await findDeployment(site, ref, signal);
  requireManaged(found, options.unmanaged);
  const { provider, snapshot, deployment } = found;
  const what = `${deployment.kind} ${deployment.namespace}/${deployment.name}`;
  const serving = deployment.model ? `, which serves ${deployment.model}` : '';
  const warnings = found.problems.map(({ message }) => message);
  const summary = `Delete ${what}${serving} in context ${site.context}.`;
  return { found, plan: { summary, steps: provider.changing.remove(snapshot), warnings, blockers: [] } };
}

/** Deletes a deployment and tells what is gone after some seconds and what still terminates. */
export async function removeDeployment(
  site: Site,
  ref: DeploymentRef,
  options: RemoveOptions,
  signal: AbortSignal,
): Promise<Removed> {
  const { found, plan } = await planRemoval(site, ref, options, signal);
  checkApproval(plan, options.approved);
  const primary = referenceTo(found.snapshot.primary);
  await carryOut(site, plan, options, signal);
  return afterChange(
    {
      told: `The deletion of ${primary.kind} ${primary.namespace}/${primary.name} is accepted and goes on without us.`,
      hint: 'list_deployments tells what is left.',
    },
    () => awaitRemoval(site, found, plan, signal),
    signal,
  );
}

async function awaitRemoval(site: Site, found: Found, plan: Plan, signal: AbortSignal): Promise<Removed> {
  const primary = referenceTo(found.snapshot.primary);
  const gone = await pollUntil(
    async () => (await find(site, primary, signal)) === undefined,
    { every: 250, deadline: goneDeadline },
    signal,
  );
  const left = await stillThere(site, found, gone, signal);
  const all = [found.snapshot.primary, ...found.snapshot.objects.filter(({ kind }) => kind !== 'Event')];
  return {
    found,
    isGone: gone,
    gone: all.filter(({ metadata }) => !left.has(metadata.uid)).map(title),
    terminating: all.filter(({ metadata }) => left.has(metadata.uid)).map(title),
    warnings: [
      ...plan.warnings,
      ...(gone ? await leftNamespace(site, found.deployment.namespace, signal) : await whyItStays(site, found, signal)),
    ],
  };
}

const title = ({ kind, metadata }: KubernetesObject): string => `${kind} ${metadata.name}`;

/** Uids of the deployment's objects that a new read still finds. */
async function stillThere(site: Site, { provider, snapshot }: Found, gone: boolean, signal: AbortSignal) {
  const { snapshots } = await createReader(site, signal).snapshots(provider, [snapshot.primary]);
  const objects = snapshots.flatMap((now) => now.objects);
  return new Set([...(gone ? [] : [snapshot.primary.metadata.uid]), ...objects.map(({ metadata }) => metadata.uid)]);
}

async function whyItStays(site: Site, { provider, snapshot }: Found, signal: AbortSignal): Promise<readonly string[]> {
  const { primary } = snapshot;
  const why = heldBecause(provider.installation.detect(await site.runtimeFacts(signal, true)), primary);
  if (why === undefined) return [];
  const { name, namespace, finalizers = [] } = primary.metadata;
  return [
    `It hangs: its finalizer ${finalizers.join(', ')} waits for the operator. ${why} What can be done: diagnose_deployment ${JSON.stringify({ name, namespace, runtime: provider.id })}, or by hand: ${letGo(referenceTo(primary))}`,
  ];
}
