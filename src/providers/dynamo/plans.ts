import type { ObjectReference } from '../../kubernetes.ts';
import { disappearing } from '../crd-deletion.ts';
import { downgradeRefusal } from '../downgrade.ts';
import { toolCall } from '../fixes.ts';
import { checkCluster, illness, operatorRestarts } from '../installation-checks.ts';
import { helm, recovery, restartOperator, waitCrds, waitOperator } from '../installation-steps.ts';
import type { Facts, Installation, OperatorFact, Plan, Step } from '../provider.ts';
import {
  foreign,
  isOlder,
  knownVersions,
  type Place,
  placeOf,
  releaseOfMinor,
  releasesAfter,
  releasesOf,
  rivals,
  unfinished,
  versionWords,
} from '../releases.ts';
import { isAtLeast, parseVersion, skipsNoMinor, type Version } from '../semantic-version.ts';
import { appliesCrds, crds, detect } from './installation.ts';
import { chart, defaultVersion } from './releases.ts';

/** The release that KubeFoundry installs, and where. */
const usualPlace: Place = { release: 'dynamo-platform', namespace: 'dynamo-system' };

const plain = (version: string): string => version.replace(/^v/, '');

/** The CRDs that every supported release has; the operator's init container applies them. */
const waiting = (namespace: string, operator: string): readonly Step[] => [
  waitOperator(namespace, operator),
  waitCrds(crds.slice(0, 3)),
];

/** Charts before 1.0 kept their CRDs in a second chart, and some pinned the wrong operator. */
function tooOld(version: string): readonly string[] {
  const wanted = parseVersion(version);
  return wanted !== undefined && !isAtLeast(wanted, 1, 0)
    ? [`Dynamo ${version} is older than 1.0, which KubeFoundry does not install; it knows ${knownVersions(chart)}.`]
    : [];
}

/** Installs the operator, cluster-wide, with the chart's own defaults. */
export function planInstall(facts: Facts, options: { readonly version?: string }): Plan {
  const found = detect(facts);
  const operator = operatorIn(facts, found);
  const [begun] = releasesOf(facts, chart);
  const version = plain(options.version ?? begun?.version ?? (operator && found.version) ?? defaultVersion);
  const place =
    (operator && placeOf(facts, chart, operator)) ??
    (begun ? { release: begun.name, namespace: begun.namespace } : usualPlace);
  // Only at its start does an operator apply CRDs: one that is up without them starts again.
  const deaf = operator !== undefined && operator.ready > 0 ? operator : undefined;
  const isInOrder = begun?.status === 'deployed' && begun.version === version;
  const already = alreadyThere(found, version);
  const checked = checkCluster(facts, chart, version);
  const words = versionWords(chart, version);
  const blockers = [
    ...words.blockers,
    ...tooOld(version),
    ...checked.blockers,
    ...disappearing(facts, crds),
    ...rivals(facts, chart),
    ...(operator && !placeOf(facts, chart, operator) ? [foreign(chart, operator, 'install')] : []),
    ...(operator && found.state === 'partial' && appliesCrds(operator) === false ? [mute(operator, version)] : []),
  ];
  return {
    summary:
      already ??
      (deaf
        ? `Bring back the CRDs of Dynamo ${version}, which are missing.`
        : `Install Dynamo ${version} into ${place.namespace}.`),
    steps:
      already === undefined
        ? [
            ...checked.steps,
            ...recovery(chart, begun, operator),
            ...(deaf && isInOrder ? [] : [helm(deaf ? 'upgrade' : 'install', chart, place, version)]),
            ...(deaf ? [restartOperator(deaf)] : []),
            ...waiting(
              operator?.namespace ?? place.namespace,
              operator?.name ?? `${place.release}-dynamo-operator-controller-manager`,
            ),
          ]
        : [],
    warnings: [...words.warnings, ...checked.warnings, ...(operator ? [] : skipped(found, version))],
    blockers: already === undefined || found.version === version ? blockers : [...blockers, already],
  };
}

/** Its chart was told to leave CRDs to others, as one for a single namespace has to be: no start of it brings them back. */
const mute = ({ namespace, name }: OperatorFact, version: string): string =>
  `The operator ${namespace}/${name} applies no CRDs (its chart was installed with dynamo-operator.upgradeCRD=false): apply those of Dynamo ${version} the way they were applied, or the files in https://github.com/ai-dynamo/dynamo/tree/v${version}/deploy/operator/config/crd/bases with kubectl apply --server-side.`;

