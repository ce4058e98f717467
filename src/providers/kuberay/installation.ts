import { detectRuntime, operatorOf as rankedFirst } from '../detection.ts';
import { bearsMarks, knownWatches } from '../operators.ts';
import type { CrdFact, Installation, OperatorFact, RuntimeFacts } from '../provider.ts';
import { isAtLeast, parseVersion } from '../semantic-version.ts';
import type { Signature, Usable } from '../signature.ts';
import type { Uninstallable } from '../uninstalling.ts';
import { chart } from './releases.ts';

/** The CRDs of the chart, the primary's first. RayCronJob came with 1.6. */
export const crdNames = ['rayservices.ray.io', 'rayclusters.ray.io', 'rayjobs.ray.io', 'raycronjobs.ray.io'] as const;

/** Versions of the API that we know. v1alpha1 is older than RayServices that Ray Serve LLM can use; whatever was made in it reads as v1. */
export const versions = ['v1'] as const;

/** Fields under `spec` of a RayService, and the release that brought each. */
const fieldsSince = [
  ['suspend', 1, 7],
  ['managedBy', 1, 6],
] as const;

const name = 'app.kubernetes.io/name';
const component = 'app.kubernetes.io/component';

/** The chart, kustomize (Open Data Hub's too), Bitnami, OLM, and bundles such as AIBrix that only use the image. */
const signature: Signature = {
  title: 'KubeRay',
  group: 'ray.io',
  kind: 'RayService',
  crd: crdNames[0],
  chart: chart.chart,
  operator: {
    labels: [
      { [name]: 'kuberay-operator' },
      { [name]: 'kuberay', [component]: 'kuberay-operator' },
      { [name]: 'kuberay', [component]: 'operator' },
    ],
    olmPackage: 'kuberay-operator',
    // Not `kuberay/apiserver`.
    image: /(?:^|[/_-])kuberay[/_-]operator[^/]*$/,
    argument: /^(?:--config=)?\/etc\/kuberay\/|^(?:--feature-gates=)?(?:\w+=\w+,)*RayClusterStatusConditions=/,
    name: /(?:^|-)kuberay-operator$/,
  },
  version: {
    labels: [
      ['helm.sh/chart', 'kuberay-operator-'],
      ['app.kubernetes.io/version', ''],
    ],
  },
  watch: { argument: /^--?watch-namespace$/, setting: ['watchNamespace'] },
  usable: usableVersions,
  oddities: (crd, version) => skew(crd, version),
};

export const isOperator = (candidate: OperatorFact): boolean => bearsMarks(signature.operator, candidate);

/** The chart writes all arguments into settings when it is told to. */
export const hidesWatches = ({ settingsFrom }: OperatorFact): boolean => settingsFrom !== undefined;

export const watchedBy: Uninstallable['watchedBy'] = (operator) =>
  knownWatches(signature.watch, hidesWatches, operator);

export const operatorOf = (facts: RuntimeFacts): OperatorFact | undefined => rankedFirst(signature, facts);

/** Says what is installed: the CRD first, then the operator, in whatever namespace it runs and whoever installed it. */
export const detect = (facts: RuntimeFacts): Installation => detectRuntime(signature, facts);

function usableVersions({ served }: CrdFact): Usable {
  const usable = versions.filter((version) => served.includes(version));
  return { served: usable, read: usable[0], write: usable[0] };
}

const rayServiceCrd = (facts: RuntimeFacts): CrdFact | undefined =>
  facts.crds.find((crd) => crd.name === signature.crd);

/** Names of the fields under `spec` of a RayService v1, or undefined where the CRD tells none. */
export const rayServiceFields = (facts: RuntimeFacts): readonly string[] | undefined =>
  rayServiceCrd(facts)?.specFields?.v1;

/** Fields of a RayService that came after a release; none where that is no version. */
export function newerFields(version: string): readonly string[] {
  const release = parseVersion(version);
  if (release === undefined) return [];
  return fieldsSince.filter(([, major, minor]) => !isAtLeast(release, major, minor)).map(([field]) => field);
}

/** Whether helm left CRDs behind that are older than the operator. */
export function areCrdsBehind(facts: RuntimeFacts): boolean {
  const crd = rayServiceCrd(facts);
  return crd !== undefined && behind(crd, detect(facts).version) !== undefined;
}

/** The first field that a CRD of the operator's version would have. */
function behind({ specFields }: CrdFact, version: string | undefined): (typeof fieldsSince)[number] | undefined {
  const fields = specFields?.v1;
  const operator = version === undefined ? undefined : parseVersion(version);
  return (
    fields && fieldsSince.find(([field, major, minor]) => isAtLeast(operator, major, minor) && !fields.includes(field))
  );
}

/** CRDs that helm left behind, or that were applied for an operator that never came. */
function skew(crd: CrdFact, version: string | undefined): readonly string[] {
  const missing = behind(crd, version);
  if (missing) {
    const [field, major, minor] = missing;
    return [
      `Its CRDs are older than the operator (no spec.${field}, which came with ${major}.${minor}): helm leaves CRDs behind, an upgrade applies them.`,
    ];
  }
  const operator = version === undefined ? undefined : parseVersion(version);
  const ahead = fieldsSince.find(
    ([field, major, minor]) => operator && !isAtLeast(operator, major, minor) && crd.specFields?.v1?.includes(field),
  );
  if (!ahead) return [];
  const [field, major, minor] = ahead;
  return [
    `Its CRDs are newer than the operator (spec.${field} came with ${major}.${minor}): the operator ignores what it does not know; upgrade it to ${major}.${minor}.`,
  ];
}
