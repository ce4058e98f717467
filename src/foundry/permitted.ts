import type { Cluster, ListOptions, ResourceName } from '../cluster/cluster.ts';
import { FoundryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import { providers } from '../providers/registry.ts';

/** A read that did not work, in one namespace or (without one) in the whole cluster. */
export interface FailedRead {
  readonly namespace?: string;
  readonly error: FoundryError;
}

export interface PermittedList {
  readonly objects: readonly KubernetesObject[];
  /** What could not be read; empty = `objects` is all there is. */
  readonly failed: readonly FailedRead[];
  /** The namespaces that could be read where the whole cluster could not. */
  readonly within?: readonly string[];
  /** How many were not even tried. */
  readonly untried?: number;
}

export interface PermittedOptions extends ListOptions {
  readonly signal: AbortSignal;
  /** Namespaces that hold all that is looked for: where the whole cluster is forbidden, these do as well. */
  readonly enough?: readonly string[];
}

/** More namespaces than this are not tried one by one. */
const mostNamespaces = 100;

/**
 * Lists the whole cluster; where that is forbidden, or a fence stands, each namespace that may be read.
 * What may not be read is told, never left out.
 *
 * @throws whatever is no FoundryError, an abort among it
 */
export async function listWherePermitted(
  cluster: Cluster,
  name: ResourceName,
  { enough, ...options }: PermittedOptions,
): Promise<PermittedList> {
  if (options.namespace !== undefined) return listIn(cluster, name, options, [options.namespace]);
  if (cluster.namespaces) return listIn(cluster, name, options, enough ?? cluster.namespaces);
  const whole = await attempt(cluster, name, options);
  if (!('error' in whole)) return whole;
  if (whole.error.code !== 'FORBIDDEN') return { objects: [], failed: [whole] };
  if (enough) return listIn(cluster, name, options, enough);
  const { names, untried } = await namespacesToTry(cluster, options.signal);
  const { objects, failed } = await listIn(cluster, name, options, names);
  const within = names.filter((namespace) => !failed.some((read) => read.namespace === namespace));
  // The refusal for the whole cluster stays: nobody knows what the namespaces hold that were not tried.
  return { objects, failed: [whole, ...failed], within, untried };
}

async function listIn(
  cluster: Cluster,
  name: ResourceName,
  options: ListOptions,
  namespaces: readonly string[],
): Promise<PermittedList> {
  const parts = await Promise.all(namespaces.map((namespace) => attempt(cluster, name, { ...options, namespace })));
  return {
    objects: parts.flatMap((part) => ('error' in part ? [] : part.objects)),
    failed: parts.flatMap((part) => ('error' in part ? [part] : [])),
  };
}

async function attempt(
  cluster: Cluster,
  name: ResourceName,
  options: ListOptions,
): Promise<PermittedList | FailedRead> {
  try {
    return { objects: await cluster.list(name, options), failed: [] };
  } catch (error) {
    if (!(error instanceof FoundryError)) throw error;
    return { namespace: options.namespace, error };
  }
}

/**
 * The namespaces there are, first those that are known by name, as many as are tried one by one; where they may not be
 * listed, those that are known by name.
 */
export async function namespacesToTry(
  cluster: Cluster,
  signal: AbortSignal,
): Promise<{ readonly names: readonly string[]; readonly untried: number }> {
  const known = namedNamespaces(cluster);
  const listed = await listedNamespaces(cluster, signal);
  if (listed === undefined) return { names: known, untried: 0 };
  const inOrder = [...known.filter((name) => listed.includes(name)), ...listed.filter((name) => !known.includes(name))];
  const names = inOrder.slice(0, mostNamespaces);
  return { names, untried: inOrder.length - names.length };
}

/** Every namespace there is; undefined where they could not be listed. */
export async function listedNamespaces(cluster: Cluster, signal: AbortSignal): Promise<readonly string[] | undefined> {
  const found = await attempt(cluster, { group: '', kind: 'Namespace' }, { signal });
  return 'error' in found ? undefined : found.objects.map(({ metadata }) => metadata.name);
}

/** The kubeconfig context's own namespace and the runtimes' default ones, which most deployments live in. */
export function namedNamespaces({ namespace }: Cluster): readonly string[] {
  const defaults = providers.map((provider) => provider.defaultNamespace);
  return [...new Set([...(namespace === undefined ? [] : [namespace]), ...defaults])];
}
