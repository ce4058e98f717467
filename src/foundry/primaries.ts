import type { ResourceName } from '../cluster/cluster.ts';
import { FoundryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import type { Provider } from '../providers/provider.ts';
import { type FailedRead, listWherePermitted } from './permitted.ts';
import type { Site } from './site.ts';

/** The primaries of one runtime, as far as they may be read. */
export interface Primaries {
  readonly provider: Provider;
  /** False = the cluster does not serve their kind. */
  readonly served: boolean;
  readonly objects: readonly KubernetesObject[];
  readonly failed: readonly FailedRead[];
  /** The namespaces that could be read where the whole cluster could not. */
  readonly within?: readonly string[];
  /** How many were not even tried. */
  readonly untried?: number;
}

/** Where to look: a namespace, a name, both, or everywhere. */
export interface Whereabouts {
  readonly namespace?: string;
  readonly name?: string;
}

/** The resource name of a provider's primaries in one of their versions. */
export const primaryName = (provider: Provider, apiVersion: string): ResourceName => ({
  group: provider.group,
  kind: provider.kind,
  version: apiVersion.slice(apiVersion.indexOf('/') + 1),
});

/** One request where the whole cluster may be listed. A failure of the cluster stands in `failed`. */
export async function readPrimaries(
  site: Site,
  provider: Provider,
  where: Whereabouts,
  signal: AbortSignal,
): Promise<Primaries> {
  try {
    const apiVersion = await site.readVersion(provider, signal);
    if (apiVersion === undefined) return { provider, served: false, objects: [], failed: [] };
    const resource = primaryName(provider, apiVersion);
    const { namespace, name } = where;
    if (namespace !== undefined && name !== undefined) {
      const object = await site.cluster.get(resource, { namespace, name }, { signal });
      return { provider, served: true, objects: object ? [object] : [], failed: [] };
    }
    const fieldSelector = name === undefined ? undefined : `metadata.name=${name}`;
    const read = await listWherePermitted(site.cluster, resource, { namespace, fieldSelector, signal });
    if (read.failed.some(({ error }) => isNotServed(error))) {
      return { provider, served: false, objects: [], failed: [] };
    }
    return { provider, served: true, ...read };
  } catch (error) {
    if (!(error instanceof FoundryError)) throw error;
    if (isNotServed(error)) return { provider, served: false, objects: [], failed: [] };
    return { provider, served: true, objects: [], failed: [{ namespace: where.namespace, error }] };
  }
}

/** The CRD went away since discovery told of it. */
export const isNotServed = (error: unknown): boolean =>
  error instanceof FoundryError && error.code === 'NOT_FOUND' && error.details.served === false;
