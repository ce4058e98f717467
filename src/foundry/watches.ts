import type { LiveList, LiveSnapshot } from '../cluster/cluster.ts';
import { type KubernetesObject, textAt } from '../kubernetes.ts';
import type { Query } from '../providers/provider.ts';
import { queryKey } from './reading.ts';
import type { Site } from './site.ts';

/** The live lists that a live view needs: opened when first asked for, ended when no longer asked for. */
export interface Watches {
  /** What answers a query now: one list, or one in each of the namespaces where they are given. */
  snapshots(
    query: Query,
    version: string | undefined,
    namespaces: readonly string[] | undefined,
  ): readonly LiveSnapshot<KubernetesObject>[];
  /** Ends the lists that nobody asked for since the last time. */
  sweep(): void;
  stop(): void;
}

interface Watch {
  readonly list: LiveList<KubernetesObject>;
  readonly stop: () => void;
}

export function createWatches({ cluster }: Site, changed: () => void): Watches {
  const open = new Map<string, Watch>();
  let used = new Set<string>();

  function watch(query: Query, version: string | undefined): LiveList<KubernetesObject> {
    const key = `${version} ${queryKey(query)}`;
    used.add(key);
    const known = open.get(key);
    if (known) return known.list;
    const { group, kind, namespace, labelSelector, fieldSelector } = query;
    const list = cluster.live({ group, kind, version }, { namespace, labelSelector, fieldSelector }, kept);
    open.set(key, { list, stop: list.subscribe(changed) });
    return list;
  }

  function keep(wanted: ReadonlySet<string>): void {
    for (const [key, { stop }] of open) {
      if (wanted.has(key)) continue;
      open.delete(key);
      stop();
    }
  }

  return {
    snapshots(query, version, namespaces) {
      const places = query.namespace === undefined && namespaces ? namespaces : [query.namespace];
      return places.map((namespace) => watch({ ...query, namespace }, version).snapshot());
    },
    sweep() {
      keep(used);
      used = new Set();
    },
    stop: () => keep(new Set()),
  };
}

/**
 * What live views keep of an object. Field owners double its size, and of a pod's spec, the largest part of what a
 * cluster holds, only the place is looked at.
 */
function kept(object: KubernetesObject): KubernetesObject {
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([field]) => field !== 'managedFields'));
  const lean = { ...object, metadata: { ...metadata, name: object.metadata.name } };
  if (object.kind !== 'Pod' || object.apiVersion !== 'v1') return lean;
  return { ...lean, spec: { nodeName: textAt(object, 'spec', 'nodeName') } };
}
