import { detectRuntime } from '../detection.ts';
import { bearsMarks, knownWatches, markOf } from '../operators.ts';
import type { CrdFact, Installation, OperatorFact, RuntimeFacts } from '../provider.ts';
import { compareVersions, parseVersion } from '../semantic-version.ts';
import type { Signature } from '../signature.ts';
import type { Uninstallable } from '../uninstalling.ts';
import { chart } from './releases.ts';
import { usableVersions } from './versions.ts';

/** CRDs of the operator, the primary's first. Those of Grove and of the Snapshot operator are not ours. */
export const crds = [
  'dynamographdeployments.nvidia.com',
  'dynamocomponentdeployments.nvidia.com',
  'dynamographdeploymentscalingadapters.nvidia.com',
  'dynamographdeploymentrequests.nvidia.com',
  'dynamomodels.nvidia.com',
  'dynamoworkermetadatas.nvidia.com',
  'dynamocheckpoints.nvidia.com',
] as const;

/** Charts 0.6 to 1.6, under whatever release name, namespace or mirror they were installed. */
const signature: Signature = {
  title: 'Dynamo',
  group: 'nvidia.com',
  kind: 'DynamoGraphDeployment',
  crd: crds[0],
  chart: chart.chart,
  operator: {
    labels: [{ 'app.kubernetes.io/name': 'dynamo-operator' }, { 'app.kubernetes.io/part-of': 'dynamo-operator' }],
    olmPackage: 'dynamo-operator',
    image: /(?:^|[/_-])(?:ai-dynamo[/_-]kubernetes-operator|dynamo-operator)$/,
    argument: /^(?:--config=)?\/etc\/dynamo-operator\//,
    name: /dynamo-operator-controller-manager$/,
  },
  version: {
    labels: [
      ['app.kubernetes.io/version', ''],
      ['helm.sh/chart', 'dynamo-operator-'],
    ],
    argument: /^--?operator-version$/,
    annotation: 'dynamo.nvidia.com/operator-version',
  },
  // The argument until 0.9; releases since then have it in their settings.
  watch: { argument: /^--?restricted-?namespace$/i, setting: ['namespace', 'restricted'] },
  usable: usableVersions,
  oddities: (crd, version) => [skew(crd, version), unconverted(crd)].filter((note) => note !== undefined),
};

export const isOperator = (candidate: OperatorFact): boolean => bearsMarks(signature.operator, candidate);

/** By this init container, at every start (ai-dynamo/dynamo #6780); undefined where its containers are not known. */
export const appliesCrds = ({ initContainers }: OperatorFact): boolean | undefined =>
  initContainers?.includes('crd-apply');

/** Charts refuse to restrict an operator that applies its own CRDs, so that one that does is for all namespaces. */
export const hidesWatches = (operator: OperatorFact): boolean => appliesCrds(operator) !== true;

export const watchedBy: Uninstallable['watchedBy'] = (operator) =>
  knownWatches(signature.watch, hidesWatches, operator);

export const detect = (facts: RuntimeFacts): Installation => detectRuntime(signature, facts);

/** CRDs that another version's operator applied. */
function skew(crd: CrdFact, version: string | undefined): string | undefined {
  const mark = markOf(signature.version, crd);
  const [applied, running] = [mark, version].map((one) => (one === undefined ? undefined : parseVersion(one)));
  if (!applied || !running) return undefined;
  const difference = compareVersions(applied, running);
  if (difference === 0) return undefined;
  return difference < 0
    ? `Its CRDs are of ${mark}, older than the operator: an upgrade stopped half way, or the chart was told not to apply them.`
    : `Its CRDs are of ${mark}, newer than the operator: an upgrade to ${mark} stopped half way, or was taken back.`;
}

/** v1alpha1 and v1beta1 have different shapes: without a webhook what is read in the other version has lost its parts. */
const unconverted = ({ served, storage, conversion }: CrdFact): string | undefined =>
  served.length > 1 && storage !== undefined && conversion === 'None'
    ? `Its CRD serves ${served.join(' and ')} without a conversion webhook: only ${storage}, the stored version, is used.`
    : undefined;
