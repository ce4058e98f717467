import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesObject } from '../kubernetes.ts';
import type { Cluster, ClusterOptions, ListOptions, LiveList, ResourceName } from './cluster.ts';
import type { WatchListSupport } from './list-and-watch.ts';
import { createLiveStore, type LiveRun } from './live-store.ts';
import { checkPlace } from './paths.ts';
import { spread } from './reads.ts';
import { backoff, isUnreached, problemOf, reflect } from './reflector.ts';
import { resolve, type Session } from './session.ts';

/** Milliseconds; a kind that is not served may be installed at any time, and people wait for that. */
const longestPause = 8_000;

/** The live lists of one cluster. */
export function createLiveLists(
  session: Session,
  whileListing?: ClusterOptions['whileListing'],
): {
  open: Cluster['live'];
  close(): void;
} {
  const support: WatchListSupport = { served: true };
  const stops = new Set<() => void>();

  async function follow<Item>(name: ResourceName, selectors: ListOptions, run: LiveRun<Item>): Promise<never> {
    for (let failures = 1; ; failures += 1) {
      let refused = false;
      const siblings = new AbortController();
      const signal = AbortSignal.any([run.signal, siblings.signal]);
      try {
        const resource = await resolve(session, name, { signal });
        const scopes = spread(resource, selectors.namespace, session.namespaces);
        const parts = run.parts(scopes.length);
        const reflectors = parts.map((part, index) =>
          reflect({ session, resource, namespace: scopes[index], selectors, part, support, whileListing }, signal),
        );
        await Promise.all(reflectors);
      } catch (error) {
        siblings.abort();
        run.signal.throwIfAborted();
        session.discovery.forget();
        refused = isUnreached(error);
        const [part] = run.parts(1);
        part?.report('failed', problemOf(error));
        part?.flush();
      }
      await sleep(Math.min(backoff(failures, refused), longestPause), undefined, { signal: run.signal });
    }
  }

  return {
    open: <Item>(
      name: ResourceName,
      options: ListOptions,
      project: (object: KubernetesObject) => Item,
    ): LiveList<Item> => {
      checkPlace(name.group, { namespace: options.namespace });
      const store = createLiveStore(project, (run: LiveRun<Item>) => {
        stops.add(store.stop);
        follow(name, options, run).catch(() => stops.delete(store.stop));
      });
      return { subscribe: store.subscribe, snapshot: store.snapshot };
    },
    close: () => {
      for (const stop of stops) stop();
    },
  };
}
