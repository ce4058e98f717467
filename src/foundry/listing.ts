import type { KubernetesObject } from '../kubernetes.ts';
import type { Provider } from '../providers/provider.ts';
import { providers } from '../providers/registry.ts';
import type { Phase, RuntimeId } from '../providers/spec.ts';
import { comparePlaces, decodeCursor, encodeCursor, type Place, placeOf } from './cursor.ts';
import { type Deployment, describeDeployment } from './deployment.ts';
import { requireNamespace } from './namespace.ts';
import { readPrimaries } from './primaries.ts';
import { problemsOf, type RuntimeProblem, unreachable } from './problems.ts';
import { createReader, type Reader } from './reading.ts';
import type { Site } from './site.ts';

export interface ListFilter {
  readonly runtime?: RuntimeId;
  readonly namespace?: string;
  readonly phase?: Phase;
  readonly limit: number;
  readonly cursor?: string;
}

export interface DeploymentList {
  readonly deployments: readonly Deployment[];
  /** How many match the filter, on all pages. */
  readonly total: number;
  readonly nextCursor?: string;
  /** Empty = nothing is missing. */
  readonly problems: readonly RuntimeProblem[];
}

interface Candidate {
  readonly provider: Provider;
  readonly primary: KubernetesObject;
  readonly place: Place;
}

/** The providers that a filter leaves. */
export const providersFor = (runtime: RuntimeId | undefined): readonly Provider[] =>
  providers.filter(({ id }) => runtime === undefined || id === runtime);

/**
 * One list over all runtimes, in the order of namespace, name, runtime.
 *
 * @throws FoundryError when nothing can be read at all (CLUSTER_UNREACHABLE, UNAUTHENTICATED, TIMEOUT), NOT_FOUND where
 * the namespace does not exist
 */
export async function listDeployments(site: Site, filter: ListFilter, signal: AbortSignal): Promise<DeploymentList> {
  const { runtime, namespace, phase } = filter;
  const chosen = { context: site.context, runtime, namespace, phase };
  const after = filter.cursor === undefined ? undefined : decodeCursor(filter.cursor, chosen);
  const reads = await Promise.all(
    providersFor(filter.runtime).map((provider) => readPrimaries(site, provider, { namespace }, signal)),
  );
  const failure = unreachable(reads);
  if (failure) throw failure;
  if (namespace !== undefined && reads.every(({ objects }) => objects.length === 0)) {
    await requireNamespace(site, namespace, signal);
  }

  const reader = createReader(site, signal);
  const all = reads
    .flatMap(({ provider, objects }) => objects.map((primary) => candidate(provider, primary)))
    .sort((a, b) => comparePlaces(a.place, b.place));
  // A phase is known only once everything about a deployment has been read; without that filter the page is enough.
  const described = filter.phase === undefined ? undefined : await describeAll(reader, all);
  const matching = described ? all.filter((one) => described.rows.get(one)?.phase === filter.phase) : all;
  const rest = after ? matching.filter(({ place }) => comparePlaces(place, after) > 0) : matching;
  const page = rest.slice(0, filter.limit);
  const { rows, failed } = described ?? (await describeAll(reader, page));
  const last = page.at(-1);
  return {
    deployments: page.flatMap((one) => rows.get(one) ?? []),
    total: matching.length,
    nextCursor: last && rest.length > page.length ? encodeCursor(last.place, chosen) : undefined,
    problems: reads.flatMap((read) => problemsOf(read, failed.get(read.provider.id) ?? [])),
  };
}

/**
 * Where deployments are, in their order, without what belongs to them: one request per runtime.
 *
 * @throws FoundryError when nothing can be read at all
 */
export async function listPlaces(site: Site, signal: AbortSignal): Promise<readonly Place[]> {
  const reads = await Promise.all(providers.map((provider) => readPrimaries(site, provider, {}, signal)));
  const failure = unreachable(reads);
  if (failure) throw failure;
  return reads
    .flatMap(({ provider, objects }) => objects.map((primary) => candidate(provider, primary).place))
    .sort(comparePlaces);
}

function candidate(provider: Provider, primary: KubernetesObject): Candidate {
  const { name, namespace = '' } = primary.metadata;
  return { provider, primary, place: placeOf({ namespace, name, runtime: provider.id }) };
}

/** The rows of the candidates; one round of reads per runtime. */
async function describeAll(reader: Reader, candidates: readonly Candidate[]) {
  const rows = new Map<Candidate, Deployment>();
  const failed = new Map<RuntimeId, Awaited<ReturnType<Reader['snapshots']>>['failed']>();
  const byProvider = Map.groupBy(candidates, ({ provider }) => provider);
  await Promise.all(
    [...byProvider].map(async ([provider, group]) => {
      const read = await reader.snapshots(
        provider,
        group.map(({ primary }) => primary),
      );
      failed.set(provider.id, read.failed);
      for (const [index, snapshot] of read.snapshots.entries()) {
        const of = group[index];
        if (of) rows.set(of, describeDeployment(provider, snapshot));
      }
    }),
  );
  return { rows, failed };
}
