import { describe, expect, test } from 'vitest';
import { dynamo } from '../../../src/providers/dynamo/provider.ts';
import type { CrdFact, Facts, OperatorFact, Unread } from '../../../src/providers/provider.ts';
import { cluster, crd, operator } from './fixtures.ts';

const { detect, isOperator, hidesWatches } = dynamo.installation;

const manager = 'dynamo-system/dynamo-platform-dynamo-operator-controller-manager';
const restart =
  'kubectl rollout restart deployment/dynamo-platform-dynamo-operator-controller-manager --namespace dynamo-system';
const down = 'Its conversion webhook is down with it: only v1beta1 can be read.';

const forbidden = (what: Unread['what']): Unread => ({ what, code: 'FORBIDDEN', message: `Cannot list ${what}.` });
const marked = (version: string, fields: Partial<CrdFact> = {}): CrdFact => ({
  ...crd,
  annotations: { 'dynamo.nvidia.com/operator-version': version },
  ...fields,
});
const operators = (...all: readonly Partial<OperatorFact>[]) => ({
  operators: all.map((fields) => operator('1.5.0', fields)),
});
const team = { namespace: 'team', settings: { namespace: { restricted: 'team' } } };

interface Row {
  readonly when: string;
  /** The rest is Dynamo 1.5.0 in good health. */
  readonly facts: Partial<Facts>;
  readonly found: readonly [state: string, installed: boolean | null, healthy: boolean | null, version?: string];
  readonly message: string;
}

const runs = `Dynamo 1.5.0 runs, operator ${manager}.`;

