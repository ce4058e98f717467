import { FoundryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import { toolCall } from '../providers/fixes.ts';
import { listed } from '../providers/listed.ts';
import type { Facts, Plan, Step } from '../providers/provider.ts';
import { providers } from '../providers/registry.ts';
import { readCustomResources } from './custom-resources.ts';
import type { Site } from './site.ts';
import { pollUntil } from './waiting.ts';

type CrdDeletion = Extract<Step, { kind: 'deleteCrds' }>;

const definitions = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' };
/** Milliseconds for what is going already, such as what the last object made. */
const goingWithin = 10_000;

/**
 * Binds a plan's deletion of CRDs to those that are there now, by uid, and keeps it from being carried out where an
 * operator that nobody can see may use them.
 *
 * @throws FoundryError where a CRD cannot be read: none is deleted unseen
 */
export async function boundCrdDeletion(site: Site, plan: Plan, facts: Facts, signal: AbortSignal): Promise<Plan> {
  const steps = await Promise.all(
    plan.steps.map(async (step) => {
      if (step.kind !== 'deleteCrds') return step;
      const found = await Promise.all(step.names.map((name) => site.cluster.get(definitions, { name }, { signal })));
      const uids = found.flatMap((crd) => (crd?.metadata.uid ? [[crd.metadata.name, crd.metadata.uid]] : []));
      return { ...step, uids: Object.fromEntries(uids) };
    }),
  );
  const hidden = facts.unread.find(({ what }) => what === 'operators');
  if (hidden === undefined || !steps.some(({ kind }) => kind === 'deleteCrds')) return { ...plan, steps };
  const blocker = `Not every operator could be looked for, and one that is not seen may use the CRDs: they must stay. ${hidden.message}`;
  return { ...plan, steps, blockers: [...plan.blockers, blocker] };
}

/**
 * Looks again, in the last moment: what was made since the plan was shown would go with the CRDs, and nobody was told.
 *
 * @throws FoundryError CONFLICT naming it
 */
export async function checkNothingLeft(site: Site, { names }: CrdDeletion, signal: AbortSignal): Promise<void> {
  let left: readonly KubernetesObject[] = [];
  const isOver = async () => {
    const { crds, unread } = await site.runtimeFacts(signal, true);
    const hidden = unread.find(({ what }) => what === 'crds');
    if (hidden) {
      const { code, message, hint = 'Call again when they can be read.' } = hidden;
      throw new FoundryError(code, `Whether objects of their kinds are left cannot be told: ${message}`, hint);
    }
    left = await readCustomResources(site, names, crds, signal);
    return !left.every(isGoing) || left.length === 0;
  };
  await pollUntil(isOver, { every: 1_000, deadline: goingWithin }, signal);
  if (left.length === 0) return;
  const objects = left.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
  if (left.every(isGoing))
    throw new FoundryError(
      'CONFLICT',
      `The CRDs stay: objects of their kinds are still being deleted: ${listed(objects)}.`,
      'Call again when they are gone.',
      { objects },
    );
  const runtime = providers.find(({ installation }) => names.some((name) => installation.crds.includes(name)))?.id;
  throw new FoundryError(
    'CONFLICT',
    `The CRDs stay: meanwhile there are objects of their kinds that nobody was shown, which would go with them: ${listed(objects)}.`,
    `Whoever made them may need them. To delete them, too: ${toolCall('uninstall_runtime', { runtime, deleteCrds: true })}, which names them first.`,
    { runtime, objects },
  );
}

/** It is being deleted, or is collected with what made it. */
const isGoing = ({ metadata }: KubernetesObject): boolean =>
  metadata.deletionTimestamp !== undefined || (metadata.ownerReferences ?? []).length > 0;
