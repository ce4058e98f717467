import { describe, expect, test } from 'vitest';
import { kuberay } from '../../../src/providers/kuberay/provider.ts';
import type { Facts, OperatorFact, Unread } from '../../../src/providers/provider.ts';
import { crd, crd16, factsOf, helmOperator } from './fixtures.ts';

const { isOperator, hidesWatches } = kuberay.installation;
const detect = (facts: Partial<Facts> = {}) => kuberay.installation.detect(factsOf(facts));
const forbidden = (what: Unread['what']): Unread => ({ what, code: 'FORBIDDEN', message: `Cannot list ${what}.` });
const operators = (...all: readonly Partial<OperatorFact>[]) => ({
  operators: all.map((fields) => ({ ...helmOperator, ...fields })),
});
/** An operator whose labels and name tell nothing. */
const bare = { labels: {}, name: 'x', images: ['registry.local/op@sha256:00'] };
const old = { apiVersion: 'ray.io/v1', kind: 'RayService', name: 'old', namespace: 'default' };
const of162 = { labels: { ...helmOperator.labels, 'helm.sh/chart': 'kuberay-operator-1.6.2' } };

interface Row {
  readonly when: string;
  /** The rest is KubeRay 1.7.0 in good health. */
  readonly facts: Partial<Facts>;
  readonly found: readonly [state: string, installed: boolean | null, healthy: boolean | null, version?: string];
  readonly message: string;
}

const runs = 'KubeRay 1.7.0 runs, operator kuberay-system/kuberay-operator.';
const it = 'The operator kuberay-system/kuberay-operator (1.7.0)';

