import { FoundryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import type { Step } from '../providers/provider.ts';
import { managedBy } from './deployment.ts';
import { nearest } from './nearest.ts';
import type { Site } from './site.ts';

/** Whether the server refused a write because the namespace is not there. */
export const isNamespaceMissing = (error: FoundryError | undefined): boolean =>
  error instanceof FoundryError && error.details.missing === 'namespace';

/** Creates a namespace. */
export const namespaceStep = (name: string): Step => ({
  kind: 'apply',
  object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: managedBy } },
  title: `Create Namespace ${name}`,
  command: `kubectl create namespace ${name}`,
});

/** That a namespace will be made. Where somebody wrote its name, it may be a slip of the pen: the nearest one is told. */
export async function creationWarning(
  site: Site,
  { name, written }: { readonly name: string; readonly written: boolean },
  signal: AbortSignal,
): Promise<string> {
  // Behind a fence no other namespace may be meant.
  const known = written && !site.cluster.namespaces ? await site.namespaces(signal) : undefined;
  const others = known?.filter((other) => other !== name && !isSibling(name, other)) ?? [];
  const [meant] = nearest(name, others);
  const question = meant === undefined ? '' : ` Did you mean ${meant}?`;
  // True before it is carried out and after.
  return `The namespace ${name} is new, created with this deployment.${question}`;
}

/**
 * What is empty and what is mistyped look alike: asks whether a namespace in which nothing was found exists. Where that
 * cannot be known, it may.
 *
 * @throws FoundryError NOT_FOUND with the nearest names
 */
export async function requireNamespace(site: Site, name: string, signal: AbortSignal): Promise<void> {
  if (site.cluster.namespaces || (await findNamespace(site, name, signal)) !== null) return;
  const [meant] = nearest(name, (await site.namespaces(signal)) ?? []);
  const hint = meant === undefined ? 'kubectl get namespaces shows what there is.' : `Did you mean ${meant}?`;
  throw new FoundryError('NOT_FOUND', `There is no namespace ${name}.`, hint, { namespace: name });
}

/** A namespace; null where there is none, undefined where that may not be known. Asked as a list, which role observe may. */
export async function findNamespace(
  site: Site,
  name: string,
  signal: AbortSignal,
): Promise<KubernetesObject | null | undefined> {
  try {
    const fieldSelector = `metadata.name=${name}`;
    const [found] = await site.cluster.list({ group: '', kind: 'Namespace' }, { fieldSelector, signal });
    return found ?? null;
  } catch (error) {
    if (error instanceof FoundryError) return undefined;
    throw error;
  }
}

/** `team-a` and `team-b`, `stage1` and `stage2` are meant so. */
function isSibling(one: string, other: string): boolean {
  const [stem, ending] = partsOf(one);
  const [otherStem, otherEnding] = partsOf(other);
  return stem === otherStem && ending !== otherEnding;
}

/** A name, and a letter or a number at its end that tells it from others. */
function partsOf(name: string): readonly [string, string] {
  const ending = /(?<=-)[a-z]$|\d+$/.exec(name)?.[0] ?? '';
  return [name.slice(0, name.length - ending.length), ending];
}
