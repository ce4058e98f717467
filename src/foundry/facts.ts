import type { Cluster } from '../cluster/cluster.ts';
import { FoundryError } from '../errors.ts';
import type { CrdFact, Facts, Unread } from '../providers/provider.ts';
import { providers } from '../providers/registry.ts';
import { discoverCrd, readCrd } from './crds.ts';
import { decodeNode, readOperators } from './operators.ts';

/** Milliseconds until a cluster counts as unreachable. */
export const reachDeadline = 4_500;

/** Reads what detection and validation need. Never throws for the cluster: what could not be read stands in `unread`. */
export async function gatherFacts(cluster: Cluster, signal: AbortSignal): Promise<Facts> {
  const unread: Unread[] = [];
  const orUnread = async <Value>(what: Unread['what'], read: () => Promise<Value>, otherwise: Value) => {
    try {
      return await read();
    } catch (error) {
      unread.push(unreadBecause(what, error));
      return otherwise;
    }
  };

  let serverVersion: string;
  try {
    serverVersion = await cluster.version({ signal, deadline: reachDeadline });
  } catch (error) {
    const whats = ['crds', 'operators', 'nodes'] as const;
    return { crds: [], operators: [], nodes: [], unread: whats.map((what) => unreadBecause(what, error)) };
  }

  const [crds, operators, nodes] = await Promise.all([
    orUnread('crds', () => readCrds(cluster, signal), []),
    orUnread('operators', () => readOperators(cluster, signal), { operators: [], failed: [] }),
    orUnread('nodes', () => cluster.list({ group: '', kind: 'Node' }, { signal }), []),
  ]);
  const [failed] = operators.failed;
  if (failed) unread.push(unreadBecause('operators', failed.error));
  return { serverVersion, crds, operators: operators.operators, nodes: nodes.map(decodeNode), unread };
}

async function readCrds(cluster: Cluster, signal: AbortSignal): Promise<readonly CrdFact[]> {
  const names = providers.flatMap((provider) => provider.installation.crds);
  const found = await Promise.all(
    names.map(async (name) => readCrd(cluster, name, await discoverCrd(cluster, name, signal), signal)),
  );
  return found.filter((crd) => crd !== undefined);
}

function unreadBecause(what: Unread['what'], error: unknown): Unread {
  if (!(error instanceof FoundryError)) throw error;
  const { code, message } = error;
  const known =
    code === 'FORBIDDEN' || code === 'CLUSTER_UNREACHABLE' || code === 'UNAUTHENTICATED' || code === 'TIMEOUT';
  return { what, code: known ? code : 'INTERNAL', message };
}
