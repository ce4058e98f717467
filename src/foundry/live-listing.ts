import type { RuntimeId } from '../providers/spec.ts';
import { comparePlaces, placeOf } from './cursor.ts';
import type { Deployment } from './deployment.ts';
import { canonicalJson } from './digest.ts';
import { providersFor } from './listing.ts';
import { type LiveRuntime, watchRuntime } from './live-runtime.ts';
import type { Site } from './site.ts';

/** The merged list at one moment. Immutable; a row that did not change is the same object as before. */
export interface LiveDeployments {
  readonly deployments: readonly Deployment[];
  readonly runtimes: readonly (Omit<LiveRuntime, 'rows'> & { readonly runtime: RuntimeId })[];
}

export interface LiveListing {
  /** The first subscriber starts the watches, the last one stops them. */
  subscribe(listener: () => void): () => void;
  snapshot(): LiveDeployments;
}

/** Changes within this time are told as one. */
const coalesceMilliseconds = 50;

/** `list_deployments` in live form: one store over all runtimes, with the state of each. */
export function liveListing(
  site: Site,
  scope: { readonly runtime?: RuntimeId; readonly namespace?: string } = {},
): LiveListing {
  const providers = providersFor(scope.runtime);
  const listeners = new Set<() => void>();
  const rows = new Map<string, { readonly json: string; readonly row: Deployment }>();
  let stopAll: (() => void) | undefined;
  let latest: LiveDeployments = {
    deployments: [],
    runtimes: providers.map(({ id }) => ({ runtime: id, state: 'connecting', since: site.now(), unread: [] })),
  };

  /** The object that stood for the same row before, when nothing in it changed. */
  function sameRow(row: Deployment): Deployment {
    const key = placeOf(row).join('/');
    const json = canonicalJson(row);
    const known = rows.get(key);
    if (known?.json === json) return known.row;
    rows.set(key, { json, row });
    return row;
  }

  function start(): () => void {
    let timer: NodeJS.Timeout | undefined;
    let stopped = false;
    const schedule = () => {
      if (stopped) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        recompute();
      }, coalesceMilliseconds);
    };
    const watched = providers.map((provider) => ({
      provider,
      runtime: watchRuntime(site, provider, scope.namespace, schedule),
    }));

    function recompute(): void {
      const states = watched.map(({ provider, runtime }) => ({ provider, now: runtime.current() }));
      const deployments = states
        .flatMap(({ now }) => now.rows.map(sameRow))
        .sort((a, b) => comparePlaces(placeOf(a), placeOf(b)));
      const present = new Set(deployments.map((row) => placeOf(row).join('/')));
      for (const key of rows.keys()) if (!present.has(key)) rows.delete(key);
      latest = {
        deployments,
        runtimes: states.map(({ provider, now: { rows: _, ...state } }) => ({ runtime: provider.id, ...state })),
      };
      for (const listener of listeners) listener();
    }

    return () => {
      stopped = true;
      clearTimeout(timer);
      for (const { runtime } of watched) runtime.stop();
    };
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      stopAll ??= start();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stopAll?.();
        stopAll = undefined;
      };
    },
    snapshot: () => latest,
  };
}
