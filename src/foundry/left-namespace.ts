import { FoundryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import { providers } from '../providers/registry.ts';
import { isManaged } from './deployment.ts';
import { readPrimaries } from './primaries.ts';
import type { Site } from './site.ts';

/**
 * That a namespace of ours stays after its last deployment, and what removes it: we never do, as others may have put
 * things there. Nothing where the namespace is not ours, where something is left in it, and where that is not known.
 */
export async function leftNamespace(site: Site, name: string, signal: AbortSignal): Promise<readonly string[]> {
  const namespace = await readNamespace(site, name, signal);
  if (!isManaged(namespace?.metadata.labels) || namespace?.metadata.deletionTimestamp !== undefined) return [];
  const [{ operators, unread }, reads] = await Promise.all([
    site.runtimeFacts(signal),
    Promise.all(providers.map((provider) => readPrimaries(site, provider, { namespace: name }, signal))),
  ]);
  const isUnknown = unread.length > 0 || reads.some(({ failed }) => failed.length > 0);
  const isUsed =
    operators.some((operator) => operator.namespace === name) || reads.some(({ objects }) => objects.length > 0);
  if (isUnknown || isUsed) return [];
  return [
    `The namespace ${name}, which KubeFoundry created, stays, without a deployment in it. What removes it with all that others put there: kubectl delete namespace ${name}`,
  ];
}

/** Asked as a list, for which role observe has the right. Undefined where it may not be read. */
async function readNamespace(site: Site, name: string, signal: AbortSignal): Promise<KubernetesObject | undefined> {
  try {
    const fieldSelector = `metadata.name=${name}`;
    const [found] = await site.cluster.list({ group: '', kind: 'Namespace' }, { fieldSelector, signal });
    return found;
  } catch (error) {
    if (error instanceof FoundryError) return undefined;
    throw error;
  }
}
