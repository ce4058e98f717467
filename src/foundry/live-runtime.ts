import type { LiveSnapshot } from '../cluster/cluster.ts';
import { FoundryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import type { FailedQuery, Have, Provider, Query, Snapshot } from '../providers/provider.ts';
import type { Deployment } from './deployment.ts';
import { createDescriber } from './describing.ts';
import { readableNamespaces } from './permitted.ts';
import { primaryName } from './primaries.ts';
import { queryKey, snapshotsOf } from './reading.ts';
import type { Site } from './site.ts';
import { createWatches } from './watches.ts';

/** What is known of one runtime's deployments at one moment. */
export interface LiveRuntime {
  readonly state: 'connecting' | 'live' | 'stale' | 'failed' | 'not_installed';
  readonly since: Date;
  /** Why it is stale or failed. */
  readonly error?: LiveSnapshot<never>['error'];
  /** When it is tried again. */
  readonly retry?: Date;
  /** What cannot be read: the deployments of the whole cluster where only some namespaces may be, what belongs to them. */
  readonly unread: readonly FailedQuery[];
  readonly rows: readonly Deployment[];
  /** What the rows were read from, in their order. */
  readonly snapshots: readonly Snapshot[];
}

export interface RuntimeWatch {
  /** Works out the present state from the live lists. */
  current(): LiveRuntime;
  stop(): void;
}

type Snapshots = readonly LiveSnapshot<KubernetesObject>[];

/** How soon to look again for a CRD that is not there, and how soon whether one that is there changed its versions. */
const lookAgain = { missing: 5_000, found: 60_000 } as const;

/** Watches one runtime's primaries and all that its provider reads for them; `changed` is called for every change. */
export function watchRuntime(
  site: Site,
  provider: Provider,
  namespace: string | undefined,
  changed: () => void,
): RuntimeWatch {
  const watches = createWatches(site, changed);
  const describe = createDescriber(provider);
  const aborting = new AbortController();
  let again: NodeJS.Timeout | undefined;
  let apiVersion: string | undefined;
  /** `group/Kind` of everything that the cluster serves. */
  let served: ReadonlySet<string> = new Set();
  let namespaces = namespace === undefined ? site.cluster.namespaces : [namespace];
  /** Why only some namespaces are watched. */
  let narrowed: FailedQuery | undefined;
  let latest: LiveRuntime = { state: 'connecting', since: site.now(), unread: [], rows: [], snapshots: [] };

  function become(next: Omit<LiveRuntime, 'since'>): LiveRuntime {
    latest = { ...next, since: next.state === latest.state ? latest.since : site.now() };
    return latest;
  }

  async function look(): Promise<void> {
    try {
      const found = await site.readVersion(provider, aborting.signal);
      const resources = await site.cluster.resources({ signal: aborting.signal });
      served = new Set(resources.map(({ group, kind }) => `${group}/${kind}`));
      apiVersion = found;
      if (apiVersion === undefined) leave();
    } catch (error) {
      if (!(error instanceof FoundryError)) return;
      const { code, message, hint } = error;
      // Once there are live lists, they know better how the cluster is.
      if (apiVersion === undefined) become({ ...latest, state: 'failed', error: { code, message, hint } });
    }
    lookLater();
    changed();
  }

  function lookLater(): void {
    clearTimeout(again);
    if (aborting.signal.aborted) return;
    again = setTimeout(look, apiVersion === undefined ? lookAgain.missing : lookAgain.found);
    again.unref();
  }

  /** The CRD is not there, or no longer: nothing to watch until it comes. */
  function leave(): LiveRuntime {
    apiVersion = undefined;
    watches.stop();
    lookLater();
    return become({ state: 'not_installed', unread: [], rows: [], snapshots: [] });
  }

  /** The whole cluster may not be read: from now on each namespace that may. */
  async function narrow(refusal: FailedQuery): Promise<void> {
    narrowed = refusal;
    try {
      namespaces = await readableNamespaces(site.cluster, aborting.signal);
      changed();
    } catch {}
  }

  function current(): LiveRuntime {
    if (apiVersion === undefined) return latest;
    const { group, kind, version } = primaryName(provider, apiVersion);
    const lists = watches.snapshots({ group, kind }, version, namespaces);
    const failure = lists.find(({ state }) => state === 'failed');
    if (failure?.error?.code === 'NOT_FOUND') return leave();
    if (failure?.error?.code === 'FORBIDDEN' && namespaces === undefined && !narrowed) {
      const { code, message } = failure.error;
      void narrow({ query: { group, kind }, code, message });
    }
    const primaries = lists.flatMap(({ items }) => items);
    const answer = (query: Query): Snapshots | undefined => {
      if (!served.has(`${query.group}/${query.kind}`)) return undefined;
      return watches.snapshots(query, query.group === group ? version : undefined, namespaces);
    };
    const { have, all } = followReads(provider, primaries, answer);
    watches.sweep();
    // Half of the reads would show phases that are not true: what was known stays until all have answered.
    if ([...lists, ...all].some(({ state }) => state === 'connecting')) return latest;
    const snapshots = snapshotsOf(provider, primaries, have, site.now());
    const rows = describe(snapshots);
    const stale = [...lists, ...all].find(({ state }) => state === 'stale');
    const state = failure ? 'failed' : stale ? 'stale' : 'live';
    const { error, retry } = failure ?? stale ?? {};
    return become({
      state,
      ...(error && { error }),
      ...(retry && { retry }),
      unread: [...(narrowed ? [narrowed] : []), ...have.failed],
      rows,
      snapshots,
    });
  }

  void look();
  return {
    current,
    stop() {
      aborting.abort();
      clearTimeout(again);
      watches.stop();
    },
  };
}

/** Follows the provider's reads as far as the live lists have answered; `all` are the lists that were asked. */
function followReads(
  provider: Provider,
  primaries: readonly KubernetesObject[],
  answer: (query: Query) => Snapshots | undefined,
): { readonly have: Have; readonly all: Snapshots } {
  const asked = new Set<string>();
  const all: LiveSnapshot<KubernetesObject>[] = [];
  const answered: Query[] = [];
  const failed: FailedQuery[] = [];
  const objects: KubernetesObject[] = [];
  for (;;) {
    const queries = provider.reading
      .reads(primaries, { answered, failed, objects })
      .filter((query) => !asked.has(queryKey(query)));
    if (queries.length === 0) return { have: { answered, failed, objects }, all };
    for (const query of queries) {
      asked.add(queryKey(query));
      const lists = answer(query) ?? [];
      const error = lists.find(({ state }) => state === 'failed')?.error;
      if (error) failed.push({ query, code: error.code, message: error.message });
      else if (lists.every(({ state }) => state !== 'connecting')) answered.push(query);
      all.push(...lists);
      for (const { items } of lists) objects.push(...items);
    }
  }
}
