import type { Facts, Installation, OperatorFact, Plan, Step } from '../provider.ts';
import { crdNames, detect, operatorOf } from './installation.ts';
import { chart, defaultNamespace, defaultVersion, foreign, releaseOf, repository, unreadBlockers } from './release.ts';

/** Versions whose RayServices we have seen working; others may. */
const known = /^1\.[67]\./;

const versionMistake = (version: string): readonly string[] =>
  /^\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$/.test(version)
    ? []
    : [`${JSON.stringify(version)} is not a version such as ${defaultVersion}.`];

const versionWarnings = (version: string): readonly string[] =>
  known.test(version) ? [] : [`KubeFoundry knows KubeRay 1.6 and 1.7; with ${version} some answers may be wrong.`];

function helm(action: 'install' | 'upgrade', version: string, release: string, namespace: string): Step {
  const create = action === 'install' ? ' --create-namespace' : ' --reset-then-reuse-values';
  return {
    kind: 'helm',
    action,
    title: `${action === 'install' ? 'Install' : 'Upgrade'} the chart ${chart} ${version} in ${namespace}`,
    command: `helm ${action} ${release} ${chart} --repo ${repository} --version ${version} --namespace ${namespace}${create} --wait`,
    release,
    namespace,
    chart,
    repository,
    version,
    values: {},
  };
}

/** helm never changes CRDs that are there: they are applied first, server-side, being too large for an annotation. */
function applyCrds(version: string): Step {
  const source = `https://github.com/ray-project/kuberay/ray-operator/config/crd?ref=v${version}`;
  return {
    kind: 'applyCrds',
    title: `Apply the CRDs of KubeRay ${version}`,
    command: `kubectl apply --server-side --force-conflicts -k "${source.replace('https://', '')}"`,
    source,
    names: crdNames,
    chart: { chart, repository, version },
  };
}

const waitCrds: Step = {
  kind: 'waitCrds',
  title: 'Wait until the CRDs are served',
  command: `kubectl wait --for=condition=Established crd/${crdNames[0]} crd/${crdNames[1]} --timeout=60s`,
  names: crdNames.slice(0, 2),
};

const waitOperator = (namespace: string, name: string): Step => ({
  kind: 'waitOperator',
  title: `Wait until the operator ${namespace}/${name} is available`,
  command: `kubectl rollout status deployment/${name} --namespace ${namespace} --timeout=300s`,
  namespace,
  name,
});

const hasCrds = (facts: Facts): boolean => facts.crds.some((crd) => crdNames.some((name) => name === crd.name));

/** The operator is there but its CRDs are not, as after they were deleted by hand: they are put back. */
function planCrds(installation: Installation, operator: OperatorFact, version: string): Plan {
  return {
    summary: `Apply the CRDs of KubeRay ${version}, which are missing; the operator ${operator.namespace}/${operator.name} is there.`,
    steps: [applyCrds(version), waitCrds, waitOperator(operator.namespace, operator.name)],
    warnings: versionWarnings(version),
    blockers: [...versionMistake(version), ...unreadBlockers(installation)],
  };
}

export function planInstall(facts: Facts, options: { readonly version?: string }): Plan {
  const version = options.version ?? defaultVersion;
  const installation = detect(facts);
  const operator = operatorOf(facts);
  if (operator !== undefined && installation.state === 'partial')
    return planCrds(installation, operator, options.version ?? installation.version ?? defaultVersion);
  const there =
    operator === undefined
      ? []
      : [
          `A KubeRay operator${installation.version === undefined ? '' : ` ${installation.version}`} is there already, ${operator.namespace}/${operator.name}; two would fight over every RayService. Upgrade it instead.`,
        ];
  return {
    summary: `Install KubeRay ${version} with helm into ${defaultNamespace}.`,
    steps: [
      ...(hasCrds(facts) ? [applyCrds(version)] : []),
      helm('install', version, chart, defaultNamespace),
      waitCrds,
      waitOperator(defaultNamespace, chart),
    ],
    warnings: versionWarnings(version),
    blockers: [...versionMistake(version), ...unreadBlockers(installation), ...there],
  };
}

const parts = (version: string): readonly number[] => (version.split('-')[0] ?? '').split('.').map(Number);

function isOlder(one: string, other: string): boolean {
  const [left, right] = [parts(one), parts(other)];
  const differs = left.findIndex((part, index) => part !== right[index]);
  return differs >= 0 && (left[differs] ?? 0) < (right[differs] ?? 0);
}

export function planUpgrade(facts: Facts, options: { readonly version?: string }): Plan {
  const version = options.version ?? defaultVersion;
  const installation = detect(facts);
  const operator = operatorOf(facts);
  const release = operator && releaseOf(operator);
  const namespace = operator?.namespace ?? defaultNamespace;
  const current = installation.version;
  return {
    summary: `Upgrade KubeRay${current === undefined ? '' : ` from ${current}`} to ${version}: CRDs first, then the operator.`,
    steps: [
      applyCrds(version),
      waitCrds,
      helm('upgrade', version, release ?? chart, namespace),
      waitOperator(namespace, operator?.name ?? chart),
    ],
    warnings: [
      ...versionWarnings(version),
      ...(current !== undefined && isOlder(version, current)
        ? [`${version} is older than ${current}, which is installed.`]
        : []),
      'A new operator may replace the RayClusters of running RayServices: each needs its GPUs twice until the new one serves.',
    ],
    blockers: [
      ...versionMistake(version),
      ...unreadBlockers(installation),
      ...(operator === undefined
        ? ['There is no KubeRay operator to upgrade; install it instead.']
        : release === undefined
          ? [foreign(operator, 'upgrade')]
          : []),
    ],
  };
}
