import type { LiveList, LiveSnapshot } from '../cluster/cluster.ts';
import { FoundryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import type { FailedQuery, Provider, Query } from '../providers/provider.ts';
import { createIntake } from './list-changes.ts';
import { type Packed, packerOf, primaryPacker } from './packed.ts';
import { namespacesToTry } from './permitted.ts';
import { primaryName } from './primaries.ts';
import { queryKey } from './reading.ts';
import { createRows, type Rows } from './rows.ts';
import { inContext } from './shell.ts';
import type { Site } from './site.ts';
import { createWatches } from './watches.ts';

/** How one runtime's deployments can be watched at one moment. */
export interface LiveRuntime {
  readonly state: 'connecting' | 'live' | 'stale' | 'failed' | 'not_installed';
  readonly since: Date;
  /** Why it is stale or failed. */
  readonly error?: LiveSnapshot<never>['error'];
  /** When it is tried again. */
  readonly retry?: Date;
  /** What cannot be read: the deployments of the whole cluster where only some namespaces may be, what belongs to them. */
  readonly unread: readonly FailedQuery[];
}

export interface RuntimeWatch extends Pick<Rows, 'list' | 'find'> {
  /**
   * Takes in what the live lists tell and works out rows until that time (`performance.now()`).
   * True = all is worked out: `current`, `list` and `find` then tell of the same moment.
   */
  advance(until: number): boolean;
  current(): LiveRuntime;
  stop(): void;
}

type Lists = readonly LiveList<Packed>[];

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
  let rows = createRows(provider);
  let intake = createIntakes();
  const aborting = new AbortController();
  let again: NodeJS.Timeout | undefined;
  let apiVersion: string | undefined;
  /** `group/Kind` of everything that the cluster serves. */
  let served: ReadonlySet<string> = new Set();
  let namespaces = namespace === undefined ? site.cluster.namespaces : [namespace];
  /** Why only some namespaces are watched. */
  let narrowed: FailedQuery | undefined;
  let latest: LiveRuntime = { state: 'connecting', since: site.now(), unread: [] };

  function become(next: Omit<LiveRuntime, 'since'>): void {
    const { error } = next;
    const told = error && { error: { ...error, hint: inContext(error.hint, site.cluster.namedContext) } };
    latest = { ...next, ...told, since: next.state === latest.state ? latest.since : site.now() };
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
  function leave(): void {
    apiVersion = undefined;
    watches.stop();
    lookLater();
    rows = createRows(provider);
    intake = createIntakes();
    become({ state: 'not_installed', unread: [] });
  }

  /** The whole cluster may not be read: from now on each namespace that may. */
  async function narrow(refusal: FailedQuery): Promise<void> {
    narrowed = refusal;
    try {
      namespaces = (await namespacesToTry(site.cluster, aborting.signal)).names;
      changed();
    } catch {}
  }

  function advance(until: number): boolean {
    if (apiVersion === undefined) return true;
    const { group, kind, version } = primaryName(provider, apiVersion);
    const lists = watches.lists({ group, kind }, primaryPacker, version, namespaces);
    const primaries = lists.map((list) => list.snapshot());
    const failure = primaries.find(({ state }) => state === 'failed');
    if (failure?.error?.code === 'NOT_FOUND') {
      leave();
      return true;
    }
    if (failure?.error?.code === 'FORBIDDEN' && namespaces === undefined && !narrowed) {
      const { code, message } = failure.error;
      void narrow({ query: { group, kind }, code, message });
    }
    if (primaries.every(({ state }) => state !== 'connecting')) rows.primaries(intake.primaries(lists));
    const answer = (query: Query): Lists | undefined => {
      if (!served.has(`${query.group}/${query.kind}`)) return undefined;
      const own = query.group === group ? version : undefined;
      return watches.lists(query, () => packerOf(provider, query), own, namespaces);
    };
    const { failed, below } = followReads(provider, rows.asking(apiVersion), answer);
    watches.sweep();
    const all = [...primaries, ...below.map((list) => list.snapshot())];
    // Half of the reads would show phases that are not true: what was known stays until all have answered.
    if (all.some(({ state }) => state === 'connecting')) return true;
    rows.belongings(intake.belongings(below));
    rows.unread(failed);
    if (!rows.judge(until, site.now())) return false;
    const stale = all.find(({ state }) => state === 'stale');
    const { error, retry } = failure ?? stale ?? {};
    become({
      state: failure ? 'failed' : stale ? 'stale' : 'live',
      ...(error && { error }),
      ...(retry && { retry }),
      unread: [...(narrowed ? [narrowed] : []), ...failed],
    });
    return true;
  }

  void look();
  return {
    advance,
    current: () => latest,
    list: () => rows.list(),
    find: (...at) => rows.find(...at),
    stop() {
      aborting.abort();
      clearTimeout(again);
      watches.stop();
    },
  };
}

const createIntakes = () => ({ primaries: createIntake<Packed>(), belongings: createIntake<Packed>() });

/** Follows the provider's reads as far as the live lists have answered; `below` are the lists that were asked. */
function followReads(
  provider: Provider,
  primaries: readonly KubernetesObject[],
  answer: (query: Query) => Lists | undefined,
): { readonly failed: readonly FailedQuery[]; readonly below: Lists } {
  const asked = new Set<string>();
  const below: LiveList<Packed>[] = [];
  const answered: Query[] = [];
  const failed: FailedQuery[] = [];
  for (;;) {
    const queries = provider.reading
      .reads(primaries, { answered, failed })
      .filter((query) => !asked.has(queryKey(query)));
    if (queries.length === 0) return { failed, below };
    for (const query of queries) {
      asked.add(queryKey(query));
      const lists = answer(query) ?? [];
      const snapshots = lists.map((list) => list.snapshot());
      const error = snapshots.find(({ state }) => state === 'failed')?.error;
      if (error) failed.push({ query, code: error.code, message: error.message });
      else if (snapshots.every(({ state }) => state !== 'connecting')) answered.push(query);
      below.push(...lists);
    }
  }
}
