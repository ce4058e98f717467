import type { ObjectReference } from '../kubernetes.ts';
import type { AskedSpec } from '../providers/asked.ts';
import type { Provider } from '../providers/provider.ts';
import type { RuntimeId } from '../providers/spec.ts';
import { compareDeployments } from './cursor.ts';
import type { Deployment } from './deployment.ts';
import { type DeploymentDetail, describeInDetail } from './detail.ts';
import { providersFor } from './listing.ts';
import { type LiveRuntime, type RuntimeWatch, watchRuntime } from './live-runtime.ts';
import { placeIn } from './packed.ts';
import { redact } from './redaction.ts';
import type { Site } from './site.ts';

/** The merged list at one moment. Immutable; a row that did not change is the same object as before. */
export interface LiveDeployments {
  readonly deployments: readonly Deployment[];
  readonly runtimes: readonly (LiveRuntime & { readonly runtime: RuntimeId })[];
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

/** Changes within this time are told as one. */
const coalesceMilliseconds = 50;

/** Milliseconds of work after which keys and whatever else waits get their turn. */
const slice = 8;

/** `list_deployments` in live form: one store over all runtimes, with the state of each. */
export function liveListing(
  site: Site,
  scope: { readonly runtime?: RuntimeId; readonly namespace?: string } = {},
): LiveListing {
  const providers = providersFor(scope.runtime);
  const listeners = new Set<() => void>();
  let watched: readonly { readonly provider: Provider; readonly runtime: RuntimeWatch }[] = [];
  let stopAll: (() => void) | undefined;
  let parts: readonly (readonly Deployment[])[] = [];
  const connecting = (): LiveDeployments['runtimes'] =>
    providers.map(({ id }) => ({ runtime: id, state: 'connecting', since: site.now(), unread: [] }));
  let latest: LiveDeployments = { deployments: [], runtimes: connecting() };

  /** All rows in one order; the same list as long as none changed. */
  function merged(): readonly Deployment[] {
    const next = watched.map(({ runtime }) => runtime.list());
    if (next.length === parts.length && next.every((part, index) => part === parts[index])) return latest.deployments;
    parts = next;
    return parts.flat().sort(compareDeployments);
  }

  function find({ namespace, name, runtime: id }: Place) {
    const of = watched.find(({ provider }) => provider.id === id);
    const found = of?.runtime.find(placeIn({ metadata: { namespace, name } }), site.now());
    return of && found && { provider: of.provider, snapshot: found.snapshot, deployment: found.row };
  }

  function start(): () => void {
    let timer: NodeJS.Timeout | undefined;
    let next: NodeJS.Immediate | undefined;
    let stopped = false;
    const schedule = () => {
      if (!stopped && next === undefined) timer ??= setTimeout(work, coalesceMilliseconds);
    };
    watched = providers.map((provider) => ({
      provider,
      runtime: watchRuntime(site, provider, scope.namespace, schedule),
    }));
    // Nothing is known of what the rows of before have become.
    latest = { ...latest, runtimes: connecting() };

    function work(): void {
      timer = undefined;
      next = undefined;
      const until = performance.now() + slice;
      const isWhole = watched.map(({ runtime }) => runtime.advance(until)).every((done) => done);
      if (isWhole) tell();
      else next = setImmediate(work);
    }

    function tell(): void {
      latest = {
        deployments: merged(),
        runtimes: watched.map(({ provider, runtime }) => ({ runtime: provider.id, ...runtime.current() })),
      };
      for (const listener of listeners) listener();
    }

    return () => {
      stopped = true;
      clearTimeout(timer);
      clearImmediate(next);
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
      const found = find(place);
      try {
        return found && redact(found.provider.deploying.asked(found.snapshot.primary));
      } catch {
        return undefined;
      }
    },
    detail(place) {
      const found = find(place);
      if (!found) return undefined;
      const { primary, objects } = found.snapshot;
      return {
        deployment: describeInDetail(
          { ...found, problems: [] },
          { manifest: true, context: site.cluster.namedContext },
        ),
        objects: [primary, ...objects].map(({ kind, metadata: { name } }) => ({ kind, name })),
      };
    },
  };
}
