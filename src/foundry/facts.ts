import type { Cluster } from '../cluster/cluster.ts';
import { FoundryError } from '../errors.ts';
import type { CrdFact, NodeFact, RuntimeFacts, Unread } from '../providers/provider.ts';
import { providers } from '../providers/registry.ts';
import { type GpuNode, gpuNodes } from './capacity/gpu-nodes.ts';
import { countObjects, discoverCrds, readCrd, withLeft } from './crds.ts';
import { decodeNode, readOperators } from './operators.ts';

/** Milliseconds until a cluster counts as unreachable. */
export const reachDeadline = 4_500;

/**
 * Reads what detection needs, for all runtimes together in eight requests: the version, discovery's two, of each runtime
 * its CRD and its count, and the Kubernetes Deployments. An operator of which only a ConfigMap tells what it watches costs
 * one more. Never throws for the cluster: what could not be read stands in `unread`.
 */
export async function gatherRuntimeFacts(
  cluster: Cluster,
  signal: AbortSignal,
  { fresh }: { readonly fresh: boolean },
): Promise<RuntimeFacts> {
  const unread: Unread[] = [];
  const orUnread = async <Value>(what: Unread['what'], read: () => Promise<Value>, otherwise: Value) => {
    try {
      return await read();
    } catch (error) {
      unread.push(unreadBecause(what, error));
      return otherwise;
    }
  };

  const unreachable = new AbortController();
  const whileReachable = AbortSignal.any([signal, unreachable.signal]);
  const reads = Promise.all([
    orUnread('crds', () => readCrds(cluster, whileReachable, fresh), []),
    orUnread('operators', () => readOperators(cluster, whileReachable), { operators: [], failed: [] }),
  ]);
  reads.catch(() => {});
  let serverVersion: string;
  try {
    serverVersion = await cluster.version({ signal, deadline: reachDeadline });
  } catch (error) {
    unreachable.abort();
    return { crds: [], operators: [], unread: [unreadBecause('crds', error), unreadBecause('operators', error)] };
  }
  const [crds, { operators, failed }] = await reads;
  const [first] = failed;
  if (first) unread.push(unreadBecause('operators', first.error));
  return { serverVersion, crds, operators, unread };
}

export interface NodesRead {
  readonly nodes: readonly NodeFact[];
  readonly gpuNodes: readonly GpuNode[];
  readonly unread: readonly Unread[];
}

/** The nodes, or why they could not be read. */
export async function gatherNodes(cluster: Cluster, signal: AbortSignal): Promise<NodesRead> {
  try {
    const nodes = await cluster.list({ group: '', kind: 'Node' }, { signal });
    return { nodes: nodes.map(decodeNode), gpuNodes: nodes.flatMap(gpuNodes), unread: [] };
  } catch (error) {
    return { nodes: [], gpuNodes: [], unread: [unreadBecause('nodes', error)] };
  }
}

/** The CRDs of primaries are read whole, all others as discovery tells them. */
async function readCrds(cluster: Cluster, signal: AbortSignal, fresh: boolean): Promise<readonly CrdFact[]> {
  const names = providers.flatMap(({ installation }) => installation.crds);
  const discovered = await discoverCrds(cluster, names, signal);
  const primaries = await Promise.all(
    providers.map(async (provider) => {
      const name = `${provider.plural}.${provider.group}`;
      const crd = await readCrd(cluster, name, { discovered: discovered.get(name), fresh }, signal);
      if (!crd) return undefined;
      if (crd.deleting) return withLeft(cluster, crd, signal);
      const { readVersion } = provider.installation.detect({ crds: [crd], operators: [], unread: [] });
      const version = readVersion?.slice(readVersion.indexOf('/') + 1);
      return countObjects(cluster, crd, version, { signal, deadline: reachDeadline });
    }),
  );
  const found = new Map(primaries.map((crd) => [crd?.name, crd]));
  return names.flatMap((name) => (found.has(name) ? found.get(name) : discovered.get(name)) ?? []);
}

function unreadBecause(what: Unread['what'], error: unknown): Unread {
  if (!(error instanceof FoundryError)) throw error;
  const { code, hint } = error;
  const message = code === 'FORBIDDEN' ? shortRefusal(error) : error.message;
  const known =
    code === 'FORBIDDEN' || code === 'CLUSTER_UNREACHABLE' || code === 'UNAUTHENTICATED' || code === 'TIMEOUT';
  return { what, code: known ? code : 'INTERNAL', message, hint };
}

/** The right that is missing, without the server's long words for it, which name it twice. */
function shortRefusal({ message, details }: FoundryError): string {
  const { verb, group, resource, namespace } = details;
  if (verb === undefined || resource === undefined) return message;
  const everywhere = message.includes('in all namespaces') ? ' in all namespaces' : '';
  const where = namespace === undefined ? everywhere : ` in namespace ${namespace}`;
  return `Not allowed to ${verb} ${resource}${group ? `.${group}` : ''}${where}.`;
}