/** CRDs that an operator left tell in which version their objects were written last. */
function skipped({ version: left }: Installation, version: string): readonly string[] {
  const written = left === undefined ? undefined : parseVersion(left);
  if (left === undefined || !written) return [];
  if (!isOlder(version, left) && upgradeBlockers(written, version, left).length === 0) return [];
  return [
    `The CRDs that are there were left by Dynamo ${left}: objects of theirs may not survive the step to ${version}.`,
  ];
}

function alreadyThere({ operator, version, state }: Installation, wanted: string): string | undefined {
  if (!operator || state === 'partial') return undefined;
  const there = `Dynamo ${version ?? 'of unknown version'} is already installed in ${operator.namespace}`;
  return version === wanted ? `${there}.` : `${there}: upgrade it to ${wanted} instead of installing it.`;
}

const operatorIn = (facts: Facts, { operator }: Installation): OperatorFact | undefined =>
  facts.operators.find(({ name, namespace }) => name === operator?.name && namespace === operator.namespace);

/** Dynamo 1.6 supports one minor version a step. */
export const skipsMinors = false;

/** The newest known release that one upgrade leads to; undefined where there is none. */
const nextRelease = (installed: string): string | undefined =>
  releasesAfter(chart.releases, installed, skipsMinors).at(-1)?.version;

function upgradeBlockers(installed: Version, version: string, installedText: string): readonly string[] {
  const wanted = parseVersion(version);
  if (!wanted) return [];
  if (skipsNoMinor(wanted, installed)) return [];
  const next = nextRelease(installedText);
  const minors = 'Dynamo goes up one minor version at a time';
  if (next !== undefined) {
    const call = toolCall('install_runtime', { runtime: 'dynamo', version: next });
    return [`${minors}, from ${installedText} to ${next} first, not to ${version}: ${call}`];
  }
  return [
    `${minors} from ${installedText}, and KubeFoundry knows no step from there to ${version}; known versions: ${knownVersions(chart)}.`,
  ];
}

/** One upgrade step: within a minor version, or to the next one (what Dynamo 1.6 supports). */
export function planUpgrade(
  facts: Facts,
  options: { readonly version?: string; readonly deployments?: readonly ObjectReference[] },
): Plan {
  const found = detect(facts);
  const installed = found.version === undefined ? undefined : parseVersion(found.version);
  const operator = operatorIn(facts, found);
  if (!operator || !installed || found.version === undefined) {
    const blocker = operator
      ? "The installed operator's version is not known, so no upgrade path can be chosen."
      : 'Dynamo is not installed: install it instead.';
    return { summary: 'No upgrade.', steps: [], warnings: [], blockers: [blocker] };
  }
  const next = nextRelease(found.version);
  const version = plain(options.version ?? next ?? found.version);
  const refusal = downgradeRefusal({ runtime: 'dynamo', chart, skipsMinors, installed: found.version, version });
  if (refusal) return refusal;
  const broken = unfinished(facts, chart) ?? illness(found.state);
  if (version === found.version && broken === undefined) {
    const newer = next === undefined ? '' : ` ${next} is the next version: name it to upgrade.`;
    return { summary: `${found.message} Nothing to do.${newer}`, steps: [], warnings: [], blockers: [] };
  }
  const place = placeOf(facts, chart, operator);
  const [release] = releasesOf(facts, chart);
  const checked = checkCluster(facts, chart, version);
  const words = versionWords(chart, version);
  return {
    summary:
      version === found.version
        ? `Repair Dynamo ${version}: ${broken}.`
        : `Upgrade Dynamo from ${found.version} to ${version}.`,
    steps: [
      ...checked.steps,
      ...recovery(chart, release, operator),
      ...(place ? [helm('upgrade', chart, place, version)] : []),
      ...waiting(operator.namespace, operator.name),
    ],
    warnings: [
      ...words.warnings,
      ...checked.warnings,
      ...broughtBy(version, installed),
      ...(options.version === undefined && isOlder(version, defaultVersion)
        ? [`${defaultVersion} is further steps away.`]
        : []),
      ...operatorRestarts(options.deployments),
    ],
    blockers: [
      ...words.blockers,
      ...tooOld(version),
      ...checked.blockers,
      ...disappearing(facts, crds),
      ...upgradeBlockers(installed, version, found.version),
      ...rivals(facts, chart),
      ...(place === undefined ? [foreign(chart, operator, 'upgrade')] : []),
    ],
  };
}

/** What the step to a minor version brings with it. */
function broughtBy(version: string, installed: Version): readonly string[] {
  const wanted = parseVersion(version);
  const row = releaseOfMinor(chart.releases, version);
  const crosses = wanted !== undefined && wanted.minor > installed.minor;
  return crosses && row?.upgrade !== undefined ? [row.upgrade] : [];
}