const rows: readonly Row[] = [
  { when: 'all is well', facts: {}, found: ['ready', true, true, '1.5.0'], message: runs },
  {
    when: 'nothing is there',
    facts: { crds: [], operators: [] },
    found: ['not_installed', false, false],
    message: 'Dynamo is not installed.',
  },
  {
    when: 'the CRD is known to be missing, whoever may look for operators',
    facts: { crds: [], operators: [], unread: [forbidden('operators')] },
    found: ['not_installed', false, false],
    message: 'Dynamo is not installed.',
  },
  {
    when: 'CRDs were left behind',
    facts: { crds: [marked('1.4.2')], operators: [] },
    found: ['partial', false, false, '1.4.2'],
    message:
      'The CRD dynamographdeployments.nvidia.com of Dynamo 1.4.2 is there, but no Dynamo operator: nothing acts on DynamoGraphDeployment objects. An uninstallation leaves CRDs on purpose; if there was none, an installation is not finished.',
  },
  {
    when: 'CRDs that were left behind are being deleted',
    facts: { crds: [{ ...crd, deleting: true }], operators: [] },
    found: ['partial', false, false],
    message:
      'The CRD dynamographdeployments.nvidia.com is being deleted, and there is no Dynamo operator: one can be installed once it is gone. What holds it is listed by: kubectl get dynamographdeployments.nvidia.com --all-namespaces',
  },
  {
    when: 'an operator has no CRD',
    facts: { crds: [] },
    found: ['partial', false, false, '1.5.0'],
    message: `The operator ${manager} (1.5.0) is there, but the CRD dynamographdeployments.nvidia.com is missing: there can be no DynamoGraphDeployment until it is applied again.`,
  },
  {
    when: 'neither CRDs nor operators may be read',
    facts: { crds: [], operators: [], unread: [forbidden('crds'), forbidden('operators')] },
    found: ['unknown', null, null],
    message: 'Whether Dynamo is installed cannot be told: Cannot list crds.',
  },
  {
    when: 'CRDs may not be read, but the operator is seen',
    facts: { crds: [], unread: [forbidden('crds')] },
    found: ['unknown', null, null, '1.5.0'],
    message: `Whether Dynamo is installed cannot be told: Cannot list crds. The operator ${manager} (1.5.0) is there.`,
  },
  {
    when: 'operators may not be read',
    facts: { operators: [], unread: [forbidden('operators')] },
    found: ['unknown', null, null],
    message:
      'The CRD dynamographdeployments.nvidia.com is there, but whether a Dynamo operator runs cannot be told: Cannot list operators.',
  },
  {
    when: 'operators may be read in some namespaces, and one of them has it',
    facts: { unread: [forbidden('operators')] },
    found: ['ready', true, true, '1.5.0'],
    message: runs,
  },
  {
    when: 'the operator crashes',
    facts: operators({ ready: 0, available: 0, message: 'Deployment does not have minimum availability.' }),
    found: ['unhealthy', true, false, '1.5.0'],
    message: `The operator ${manager} (1.5.0) is not available, 0 of 1 replicas ready: Deployment does not have minimum availability. ${down}`,
  },
  {
    when: 'the operator is scaled to 0',
    facts: operators({ desired: 0, ready: 0, available: 0 }),
    found: ['unhealthy', true, false, '1.5.0'],
    message: `The operator ${manager} (1.5.0) is scaled to 0: kubectl scale deployment/dynamo-platform-dynamo-operator-controller-manager --namespace dynamo-system --replicas 1 starts it. ${down}`,
  },
  {
    when: 'the operator is being deleted',
    facts: operators({ deleting: true }),
    found: ['unhealthy', true, false, '1.5.0'],
    message: `The operator ${manager} (1.5.0) is being deleted. ${down}`,
  },
  {
    when: 'an upgrade took the old operator away and the new one does not come up',
    facts: operators({ ready: 0, available: 0, updated: 1, rolling: true, message: 'ImagePullBackOff' }),
    found: ['unhealthy', true, false, '1.5.0'],
    message: `The operator ${manager} (1.5.0) is not available, 0 of 1 replicas ready, 1 updated: an upgrade is not finished: ImagePullBackOff. ${down}`,
  },
  {
    when: 'an upgrade is half done, and the old operator still works',
    facts: operators({
      desired: 2,
      ready: 2,
      available: 2,
      updated: 1,
      rolling: true,
      message: 'has timed out progressing.',
    }),
    found: ['ready', true, true, '1.5.0'],
    message: `${runs} An upgrade of its operator is not finished, 1 of 2 replicas updated: has timed out progressing.`,
  },
  {
    when: 'one of several replicas that elect a leader is down',
    facts: operators({ desired: 3, ready: 2, available: 2 }),
    found: ['ready', true, true, '1.5.0'],
    message: `${runs} Its operator has only 2 of 3 replicas ready.`,
  },
  {
    when: 'the CRD is older than the operator',
    facts: { crds: [marked('1.4.2')] },
    found: ['ready', true, true, '1.5.0'],
    message: `${runs} Its CRDs are of 1.4.2, older than the operator: an upgrade stopped half way, or the chart was told not to apply them.`,
  },
  {
    when: 'the CRD is newer than the operator',
    facts: { crds: [marked('1.6.1')] },
    found: ['ready', true, true, '1.5.0'],
    message: `${runs} Its CRDs are of 1.6.1, newer than the operator: an upgrade to 1.6.1 stopped half way, or was taken back.`,
  },
  {
    when: 'the CRD is of the same version',
    facts: { crds: [marked('v1.5.0')] },
    found: ['ready', true, true, '1.5.0'],
    message: runs,
  },
  {
    when: 'the CRD is not established',
    facts: { crds: [{ ...crd, established: false }] },
    found: ['unhealthy', true, false, '1.5.0'],
    message: 'The CRD dynamographdeployments.nvidia.com is not established yet: the API server does not serve it.',
  },
  {
    when: 'the CRD is being deleted',
    facts: { crds: [{ ...crd, deleting: true }] },
    found: ['unhealthy', true, false, '1.5.0'],
    message:
      'The CRD dynamographdeployments.nvidia.com is being deleted, and with it every DynamoGraphDeployment. What holds it is listed by: kubectl get dynamographdeployments.nvidia.com --all-namespaces',
  },
  {
    when: 'the CRD serves nothing that we know',
    facts: { crds: [{ ...crd, served: ['v2'], storage: 'v2' }] },
    found: ['unhealthy', true, false, '1.5.0'],
    message: 'The CRD dynamographdeployments.nvidia.com serves v2, which KubeFoundry does not know.',
  },
  {
    when: 'the conversion webhook does not answer',
    facts: {
      crds: [
        { ...crd, unconverted: 'conversion webhook for nvidia.com/v1beta1 failed: Post "https://op.svc:443": EOF' },
      ],
    },
    found: ['unhealthy', true, false, '1.5.0'],
    message: `The conversion webhook of dynamographdeployments.nvidia.com is down: conversion webhook for nvidia.com/v1beta1 failed: Post "https://op.svc:443": EOF. Until it answers only v1beta1 can be read, and writing may fail. ${restart} sets it up anew.`,
  },
  {
    when: 'the conversion webhook has no CA',
    facts: { crds: [{ ...crd, conversionCa: false }] },
    found: ['unhealthy', true, false, '1.5.0'],
    message: `The conversion webhook of dynamographdeployments.nvidia.com has no CA bundle, so the API server cannot call it: only v1beta1 can be read, and writing may fail. ${restart} sets it up anew.`,
  },
  {
    when: 'CRDs were applied without a conversion webhook',
    facts: { crds: [{ ...crd, conversion: 'None' }] },
    found: ['ready', true, true, '1.5.0'],
    message: `${runs} Its CRD serves v1alpha1 and v1beta1 without a conversion webhook: only v1beta1, the stored version, is used.`,
  },
  {
    when: 'the operator watches another namespace only',
    facts: operators(team),
    found: ['ready', true, true, '1.5.0'],
    message:
      'Dynamo 1.5.0 runs, operator team/dynamo-platform-dynamo-operator-controller-manager. Its operator watches only team: a DynamoGraphDeployment elsewhere waits for ever.',
  },
  {
    when: 'two operators act on everything',
    facts: operators({}, { namespace: 'second', name: 'op' }),
    found: ['ready', true, true, '1.5.0'],
    message: `${runs} A second operator, second/op, acts on the same DynamoGraphDeployment objects: keep one.`,
  },
  {
    when: 'one operator is for all namespaces, another for its own',
    facts: operators({ ...team, name: 'op' }, {}),
    found: ['ready', true, true, '1.5.0'],
    message: `${runs} Another operator, team/op, watches team.`,
  },
  {
    when: 'the operator that is left of an earlier installation is down',
    facts: operators({ namespace: 'old', name: 'op', ready: 0, available: 0 }, {}),
    found: ['ready', true, true, '1.5.0'],
    message: `${runs} Another operator, old/op, is not available (0 of 1 replicas ready).`,
  },
];

