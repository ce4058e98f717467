import { FoundryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import type { FailedQuery, Provider, Snapshot } from '../providers/provider.ts';
import type { RuntimeId } from '../providers/spec.ts';
import { comparePlaces, placeOf } from './cursor.ts';
import { type Deployment, describeDeployment } from './deployment.ts';
import { providersFor } from './listing.ts';
import { nearest } from './nearest.ts';
import { type Primaries, readPrimaries } from './primaries.ts';
import { installCall, notInstalled, problemsOf, type RuntimeProblem, unreachable } from './problems.ts';
import { createReader } from './reading.ts';
import type { Site } from './site.ts';

/** How a caller names a deployment. */
export interface DeploymentRef {
  readonly name: string;
  readonly namespace?: string;
  readonly runtime?: RuntimeId;
}

/** One deployment with all that was read about it. */
export interface Found {
  readonly provider: Provider;
  readonly snapshot: Snapshot;
  readonly deployment: Deployment;
  /** What could not be read: of this deployment, or of runtimes that may hold another of its name. */
  readonly problems: readonly RuntimeProblem[];
}

/**
 * Finds a deployment by name, over the namespaces that may be read and over all runtimes.
 *
 * @throws FoundryError NOT_FOUND naming where was looked and what is called alike, AMBIGUOUS listing the matches,
 * RUNTIME_NOT_INSTALLED when the named runtime is not there, FORBIDDEN and the like when nothing could be read
 */
export async function findDeployment(site: Site, ref: DeploymentRef, signal: AbortSignal): Promise<Found> {
  const { provider, primary, reads } = await findPrimary(site, ref, signal);
  const { snapshots, failed } = await createReader(site, signal).snapshots(provider, [primary]);
  const [snapshot] = snapshots;
  if (!snapshot) throw new FoundryError('INTERNAL', `${ref.name} could not be read.`, 'Report this as a bug.');
  return {
    provider,
    snapshot,
    deployment: describeDeployment(provider, snapshot),
    problems: problemsFor(reads, provider, failed),
  };
}

/**
 * The object of that name alone, without what belongs to it.
 *
 * @throws FoundryError as `findDeployment`
 */
export async function findPrimary(
  site: Site,
  ref: DeploymentRef,
  signal: AbortSignal,
): Promise<{
  readonly provider: Provider;
  readonly primary: KubernetesObject;
  readonly reads: readonly Primaries[];
}> {
  const providers = providersFor(ref.runtime);
  const reads = await Promise.all(providers.map((provider) => readPrimaries(site, provider, ref, signal)));
  const matches = reads.flatMap((read) => read.objects.map((primary) => ({ read, primary })));
  const [match, ...others] = matches;
  if (!match) throw await notFound(site, ref, reads, signal);
  if (others.length > 0) throw ambiguous(ref, matches);
  return { provider: match.read.provider, primary: match.primary, reads };
}

/** What could not be read, of this deployment and of runtimes that may hold another of its name. */
export const problemsFor = (reads: readonly Primaries[], found: Provider, failed: readonly FailedQuery[]) =>
  reads.filter(({ served }) => served).flatMap((read) => problemsOf(read, read.provider === found ? failed : []));

function ambiguous(
  ref: DeploymentRef,
  matches: readonly { readonly read: Primaries; readonly primary: KubernetesObject }[],
): FoundryError {
  const choices = matches
    .map(({ read, primary }) => ({
      name: ref.name,
      namespace: primary.metadata.namespace ?? '',
      runtime: read.provider.id,
    }))
    .sort((a, b) => comparePlaces(placeOf(a), placeOf(b)));
  const listed = choices.map(({ namespace, runtime }) => `${namespace} (${runtime})`).join(', ');
  return new FoundryError(
    'AMBIGUOUS',
    `${choices.length} deployments are called ${ref.name}: ${listed}.`,
    `Say which: "namespace": "${choices[0]?.namespace}" and "runtime": "${choices[0]?.runtime}"`,
    { matches: choices },
  );
}

async function notFound(
  site: Site,
  ref: DeploymentRef,
  reads: readonly Primaries[],
  signal: AbortSignal,
): Promise<FoundryError> {
  const [only] = reads;
  if (ref.runtime !== undefined && only && !only.served) {
    const { message, hint } = notInstalled(only.provider);
    return new FoundryError('RUNTIME_NOT_INSTALLED', message, hint, { runtime: ref.runtime });
  }
  const served = reads.filter((read) => read.served);
  const failed = served.filter((read) => read.failed.length > 0);
  const failure = unreachable(reads);
  if (failure) return failure;
  const problems = failed.flatMap((read) => problemsOf(read, []));
  const [problem] = problems;
  if (problem && failed.length === served.length) {
    return new FoundryError(
      'FORBIDDEN',
      `Cannot look for ${ref.name}: ${problems.map(({ message }) => message).join(' ')}`,
      problem.hint,
      { problems },
    );
  }
  const titles = served.map(({ provider }) => provider.title).join(' and ');
  const where = placesOf(ref.namespace === undefined ? site.cluster.namespaces : [ref.namespace]);
  const looked = titles === '' ? 'no runtime is installed' : `looked at ${titles} ${where}`;
  const unread = problems.map(({ message }) => ` ${message}`).join('');
  const alike = await namesAlike(site, ref, served, signal);
  const [first] = reads;
  const hint =
    titles === '' && first
      ? `Install a runtime: ${installCall(first.provider)}`
      : alike.length > 0
        ? `Did you mean ${alike.join(' or ')}? list_deployments shows all.`
        : 'list_deployments shows what there is.';
  return new FoundryError('NOT_FOUND', `There is no deployment ${ref.name}: ${looked}.${unread}`, hint, {
    name: ref.name,
    alike,
  });
}

/** Behind a fence, other namespaces were not looked at. */
const placesOf = (namespaces: readonly string[] | undefined): string =>
  namespaces === undefined
    ? 'in any namespace'
    : `in namespace${namespaces.length === 1 ? '' : 's'} ${namespaces.join(', ')}`;

const mostSuggestions = 3;

/** `namespace/name` of what is called alike, in any namespace: people forget the namespace more often than the name. */
async function namesAlike(
  site: Site,
  ref: DeploymentRef,
  served: readonly Primaries[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const everything = await Promise.all(served.map(({ provider }) => readPrimaries(site, provider, {}, signal)));
  const known = everything.flatMap(({ objects }) => objects.map(({ metadata }) => metadata));
  const names = [...new Set(known.map(({ name }) => name))];
  const within = names.filter((name) => ref.name.length >= 3 && (name.includes(ref.name) || ref.name.includes(name)));
  const alike = [...new Set([...nearest(ref.name, names), ...within])].flatMap((name) =>
    known.filter((metadata) => metadata.name === name),
  );
  // The same name in many namespaces says little; the one where was looked says most.
  const isNear = ({ namespace }: { namespace?: string }) => namespace === ref.namespace;
  return [...alike.filter(isNear), ...alike.filter((metadata) => !isNear(metadata))]
    .slice(0, mostSuggestions)
    .map(({ namespace, name }) => `${namespace}/${name}`);
}
