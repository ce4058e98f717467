import type { LiveList } from '../cluster/cluster.ts';
import type { Query } from '../providers/provider.ts';
import type { Pack, Packed } from './packed.ts';
import { queryKey } from './reading.ts';
import type { Site } from './site.ts';

/** The live lists that a live view needs: opened when first asked for, ended when no longer asked for. */
export interface Watches {
  /** What answers a query: one list, or one in each of the namespaces where they are given; `pack` makes what says what it keeps. */
  lists(
    query: Query,
    pack: () => Pack,
    version: string | undefined,
    namespaces: readonly string[] | undefined,
  ): readonly LiveList<Packed>[];
  /** Ends the lists that nobody asked for since the last time. */
  sweep(): void;
  stop(): void;
}

interface Watch {
  readonly list: LiveList<Packed>;
  readonly stop: () => void;
}

export function createWatches({ cluster }: Site, changed: () => void): Watches {
  const open = new Map<string, Watch>();
  let used = new Set<string>();

  function watch(query: Query, pack: () => Pack, version: string | undefined): LiveList<Packed> {
    const key = `${version} ${queryKey(query)}`;
    used.add(key);
    const known = open.get(key);
    if (known) return known.list;
    const { group, kind, namespace, labelSelector, fieldSelector } = query;
    const list = cluster.live({ group, kind, version }, { namespace, labelSelector, fieldSelector }, pack());
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
    lists(query, pack, version, namespaces) {
      const places = query.namespace === undefined && namespaces ? namespaces : [query.namespace];
      return places.map((namespace) => watch({ ...query, namespace }, pack, version));
    },
    sweep() {
      keep(used);
      used = new Set();
    },
    stop: () => keep(new Set()),
  };
}