test.each(rows)('when $when', ({ facts, found, message }) => {
  const { state, installed, healthy, version, ...rest } = detect(cluster('1.5.0', facts));
  expect(rest.message).toBe(message);
  expect([state, installed, healthy, version]).toEqual([...found, undefined].slice(0, 4));
  expect(rest.notes.every((note) => message.includes(note))).toBe(true);
});

describe('the operator', () => {
  const bare = { labels: {}, podLabels: {}, args: [], images: ['registry.local/op@sha256:00'], name: 'op' };
  const images = (image: string) => ({ ...bare, images: [image] });

  test.each([
    ['the label of its chart', { ...bare, labels: { 'app.kubernetes.io/name': 'dynamo-operator' } }],
    ['the label of kustomize', { ...bare, labels: { 'app.kubernetes.io/part-of': 'dynamo-operator' } }],
    [
      'the label of its chart, rendered by GitOps',
      { ...bare, labels: { 'app.kubernetes.io/name': 'dynamo-operator', 'app.kubernetes.io/managed-by': 'argocd' } },
    ],
    ['the label of its pods', { ...bare, podLabels: { 'app.kubernetes.io/name': 'dynamo-operator' } }],
    ['its owner in OLM', { ...bare, labels: { 'olm.owner': 'dynamo-operator.v1.5.0' } }],
    ['its image', images('nvcr.io/nvidia/ai-dynamo/kubernetes-operator:1.5.0')],
    ['the image of old charts', images('nvcr.io/nvidia/ai-dynamo/dynamo-operator:0.6.0')],
    ['its image in a mirror, by digest', images('registry.local:5000/nv/ai-dynamo/kubernetes-operator@sha256:00')],
    ['its image in a flat mirror', images('registry.local/mirror/ai-dynamo-kubernetes-operator:1.5.0')],
    ['its settings', { ...bare, args: ['--config=/etc/dynamo-operator/config.yaml'] }],
    ['its name', { ...bare, name: 'prod-dynamo-operator-controller-manager' }],
  ])('is recognised by %s', (_, fields) => {
    expect(isOperator(operator('1.5.0', fields))).toBe(true);
  });

  test.each([
    ['the operator of KubeRay', { ...images('quay.io/kuberay/operator:v1.6.2'), name: 'kuberay-operator' }],
    ['an operator of that name by others', images('example.com/other/kubernetes-operator:1.0.0')],
    ['an operator for DynamoDB', images('example.com/dynamodb-operator:1.0.0')],
    ['a component of a deployment', images('nvcr.io/nvidia/ai-dynamo/vllm-runtime:1.5.0')],
    ['what only has a controller-manager', { ...bare, name: 'gpu-operator-controller-manager' }],
  ])('is not %s', (_, fields) => {
    expect(isOperator(operator('1.5.0', fields))).toBe(false);
  });

  test.each([
    ['its label', {}, '1.5.0'],
    ['the label of its chart', { labels: { 'helm.sh/chart': 'dynamo-operator-1.4.1' } }, '1.4.1'],
    ['its owner in OLM', { labels: { 'olm.owner': 'dynamo-operator.v1.4.3' } }, '1.4.3'],
    ['its argument', { labels: {}, args: ['--operator-version=1.4.2'] }, '1.4.2'],
    ['its argument and the word after it', { labels: {}, args: ['--operator-version', '1.4.2'] }, '1.4.2'],
    [
      'its image, not that of a sidecar',
      {
        labels: {},
        args: [],
        images: ['gcr.io/kubebuilder/kube-rbac-proxy:v0.15.0', 'x.example.com/ai-dynamo/kubernetes-operator:v1.3.1'],
      },
      '1.3.1',
    ],
    [
      'its image beside a digest',
      { labels: {}, args: [], images: ['x.example.com/ai-dynamo/kubernetes-operator:1.3.0@sha256:00'] },
      '1.3.0',
    ],
    [
      'its image without what a vendor adds',
      { labels: {}, args: [], images: ['x.example.com/ai-dynamo/kubernetes-operator:1.4.2-enterprise'] },
      '1.4.2',
    ],
    ['the CRD', { labels: {}, args: [], images: ['x.example.com/ai-dynamo/kubernetes-operator@sha256:00'] }, '1.2.1'],
  ])('tells its version by %s', (_, fields, version) => {
    expect(detect(cluster('1.5.0', { ...operators(fields), crds: [marked('1.2.1')] })).version).toBe(version);
  });

  test('tells no version by a digest and an old CRD', () => {
    const found = detect(cluster('1.5.0', operators({ ...images('x/ai-dynamo/kubernetes-operator@sha256:00') })));
    expect(found.version).toBeUndefined();
    expect(found.message).toMatch(/^Dynamo of unknown version runs/);
  });

  test('is shown with its own image', () => {
    const own = 'nvcr.io/nvidia/ai-dynamo/kubernetes-operator:1.5.0';
    const found = detect(cluster('1.5.0', operators({ images: ['gcr.io/kubebuilder/kube-rbac-proxy:v0.15.0', own] })));
    expect(found.operator).toMatchObject({ ready: 1, desired: 1, image: own });
  });

  test.each([[['--restrictedNamespace=team']], [['--restrictedNamespace', 'team']]])('watches what %j says', (args) => {
    expect(detect(cluster('1.5.0', operators({ args }))).watches).toEqual(['team']);
  });

  test('watches what its settings say; several operators watch all that they watch together', () => {
    const other = { namespace: 'other', settings: { namespace: { restricted: 'other' } } };
    expect(detect(cluster('1.5.0', operators(team))).watches).toEqual(['team']);
    expect(detect(cluster('1.5.0', operators(team, other))).watches).toEqual(['team', 'other']);
    expect(detect(cluster('1.5.0', operators(team, {}))).watches).toBeUndefined();
    expect(detect(cluster('1.5.0', operators(team, { ready: 0 }))).watches).toEqual(['team']);
    expect(detect(cluster('1.5.0', operators({ settings: { namespace: {} } }))).watches).toBeUndefined();
  });

  test('hides what it watches in its settings, unless it applies the CRDs itself', () => {
    expect(hidesWatches(operator('1.5.0', { initContainers: [] }))).toBe(true);
    expect(hidesWatches(operator('1.5.0', { initContainers: ['crd-apply'] }))).toBe(false);
  });
});

test.each([
  ['what is stored is read, and what is converted is written', { storage: 'v1alpha1' }, 'v1alpha1', 'v1beta1'],
  [
    'with conversion down the stored version is used',
    { storage: 'v1alpha1', conversionCa: false },
    'v1alpha1',
    'v1alpha1',
  ],
])('%s', (_, fields, read, write) => {
  expect(detect(cluster('1.3.1', { crds: [{ ...crd, ...fields }] }))).toMatchObject({
    apiVersions: ['v1beta1', 'v1alpha1'],
    readVersion: `nvidia.com/${read}`,
    writeVersion: `nvidia.com/${write}`,
  });
});
