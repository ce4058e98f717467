import { managerOf, stampOf } from './managers.ts';
import type { Facts, OperatorFact, ReleaseFact, RuntimeFacts } from './provider.ts';
import { compareVersions, parseVersion, skipsNoMinor } from './semantic-version.ts';

/** One release of a runtime that KubeFoundry installs, and what belongs to it. */
export interface Release {
  /** Of the operator, and of its chart. */
  readonly version: string;
  /** Image of the operator. */
  readonly operator: string;
  /** The oldest Kubernetes it supports: `<major>.<minor>`. */
  readonly kubernetes: string;
  /** What the upgrade to it brings with it. */
  readonly upgrade?: string;
  /** What of it asks for a volume of the default StorageClass, unless its values say otherwise. */
  readonly volume?: string;
}

/** A helm chart, and where it is published. */
export interface Chart {
  readonly title: string;
  readonly chart: string;
  readonly repository: string;
  /** Oldest first. */
  readonly releases: readonly Release[];
}

/** Where a chart is or will be installed. */
export interface Place {
  readonly release: string;
  readonly namespace: string;
}

export const knownRelease = ({ releases }: Pick<Chart, 'releases'>, version: string): Release | undefined =>
  releases.find((release) => release.version === version);

/** The release that a version is one of or a patch of; undefined for a minor version that KubeFoundry does not know. */
export const releaseOfMinor = (releases: readonly Release[], version: string): Release | undefined => {
  const wanted = parseVersion(version);
  return releases.find((release) => {
    const known = parseVersion(release.version);
    return wanted !== undefined && known?.major === wanted.major && known.minor === wanted.minor;
  });
};

export const knownVersions = ({ releases }: Pick<Chart, 'releases'>): string =>
  releases.map(({ version }) => version).join(', ');

/** What is said of a version that stands in no row of the table. */
export function versionWords(
  chart: Chart,
  version: string,
): { readonly blockers: readonly string[]; readonly warnings: readonly string[] } {
  if (knownRelease(chart, version)) return { blockers: [], warnings: [] };
  const known = `known versions: ${knownVersions(chart)}`;
  if (parseVersion(version) === undefined) {
    return { blockers: [`${JSON.stringify(version)} is not a version of ${chart.title}; ${known}.`], warnings: [] };
  }
  const warning = `KubeFoundry does not know ${chart.title} ${version}: some answers about it may be wrong; ${known}.`;
  return { blockers: [], warnings: [warning] };
}

/** Whether a version is older than another; false where either is no version. */
export function isOlder(version: string, other: string): boolean {
  const [one, two] = [parseVersion(version), parseVersion(other)];
  return one !== undefined && two !== undefined && compareVersions(one, two) < 0;
}

/** The known releases that one upgrade leads to, oldest first; none from a version that cannot be read. */
export function releasesAfter(releases: readonly Release[], version: string, skipsMinors: boolean): readonly Release[] {
  const installed = parseVersion(version);
  if (installed === undefined) return [];
  return releases.filter((release) => {
    const candidate = parseVersion(release.version);
    if (candidate === undefined || compareVersions(candidate, installed) <= 0) return false;
    return skipsMinors || skipsNoMinor(candidate, installed);
  });
}

/**
 * The helm releases of a chart; none where helm could not be asked. What `helm uninstall --keep-history` keeps of one
 * that is gone is none.
 */
export const releasesOf = ({ releases = [] }: RuntimeFacts, { chart }: Pick<Chart, 'chart'>): readonly ReleaseFact[] =>
  releases.filter((release) => release.chart === chart && release.status !== 'uninstalled');

/** The release that an operator belongs to, where helm tells of it. */
export function releaseOf(
  facts: RuntimeFacts,
  chart: Pick<Chart, 'chart'>,
  operator: OperatorFact,
): ReleaseFact | undefined {
  const stamp = stampOf(operator);
  const namespace = stamp?.namespace ?? operator.namespace;
  const name = stamp?.release ?? operator.labels['app.kubernetes.io/instance'];
  const found = releasesOf(facts, chart).filter((release) => release.namespace === namespace);
  return found.find((release) => release.name === name) ?? (stamp ? undefined : found[0]);
}

/**
 * Where helm may change an operator; undefined when something else installed it, or brings it back to what it was. What
 * helm stamped it with is believed where helm could not be asked; its labels are not: GitOps tools render charts too.
 */
export function placeOf(facts: Facts, chart: Chart, operator: OperatorFact): Place | undefined {
  if (managerOf(operator) !== undefined) return undefined;
  if (facts.releases === undefined) return stampOf(operator);
  const own = releaseOf(facts, chart, operator);
  return own && { release: own.name, namespace: own.namespace };
}

/** Why helm must not touch an operator that something else installed. */
export function foreign(chart: Chart, operator: OperatorFact, verb: string): string {
  const where = `${operator.namespace}/${operator.name}`;
  const manager = managerOf(operator);
  if (manager !== undefined) return `The operator ${where} is managed by ${manager}: ${verb} it there.`;
  const told = operator.labels['app.kubernetes.io/managed-by'];
  const by = told === undefined || told === 'Helm' ? '' : ` (it is managed by ${told})`;
  return `No helm release of the chart ${chart.chart} holds the operator ${where}${by}: ${verb} it the way it was installed.`;
}

/** Several releases of one chart fight over the same objects; nobody can tell which is meant. */
export function rivals(facts: Facts, chart: Chart): readonly string[] {
  const found = releasesOf(facts, chart);
  if (found.length < 2) return [];
  const named = found.map(({ namespace, name, status }) => `${namespace}/${name} (${status})`).join(', ');
  return [
    `There are ${found.length} helm releases of ${chart.chart}: ${named}. Uninstall all but one with helm first.`,
  ];
}

/** Says that helm did not get to the end with the release; undefined where it did, or nobody knows. */
export function unfinished(facts: Facts, chart: Chart): string | undefined {
  const [release] = releasesOf(facts, chart);
  return release === undefined || release.status === 'deployed'
    ? undefined
    : `its helm release ${release.name} is ${release.status}`;
}
