import type { ObjectReference } from '../kubernetes.ts';
import type { AskedSpec } from '../providers/asked.ts';
import type { Provider, Snapshot } from '../providers/provider.ts';
import type { RuntimeId } from '../providers/spec.ts';
import { comparePlaces, placeOf } from './cursor.ts';
import type { Deployment } from './deployment.ts';
import { type DeploymentDetail, describeInDetail } from './detail.ts';
import { canonicalJson } from './digest.ts';
import { providersFor } from './listing.ts';
import { type LiveRuntime, watchRuntime } from './live-runtime.ts';
import { redact } from './redaction.ts';
import type { Site } from './site.ts';

/** The merged list at one moment. Immutable; a row that did not change is the same object as before. */
export interface LiveDeployments {
  readonly deployments: readonly Deployment[];
  readonly runtimes: readonly (Omit<LiveRuntime, 'rows' | 'snapshots'> & { readonly runtime: RuntimeId })[];
}

/** One deployment with all that the live lists hold of it. */
export interface LiveDetail {
  readonly deployment: DeploymentDetail;
  /** The object itself and everything that belongs to it: what events speak of. */
  readonly objects: readonly Pick<ObjectReference, 'kind' | 'name'>[];
}

export interface LiveListing {
  /** The first subscriber starts the watches, the last one stops them. */
  subscribe(listener: () => void): () => void;
  snapshot(): LiveDeployments;
  /** Costs no request; undefined when the list has no such deployment (any more). */
  detail(place: Place): LiveDetail | undefined;
  /** What to ask for to get such a deployment again; undefined when there is none, or it cannot be decoded. Costs no request. */
  asked(place: Place): AskedSpec | undefined;
}

type Place = Pick<Deployment, 'namespace' | 'name' | 'runtime'>;

/** What a row was read from. */
interface Source {
  readonly provider: Provider;
  readonly snapshot: Snapshot;
  readonly deployment: Deployment;
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
  const rows = new Map<string, { readonly told: Deployment; readonly json: string; readonly row: Deployment }>();
  let sources = new Map<string, Source>();
  let stopAll: (() => void) | undefined;
  let latest: LiveDeployments = {
    deployments: [],
    runtimes: providers.map(({ id }) => ({ runtime: id, state: 'connecting', since: site.now(), unread: [] })),
  };

  /** The object that stood for the same row before, when nothing in it changed. */
  function sameRow(row: Deployment): Deployment {
    const key = placeOf(row).join('/');
    const known = rows.get(key);
    if (known?.told === row) return known.row;
    const json = canonicalJson(row);
    const same = known?.json === json ? known.row : row;
    rows.set(key, { told: row, json, row: same });
    return same;
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
      sources = new Map(
        states.flatMap(({ provider, now }) =>
          now.snapshots.flatMap((snapshot, index): readonly [string, Source][] => {
            const row = now.rows[index];
            return row ? [[placeOf(row).join('/'), { provider, snapshot, deployment: sameRow(row) }]] : [];
          }),
        ),
      );
      const deployments = [...sources.values()]
        .map(({ deployment }) => deployment)
        .sort((a, b) => comparePlaces(placeOf(a), placeOf(b)));
      for (const key of rows.keys()) if (!sources.has(key)) rows.delete(key);
      latest = {
        deployments,
        runtimes: states.map(({ provider, now: { rows: _, snapshots: __, ...state } }) => ({
          runtime: provider.id,
          ...state,
        })),
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
    asked(place) {
      const found = sources.get(placeOf(place).join('/'));
      try {
        return found && redact(found.provider.deploying.asked(found.snapshot.primary));
      } catch {
        return undefined;
      }
    },
    detail(place) {
      const found = sources.get(placeOf(place).join('/'));
      if (!found) return undefined;
      const { primary, objects } = found.snapshot;
      return {
        deployment: describeInDetail({ ...found, problems: [] }, { manifest: true }),
        objects: [primary, ...objects].map(({ kind, metadata: { name } }) => ({ kind, name })),
      };
    },
  };
}
