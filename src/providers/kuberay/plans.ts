import type { ObjectReference } from '../../kubernetes.ts';
import { disappearing } from '../crd-deletion.ts';
import { downgradeRefusal } from '../downgrade.ts';
import { checkCluster, illness, operatorRestarts } from '../installation-checks.ts';
import { helm, recovery, waitCrds, waitOperator } from '../installation-steps.ts';
import type { Facts, Installation, OperatorFact, Plan, Step } from '../provider.ts';
import { foreign, isOlder, type Place, placeOf, releasesOf, rivals, unfinished, versionWords } from '../releases.ts';
import { areCrdsBehind, crdNames, detect, newerFields, operatorOf, rayServiceFields } from './installation.ts';
import { chart, defaultNamespace, defaultVersion, skipsMinors } from './releases.ts';

/** helm never changes CRDs that are there: they are applied first, server-side, being too large for an annotation. */
function applyCrds(version: string): Step {
  const { chart: name, repository } = chart;
  return {
    kind: 'applyCrds',
    title: `Apply the CRDs of KubeRay ${version}`,
    command: `helm show crds ${name} --repo ${repository} --version ${version} | kubectl apply --server-side --force-conflicts -f -`,
    names: crdNames,
    chart: { chart: name, repository, version },
  };
}

/** RayCronJob came with 1.6. */
const waitForCrds = waitCrds(crdNames.slice(0, 2));

const hasCrds = (facts: Facts): boolean => facts.crds.some((crd) => crdNames.some((name) => name === crd.name));

const unreadBlockers = ({ state, message }: Installation): readonly string[] => (state === 'unknown' ? [message] : []);

/** The operator is there but its CRDs are not, as after they were deleted by hand: they are put back. */
function planCrds(facts: Facts, operator: OperatorFact, version: string): Plan {
  const { steps, blockers } = checkCluster(facts, chart, version);
  const words = versionWords(chart, version);
  return {
    summary: `Apply the CRDs of KubeRay ${version}, which are missing; the operator ${operator.namespace}/${operator.name} is there.`,
    steps: [...steps, applyCrds(version), waitForCrds, waitOperator(operator.namespace, operator.name)],
    warnings: words.warnings,
    blockers: [...words.blockers, ...blockers, ...disappearing(facts, crdNames)],
  };
}

export function planInstall(facts: Facts, options: { readonly version?: string }): Plan {
  const installation = detect(facts);
  const operator = operatorOf(facts);
  if (operator !== undefined && installation.state === 'partial')
    return planCrds(facts, operator, options.version ?? installation.version ?? defaultVersion);
  const [begun] = releasesOf(facts, chart);
  const version = options.version ?? begun?.version ?? defaultVersion;
  const place: Place = { release: begun?.name ?? chart.chart, namespace: begun?.namespace ?? defaultNamespace };
  const checked = checkCluster(facts, chart, version);
  const words = versionWords(chart, version);
  const there =
    operator === undefined
      ? []
      : [
          `A KubeRay operator${installation.version === undefined ? '' : ` ${installation.version}`} is there already, ${operator.namespace}/${operator.name}; two would fight over every RayService. Upgrade it instead.`,
        ];
  return {
    summary: `Install KubeRay ${version} with helm into ${place.namespace}.`,
    steps: [
      ...checked.steps,
      ...recovery(chart, begun, operator),
      ...(hasCrds(facts) ? [applyCrds(version)] : []),
      helm('install', chart, place, version),
      waitForCrds,
      waitOperator(place.namespace, chart.chart),
    ],
    warnings: [...words.warnings, ...checked.warnings, ...startedAgain(facts, version)],
    blockers: [
      ...words.blockers,
      ...checked.blockers,
      ...unreadBlockers(installation),
      ...disappearing(facts, crdNames),
      ...rivals(facts, chart),
      ...there,
    ],
  };
}

const clustersReplaced =
  'A new operator may replace the RayClusters of running RayServices: each needs its GPUs twice until the new one serves.';

/** Why the version that is installed is not left as it is; undefined when it is well. */
function flaw(facts: Facts, { state }: Installation): string | undefined {
  return unfinished(facts, chart) ?? (areCrdsBehind(facts) ? 'its CRDs are older than its operator' : illness(state));
}

export function planUpgrade(
  facts: Facts,
  options: { readonly version?: string; readonly deployments?: readonly ObjectReference[] },
): Plan {
  const installation = detect(facts);
  const operator = operatorOf(facts);
  if (operator === undefined)
    return refused([...unreadBlockers(installation), 'There is no KubeRay operator to upgrade; install it instead.']);
  const current = installation.version;
  if (options.version === undefined && current === undefined) {
    return refused([
      `The version of the KubeRay operator ${operator.namespace}/${operator.name} is not known: name the version that it should have.`,
    ]);
  }
  const version = options.version ?? defaultVersion;
  const place = placeOf(facts, chart, operator);
  const refusal = current === undefined ? undefined : downgrade(current, version, place);
  if (refusal) return refusal;
  const broken = flaw(facts, installation);
  if (version === current && broken === undefined) {
    return { summary: upToDate(installation), steps: [], warnings: [], blockers: unreadBlockers(installation) };
  }
  const [release] = releasesOf(facts, chart);
  const checked = checkCluster(facts, chart, version);
  const words = versionWords(chart, version);
  return {
    summary:
      version === current
        ? `Repair KubeRay ${version}: ${broken}.`
        : `Upgrade KubeRay${current === undefined ? '' : ` from ${current}`} to ${version}: CRDs first, then the operator.`,
    steps: [
      ...checked.steps,
      ...recovery(chart, release, operator),
      applyCrds(version),
      waitForCrds,
      ...(place ? [helm('upgrade', chart, place, version)] : []),
      waitOperator(operator.namespace, operator.name),
    ],
    warnings: [
      ...words.warnings,
      ...checked.warnings,
      ...(current === undefined ? startedAgain(facts, version) : []),
      ...operatorRestarts(options.deployments),
      ...(version === current ? [] : [clustersReplaced]),
    ],
    blockers: [
      ...words.blockers,
      ...checked.blockers,
      ...unreadBlockers(installation),
      ...disappearing(facts, crdNames),
      ...rivals(facts, chart),
      ...(place === undefined ? [foreign(chart, operator, 'upgrade')] : []),
    ],
  };
}

const refused = (blockers: readonly string[]): Plan => ({ summary: 'No upgrade.', steps: [], warnings: [], blockers });

/** Upstream goes back as it goes on, with helm; its CRDs may be newer than the operator. */
function downgrade(installed: string, version: string, place: Place | undefined): Plan | undefined {
  const lost = newerFields(version).includes('suspend') && !newerFields(installed).includes('suspend');
  const price = lost ? ` (deployments that are stopped start then: ${version} knows no spec.suspend)` : '';
  const byHand = place && `By hand${price}: ${helm('upgrade', chart, place, version).command}`;
  return downgradeRefusal({ runtime: 'kuberay', chart, skipsMinors, installed, version, byHand });
}

/** Older CRDs than those that are there take their fields from every object, also the one that stops a deployment. */
const startedAgain = (facts: Facts, version: string): readonly string[] =>
  newerFields(version).includes('suspend') && rayServiceFields(facts)?.includes('suspend')
    ? [
        `The CRDs that are there are newer than ${version}, which knows no spec.suspend: RayServices that are stopped start, and take GPUs.`,
      ]
    : [];

const upToDate = ({ message, version }: Installation): string =>
  `${message} Nothing to do.${version !== undefined && isOlder(version, defaultVersion) ? ` ${defaultVersion} is known: name it as version to upgrade.` : ''}`;
