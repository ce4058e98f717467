import type { KubernetesObject } from '../kubernetes.ts';
import type { FailedQuery, Have, Provider, Query, Snapshot } from '../providers/provider.ts';
import { listWherePermitted, type PermittedList } from './permitted.ts';
import type { Site } from './site.ts';

/** Answers the providers' queries; the same query is sent once, whoever asks. Good for one call. */
export interface Reader {
  /** One snapshot per primary, in their order, and what could not be read for them. */
  snapshots(
    provider: Provider,
    primaries: readonly KubernetesObject[],
  ): Promise<{ readonly snapshots: readonly Snapshot[]; readonly failed: readonly FailedQuery[] }>;
}

interface Answer {
  readonly query: Query;
  readonly objects: readonly KubernetesObject[];
  readonly failed: readonly FailedQuery[];
}

export const queryKey = ({ group, kind, namespace, labelSelector, fieldSelector }: Query): string =>
  JSON.stringify([group, kind, namespace, labelSelector, fieldSelector]);

/** All that there is to know of a kind for this call: it is not asked for. */
interface Given {
  readonly group: string;
  readonly kind: string;
  /** Asked only by those who await it: a promise that nobody awaited would end the program with its failure. */
  objects(): Promise<readonly KubernetesObject[]>;
}

export function createReader(site: Site, signal: AbortSignal, given: readonly Given[] = []): Reader {
  const lists = new Map<string, Promise<PermittedList>>();

  /** The version of a runtime's own kinds follows the primary's: with conversion down only that one can be read. */
  async function answer(provider: Provider, query: Query, namespaces: readonly string[]): Promise<Answer> {
    const known = given.find(({ group, kind }) => group === query.group && kind === query.kind);
    if (known) return { query, objects: await known.objects(), failed: [] };
    const resources = await site.cluster.resources({ signal });
    const served = resources.filter(({ group, kind }) => group === query.group && kind === query.kind);
    const [resource] = served;
    if (!resource) return { query, objects: [], failed: [] };
    const own = query.group === provider.group ? await site.readVersion(provider, signal) : undefined;
    const version = served.find((candidate) => `${candidate.group}/${candidate.version}` === own)?.version;
    // What belongs to a deployment lives in its namespace: one namespace is less to read, and more often permitted.
    const [only, ...others] = namespaces;
    const namespace = query.namespace ?? (resource.namespaced && others.length === 0 ? only : undefined);
    const { group, kind, labelSelector, fieldSelector } = query;
    const key = JSON.stringify([queryKey({ ...query, namespace }), version]);
    const list =
      lists.get(key) ??
      listWherePermitted(
        site.cluster,
        { group, kind, version },
        { namespace, labelSelector, fieldSelector, signal, enough: namespaces },
      );
    lists.set(key, list);
    const { objects, failed } = await list;
    return {
      query,
      objects,
      failed: failed.map((read) => ({
        query: { ...query, namespace: read.namespace },
        code: read.error.code,
        message: read.error.message,
      })),
    };
  }

  async function gather(provider: Provider, primaries: readonly KubernetesObject[]): Promise<Have> {
    const namespaces = [...new Set(primaries.map(({ metadata }) => metadata.namespace ?? ''))];
    const asked = new Set<string>();
    let have: Have = { answered: [], failed: [], objects: [] };
    for (;;) {
      const queries = provider.reading.reads(primaries, have).filter((query) => !asked.has(queryKey(query)));
      if (queries.length === 0) return have;
      for (const query of queries) asked.add(queryKey(query));
      const answers = await Promise.all(queries.map((query) => answer(provider, query, namespaces)));
      have = {
        answered: [...have.answered, ...answers.filter(isAnswered).map(({ query }) => query)],
        failed: [...have.failed, ...answers.flatMap(({ failed }) => failed)],
        objects: [...have.objects, ...answers.flatMap(({ objects }) => objects)],
      };
    }
  }

  return {
    async snapshots(provider, primaries) {
      if (primaries.length === 0) return { snapshots: [], failed: [] };
      const readable = primaries.filter((primary) => isReadable(provider, primary));
      const have = await gather(provider, readable);
      return { snapshots: snapshotsOf(provider, primaries, have, site.now()), failed: have.failed };
    },
  };
}

/** The snapshot of an object that was created just now: nothing belongs to it yet, so that nothing needs to be read. */
export function snapshotOfNew(provider: Provider, primary: KubernetesObject, now: Date): Snapshot | undefined {
  let have = nothing;
  for (;;) {
    const answered = new Set(have.answered.map(queryKey));
    const queries = provider.reading.reads([primary], have).filter((query) => !answered.has(queryKey(query)));
    if (queries.length === 0) return snapshotsOf(provider, [primary], have, now)[0];
    have = { ...have, answered: [...have.answered, ...queries] };
  }
}

/** Some namespaces may have failed; what was read counts. */
const isAnswered = ({ objects, failed }: Answer): boolean => objects.length > 0 || failed.length === 0;

const nothing: Have = { answered: [], failed: [], objects: [] };

/** An object that others broke must not take the rest of the list with it. */
function isReadable(provider: Provider, primary: KubernetesObject): boolean {
  try {
    provider.reading.reads([primary], nothing);
    return true;
  } catch {
    return false;
  }
}

/** One snapshot per primary; where the provider cannot take them all at once, each on its own, bare if need be. */
function snapshotsOf(
  provider: Provider,
  primaries: readonly KubernetesObject[],
  have: Have,
  now: Date,
): readonly Snapshot[] {
  try {
    return provider.reading.snapshots(primaries, have, now);
  } catch {
    return primaries.map((primary) => {
      try {
        const [snapshot] = provider.reading.snapshots([primary], have, now);
        if (snapshot) return snapshot;
      } catch {}
      return { primary, objects: [], unread: [], now };
    });
  }
}