const rows: readonly Row[] = [
  { when: 'all is well', facts: {}, found: ['ready', true, true, '1.7.0'], message: runs },
  {
    when: 'nothing is there',
    facts: { crds: [], operators: [] },
    found: ['not_installed', false, false],
    message: 'KubeRay is not installed.',
  },
  {
    when: 'the CRD is known to be missing, whoever may look for operators',
    facts: { crds: [], operators: [], unread: [forbidden('operators')] },
    found: ['not_installed', false, false],
    message: 'KubeRay is not installed.',
  },
  {
    when: 'CRDs were left behind, as helm does',
    facts: { operators: [] },
    found: ['partial', false, false],
    message:
      'The CRD rayservices.ray.io is there, but no KubeRay operator: nothing acts on RayService objects. An uninstallation leaves CRDs on purpose; if there was none, an installation is not finished.',
  },
  {
    when: 'an installation was broken off between its CRDs',
    facts: { crds: [{ ...crd(), name: 'rayjobs.ray.io', kind: 'RayJob' }], operators: [] },
    found: ['partial', false, false],
    message: 'Only the CRDs rayjobs.ray.io are there: an uninstallation left them, or an installation is not finished.',
  },
  {
    when: 'an operator has no CRD',
    facts: { crds: [] },
    found: ['partial', false, false, '1.7.0'],
    message: `${it} is there, but the CRD rayservices.ray.io is missing: there can be no RayService until it is applied again.`,
  },
  {
    when: 'the cluster cannot be reached',
    facts: {
      crds: [],
      operators: [],
      unread: [{ what: 'crds', code: 'CLUSTER_UNREACHABLE', message: 'https://api:6443 cannot be reached.' }],
    },
    found: ['unknown', null, null],
    message: 'Whether KubeRay is installed cannot be told: https://api:6443 cannot be reached.',
  },
  {
    when: 'operators may not be read',
    facts: { operators: [], unread: [forbidden('operators')] },
    found: ['unknown', null, null],
    message:
      'The CRD rayservices.ray.io is there, but whether a KubeRay operator runs cannot be told: Cannot list operators.',
  },
  {
    when: 'operators may be read in some namespaces, and one of them has it',
    facts: { unread: [forbidden('operators')] },
    found: ['ready', true, true, '1.7.0'],
    message: runs,
  },
  {
    when: 'the operator is not available',
    facts: operators({ ready: 0, available: 0, message: 'image not found' }),
    found: ['unhealthy', true, false, '1.7.0'],
    message: `${it} is not available, 0 of 1 replicas ready: image not found.`,
  },
  {
    when: 'the operator is ready, but not for long enough',
    facts: operators({ available: 0 }),
    found: ['unhealthy', true, false, '1.7.0'],
    message: `${it} is not available, 1 of 1 replicas ready.`,
  },
  {
    when: 'the operator is scaled to 0',
    facts: operators({ desired: 0, ready: 0, available: 0 }),
    found: ['unhealthy', true, false, '1.7.0'],
    message: `${it} is scaled to 0: kubectl scale deployment/kuberay-operator --namespace kuberay-system --replicas 1 starts it.`,
  },
  {
    when: 'the operator is being deleted',
    facts: operators({ deleting: true }),
    found: ['unhealthy', true, false, '1.7.0'],
    message: `${it} is being deleted.`,
  },
  {
    when: 'an upgrade took the old operator away and the new one does not come up',
    facts: operators({ ready: 0, available: 0, updated: 0, rolling: true }),
    found: ['unhealthy', true, false, '1.7.0'],
    message: `${it} is not available, 0 of 1 replicas ready, 0 updated: an upgrade is not finished.`,
  },
  {
    when: 'an upgrade is half done, and the old operator still works',
    facts: operators({ updated: 0, rolling: true }),
    found: ['ready', true, true, '1.7.0'],
    message: `${runs} An upgrade of its operator is not finished, 0 of 1 replicas updated.`,
  },
  {
    when: 'helm left CRDs behind that are older than the operator',
    facts: { crds: [crd16] },
    found: ['ready', true, true, '1.7.0'],
    message: `${runs} Its CRDs are older than the operator (no spec.suspend, which came with 1.7): helm leaves CRDs behind, an upgrade applies them.`,
  },
  {
    when: 'the CRDs are much older than the operator',
    facts: { crds: [crd(['rayClusterConfig'])], ...operators(of162) },
    found: ['ready', true, true, '1.6.2'],
    message:
      'KubeRay 1.6.2 runs, operator kuberay-system/kuberay-operator. Its CRDs are older than the operator (no spec.managedBy, which came with 1.6): helm leaves CRDs behind, an upgrade applies them.',
  },
  {
    when: 'the CRDs are newer than the operator',
    facts: operators(of162),
    found: ['ready', true, true, '1.6.2'],
    message:
      'KubeRay 1.6.2 runs, operator kuberay-system/kuberay-operator. Its CRDs are newer than the operator (spec.suspend came with 1.7): the operator ignores what it does not know; upgrade it to 1.7.',
  },
  {
    when: 'the CRD may not be read, only discovered',
    facts: {
      crds: [
        { name: 'rayservices.ray.io', group: 'ray.io', plural: 'rayservices', kind: 'RayService', served: ['v1'] },
      ],
    },
    found: ['ready', true, true, '1.7.0'],
    message: runs,
  },
  {
    when: 'the CRD is not established',
    facts: { crds: [{ ...crd(), established: false }] },
    found: ['unhealthy', true, false, '1.7.0'],
    message: 'The CRD rayservices.ray.io is not established yet: the API server does not serve it.',
  },
  {
    when: 'the CRD is being deleted',
    facts: { crds: [{ ...crd(), deleting: true }] },
    found: ['unhealthy', true, false, '1.7.0'],
    message:
      'The CRD rayservices.ray.io is being deleted, and with it every RayService. What holds it is listed by: kubectl get rayservices.ray.io --all-namespaces',
  },
  {
    when: 'the CRD is being deleted, and an object holds it',
    facts: { crds: [{ ...crd(), deleting: true, left: [old] }], operators: [] },
    found: ['partial', false, false],
    message: `The CRD rayservices.ray.io is being deleted, and there is no KubeRay operator: one can be installed once it is gone. It waits for 1: RayService default/old. What no operator lets go of is let go by hand: kubectl patch rayservice.ray.io old --namespace default --type merge --patch '{"metadata":{"finalizers":null}}'`,
  },
  {
    when: 'the CRD is being deleted, and nothing holds it any more',
    facts: { crds: [{ ...crd(), deleting: true, left: [] }] },
    found: ['unhealthy', true, false, '1.7.0'],
    message:
      'The CRD rayservices.ray.io is being deleted, and with it every RayService. No object holds it any more: look again in a moment.',
  },
  {
    when: 'the CRD only serves what is too old for us',
    facts: { crds: [{ ...crd(), served: ['v1alpha1'] }] },
    found: ['unhealthy', true, false, '1.7.0'],
    message: 'The CRD rayservices.ray.io serves v1alpha1, which KubeFoundry does not know.',
  },
  {
    when: 'the operator watches other namespaces only',
    facts: operators({ args: ['--watch-namespace', 'a,b'] }),
    found: ['ready', true, true, '1.7.0'],
    message: `${runs} Its operator watches only a, b: a RayService elsewhere waits for ever.`,
  },
  {
    when: 'two operators act on everything',
    facts: operators({ ...bare, namespace: 'aibrix-system', images: ['aibrix/kuberay-operator:v1.2.1-patch'] }, {}),
    found: ['ready', true, true, '1.2.1'],
    message:
      'KubeRay 1.2.1 runs, operator aibrix-system/x. Its CRDs are newer than the operator (spec.suspend came with 1.7): the operator ignores what it does not know; upgrade it to 1.7. A second operator, kuberay-system/kuberay-operator, acts on the same RayService objects: keep one.',
  },
  {
    when: 'two operators watch apart',
    facts: operators({ args: ['--watch-namespace=a'] }, { namespace: 'b', args: ['--watch-namespace=b'] }),
    found: ['ready', true, true, '1.7.0'],
    message: `${runs} Another operator, b/kuberay-operator, watches b. Its operator watches only a, b: a RayService elsewhere waits for ever.`,
  },
  {
    when: 'a stopped operator is there beside the one that works',
    facts: operators({ ...bare, images: ['kuberay/operator:v1.5.0'], ready: 0, available: 0 }, {}),
    found: ['ready', true, true, '1.7.0'],
    message: `${runs} Another operator, kuberay-system/x, is not available (0 of 1 replicas ready).`,
  },
];

