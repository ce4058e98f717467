import type { Facts, Installation, Plan } from '../provider.ts';
import { detect } from './installation.ts';
import { checks, helm, namespace, notByHelm, release, releaseOf, waitUntilReady } from './steps.ts';
import { compareVersions, defaultVersion, parseVersion, releases, type Version } from './versions.ts';

/** Charts before 1.0 kept their CRDs in a second chart, and some pinned the wrong operator. */
const oldestInstalled: Version = { major: 1, minor: 0, patch: 0 };

function commonFlaws(
  facts: Facts,
  version: string,
): { readonly blockers: readonly string[]; readonly warnings: readonly string[] } {
  const wanted = parseVersion(version);
  const [kubernetes, gpus] = checks(facts);
  const blockers: string[] = [];
  const warnings: string[] = [];
  if (!wanted) blockers.push(`${version} is not a version of Dynamo; the newest known one is ${defaultVersion}.`);
  else if (compareVersions(wanted, oldestInstalled) < 0) {
    blockers.push(`Dynamo ${version} is older than 1.0, which KubeFoundry does not install.`);
  }
  if (kubernetes?.kind === 'check' && kubernetes.passed === false) {
    blockers.push(`Dynamo needs Kubernetes 1.30 or newer; this is ${facts.serverVersion}.`);
  }
  if (gpus?.kind === 'check' && gpus.passed === false) {
    warnings.push(
      'No node offers nvidia.com/gpu: deployments will stay pending until the GPU Operator or a device plugin runs.',
    );
  }
  return { blockers, warnings };
}

const plain = (version: string): string => version.replace(/^v/, '');

/** Installs the operator, cluster-wide, with the chart's own defaults. */
export function planInstall(facts: Facts, options: { readonly version?: string }): Plan {
  const version = plain(options.version ?? defaultVersion);
  const found = detect(facts);
  const target = { release, namespace, version };
  const { blockers, warnings } = commonFlaws(facts, version);
  const already = alreadyThere(found, version);
  return {
    summary: already ?? `Install Dynamo ${version} into ${namespace}.`,
    steps:
      already === undefined
        ? [
            ...checks(facts),
            helm('install', target),
            ...waitUntilReady(target, `${release}-dynamo-operator-controller-manager`),
          ]
        : [],
    warnings,
    blockers: already === undefined || found.version === version ? blockers : [...blockers, already],
  };
}

function alreadyThere({ operator, version }: Installation, wanted: string): string | undefined {
  if (!operator) return undefined;
  const there = `Dynamo ${version ?? 'of unknown version'} is already installed in ${operator.namespace}`;
  return version === wanted ? `${there}.` : `${there}: upgrade it to ${wanted} instead of installing it.`;
}

/** What a step to a release brings with it, per minor version. */
const upgradeNotes: ReadonlyMap<string, string> = new Map([
  ['1.3', '1.3 drops the CUDA 12 images: nodes need driver 580 or newer.'],
  [
    '1.4',
    '1.4 turns NATS off by default, which rolls every workload once, and refuses images without a version in their tag.',
  ],
  ['1.5', '1.5 stores DynamoGraphDeployments as v1beta1 and drops DynamoCheckpoint.'],
]);

/** The newest known release that may follow a version: of its own minor, or of the next one. */
function nextRelease(installed: Version): string | undefined {
  const known = releases.map((text) => ({ text, version: parseVersion(text) }));
  const reachable = known.filter(
    ({ version }) =>
      version &&
      compareVersions(version, installed) > 0 &&
      version.major === installed.major &&
      version.minor <= installed.minor + 1,
  );
  return reachable.at(-1)?.text;
}

function upgradeBlocker(
  installed: Version,
  wanted: Version,
  version: string,
  installedText: string,
): string | undefined {
  if (compareVersions(wanted, installed) < 0)
    return `Dynamo ${version} is older than the installed ${installedText}: KubeFoundry does not downgrade.`;
  const adjacent = wanted.major === installed.major && wanted.minor <= installed.minor + 1;
  if (adjacent) return undefined;
  const next = nextRelease(installed);
  return `Dynamo goes up one minor version at a time: from ${installedText} to ${next ?? 'the next minor version'} first, not to ${version}.`;
}

/** One upgrade step: within a minor version, or to the next one (what Dynamo 1.6 supports). */
export function planUpgrade(facts: Facts, options: { readonly version?: string }): Plan {
  const found = detect(facts);
  const installed = found.version === undefined ? undefined : parseVersion(found.version);
  if (!found.operator || !installed || found.version === undefined) {
    const blocker = found.operator
      ? "The installed operator's version is not known, so no upgrade path can be chosen."
      : 'Dynamo is not installed: install it instead.';
    return { summary: 'No upgrade.', steps: [], warnings: [], blockers: [blocker] };
  }
  const operator = facts.operators.find(
    ({ name, namespace: home }) => name === found.operator?.name && home === found.operator.namespace,
  );
  const version = plain(options.version ?? nextRelease(installed) ?? found.version);
  const wanted = parseVersion(version);
  if (version === found.version) {
    return {
      summary: `Dynamo ${version} is installed; there is nothing to upgrade to.`,
      steps: [],
      warnings: [],
      blockers: [],
    };
  }
  const target = { release: releaseOf(operator), namespace: found.operator.namespace, version };
  const { blockers, warnings } = commonFlaws(facts, version);
  const blocker = wanted && upgradeBlocker(installed, wanted, version, found.version);
  const crossed =
    wanted && wanted.minor > installed.minor ? upgradeNotes.get(`${wanted.major}.${wanted.minor}`) : undefined;
  const further =
    options.version === undefined && version !== defaultVersion ? [`${defaultVersion} is further steps away.`] : [];
  return {
    summary: `Upgrade Dynamo from ${found.version} to ${version}.`,
    steps: [...checks(facts), helm('upgrade', target), ...waitUntilReady(target, found.operator.name)],
    warnings: [
      ...warnings,
      ...(crossed === undefined ? [] : [crossed]),
      ...further,
      'While the operator restarts, deployments cannot be changed; they keep serving.',
    ],
    blockers: [...blockers, ...(blocker === undefined ? [] : [blocker]), ...notByHelm(operator)],
  };
}
