import { providers } from '../providers/registry.ts';
import { isManaged } from './deployment.ts';
import { findNamespace } from './namespace.ts';
import { readPrimaries } from './primaries.ts';
import type { Site } from './site.ts';

/**
 * That a namespace of ours stays after its last deployment, and what removes it: we never do, as others may have put
 * things there. Nothing where the namespace is not ours, where something is left in it, and where that is not known.
 */
export async function leftNamespace(site: Site, name: string, signal: AbortSignal): Promise<readonly string[]> {
  const namespace = await findNamespace(site, name, signal);
  if (!namespace || !isManaged(namespace.metadata.labels) || namespace.metadata.deletionTimestamp !== undefined)
    return [];
  if (await isUsed(site, name, signal)) return [];
  return [
    `The namespace ${name}, which KubeFoundry created, stays, without a deployment in it. What removes it with all that others put there: kubectl delete namespace ${name}`,
  ];
}

/** Whether deployments or an operator are there, or may be. */
async function isUsed(site: Site, namespace: string, signal: AbortSignal): Promise<boolean> {
  const { operators, unread } = await site.runtimeFacts(signal);
  if (unread.length > 0 || operators.some((operator) => operator.namespace === namespace)) return true;
  for (const provider of providers) {
    const { objects, failed } = await readPrimaries(site, provider, { namespace }, signal);
    if (objects.length > 0 || failed.length > 0) return true;
  }
  return false;
}