test.each(rows)('when $when', ({ facts, found, message }) => {
  const { state, installed, healthy, version, ...rest } = detect(facts);
  expect(rest.message).toBe(message);
  expect([state, installed, healthy, version]).toEqual([...found, undefined].slice(0, 4));
  expect(rest.notes.every((note) => message.includes(note))).toBe(true);
});

test('an installation tells its operator and in which versions it is used', () => {
  expect(detect()).toMatchObject({
    apiVersions: ['v1'],
    readVersion: 'ray.io/v1',
    writeVersion: 'ray.io/v1',
    operator: {
      namespace: 'kuberay-system',
      name: 'kuberay-operator',
      ready: 1,
      desired: 1,
      image: 'quay.io/kuberay/operator:v1.7.0',
    },
  });
});

describe('an operator is recognised, and its version,', () => {
  const kustomize = { 'app.kubernetes.io/name': 'kuberay', 'app.kubernetes.io/component': 'kuberay-operator' };
  const images = (image: string) => ({ ...bare, images: [image] });

  test.each([
    ['by its chart', {}, '1.7.0'],
    [
      'by its chart, rendered by GitOps',
      { ...bare, labels: { ...helmOperator.labels, 'app.kubernetes.io/managed-by': 'argocd' } },
      '1.7.0',
    ],
    ['by kustomize', { ...bare, labels: kustomize, images: ['quay.io/kuberay/operator:v1.6.0'] }, '1.6.0'],
    ['by the labels of its pods', { ...bare, podLabels: kustomize }, undefined],
    ['by OLM, whatever its image', { ...bare, labels: { 'olm.owner': 'kuberay-operator.v1.6.1' } }, '1.6.1'],
    [
      'by the image of OpenShift AI',
      images('registry.redhat.io/rhoai/odh-kuberay-operator-controller-rhel9@sha256:00'),
      undefined,
    ],
    [
      'by the labels of Bitnami, whose chart has a version of its own',
      {
        ...bare,
        labels: {
          'app.kubernetes.io/name': 'kuberay',
          'app.kubernetes.io/component': 'operator',
          'app.kubernetes.io/version': '1.3.2',
          'helm.sh/chart': 'kuberay-1.4.20',
        },
      },
      '1.3.2',
    ],
    ['by the image of Bitnami', images('registry.local/bitnami/kuberay-operator:1.6.0-debian-12-r1'), '1.6.0'],
    ['by its image in a mirror', images('registry.local/mirror/kuberay/operator:v1.6.2'), '1.6.2'],
    ['by its image in a mirror, by digest', images('registry.local/mirror/kuberay/operator@sha256:00'), undefined],
    ['by tag and digest', images('registry.local:5000/mirror/kuberay/operator:v1.6.2@sha256:00'), '1.6.2'],
    ['by its image of a release candidate', images('quay.io/kuberay/operator:v1.7.0-rc.0'), '1.7.0-rc.0'],
    ['by its image of no version', images('quay.io/kuberay/operator:nightly'), undefined],
    ['by its settings', { ...bare, args: ['--config', '/etc/kuberay/config.yaml'] }, undefined],
    ['by its feature gates', { ...bare, args: ['--feature-gates=RayClusterStatusConditions=true'] }, undefined],
    [
      'by its feature gates in a word of their own',
      { ...bare, args: ['--feature-gates', 'RayCronJob=false,RayClusterStatusConditions=true'] },
      undefined,
    ],
    ['by its name', { ...bare, name: 'prod-kuberay-operator' }, undefined],
  ])('%s', (_, fields, version) => {
    const found = detect(operators({ namespace: 'anywhere', ...fields }));
    expect(found).toMatchObject({ state: 'ready', operator: { namespace: 'anywhere' } });
    expect(found.version).toBe(version);
  });

  test.each([
    [
      'its API server',
      { ...images('quay.io/kuberay/apiserver:v1.7.0'), labels: { 'app.kubernetes.io/name': 'kuberay-apiserver' } },
    ],
    ['its dashboard', images('quay.io/kuberay/dashboard:v1.5.0')],
    [
      'the operator of Dynamo',
      {
        ...images('nvcr.io/nvidia/ai-dynamo/kubernetes-operator:1.5.0'),
        labels: { 'app.kubernetes.io/name': 'dynamo-operator' },
      },
    ],
    ['a Ray image', images('rayproject/ray-llm:2.58.0-py312-cu130')],
  ])('but not in %s', (_, fields) => {
    expect(isOperator({ ...helmOperator, ...fields })).toBe(false);
  });
});

test('what an operator watches is told by its arguments or its settings', () => {
  for (const args of [['--watch-namespace=a,b'], ['--watch-namespace', 'a, b']])
    expect(detect(operators({ args })).watches).toEqual(['a', 'b']);
  expect(detect(operators({ settings: { watchNamespace: 'a,b' } })).watches).toEqual(['a', 'b']);
  for (const fields of [{ args: ['--watch-namespace='] }, { settings: { watchNamespace: '' } }])
    expect(detect(operators(fields)).watches).toBeUndefined();
  const settingsFrom = { configMap: 'kuberay-operator-config', key: 'config.yaml' };
  expect([hidesWatches(helmOperator), hidesWatches({ ...helmOperator, settingsFrom })]).toEqual([false, true]);
});
