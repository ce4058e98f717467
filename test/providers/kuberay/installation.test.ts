import { describe, expect, test } from 'vitest';
import { kuberay } from '../../../src/providers/kuberay/provider.ts';
import type { Facts, OperatorFact } from '../../../src/providers/provider.ts';
import { crd, crd16, factsOf, helmOperator } from './fixtures.ts';

const detect = (facts: Partial<Facts> = {}) => kuberay.installation.detect(factsOf(facts));
const forbidden = (what: 'crds' | 'operators') =>
  ({ what, code: 'FORBIDDEN', message: `cannot list ${what}` }) as const;
const other = (fields: Partial<OperatorFact>): OperatorFact => ({ ...helmOperator, labels: {}, name: 'x', ...fields });

test('a chart installation is ready and tells its version and operator', () => {
  expect(detect()).toEqual({
    state: 'ready',
    installed: true,
    healthy: true,
    version: '1.7.0',
    message: 'The operator kuberay-system/kuberay-operator (1.7.0) is available.',
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

describe('an operator is found', () => {
  test.each([
    [
      'by kustomize',
      { labels: { 'app.kubernetes.io/name': 'kuberay', 'app.kubernetes.io/component': 'kuberay-operator' } },
      '1.7.0',
    ],
    [
      'by OLM, whatever its image',
      { labels: { 'olm.owner': 'kuberay-operator.v1.6.1' }, images: ['registry.example.com/op@sha256:00'] },
      '1.6.1',
    ],
    ['in a bundle, by its image', { images: ['registry.example.com/mirror/kuberay/operator:v1.6.2'] }, '1.6.2'],
    ['under another vendor', { images: ['registry.example.com/bitnami/kuberay-operator:1.6.0-debian-12-r1'] }, '1.6.0'],
    ['without a version', { images: ['quay.io/kuberay/operator:nightly'] }, undefined],
  ])('%s', (_, fields, version) => {
    const found = detect({ operators: [other({ namespace: 'anywhere', ...fields })] });
    expect(found).toMatchObject({ state: 'ready', operator: { namespace: 'anywhere' } });
    expect(found.version).toBe(version);
  });

  test('but not in what merely belongs to KubeRay', () => {
    const images = ['quay.io/kuberay/apiserver:v1.7.0'];
    expect(
      kuberay.installation.isOperator(other({ images, labels: { 'app.kubernetes.io/name': 'kuberay-apiserver' } })),
    ).toBe(false);
  });
});

describe('an installation is', () => {
  test('unhealthy when its operator is not available, in its own words', () => {
    const operators = [{ ...helmOperator, ready: 0, available: 0, message: 'image not found' }];
    expect(detect({ operators })).toMatchObject({
      state: 'unhealthy',
      installed: true,
      healthy: false,
      message: 'The operator kuberay-system/kuberay-operator (1.7.0) is not available (0 of 1 ready: image not found).',
    });
    expect(detect({ operators: [{ ...helmOperator, deleting: true }] }).state).toBe('unhealthy');
    expect(detect({ crds: [{ ...crd(), established: false }] })).toMatchObject({
      state: 'unhealthy',
      message: expect.stringContaining('not established'),
    });
  });

  test('partial with CRDs that were left behind, or with an operator without them', () => {
    expect(detect({ operators: [] })).toMatchObject({ state: 'partial', installed: false, healthy: false });
    expect(detect({ crds: [] })).toMatchObject({ state: 'partial', installed: false, healthy: false });
    expect(detect({ crds: [], operators: [] })).toMatchObject({ state: 'not_installed', installed: false });
    const begun = { ...crd(), name: 'rayjobs.ray.io', kind: 'RayJob' };
    expect(detect({ crds: [begun], operators: [] })).toMatchObject({
      state: 'partial',
      installed: false,
      message: expect.stringMatching(/^Only the CRDs rayjobs\.ray\.io are there/),
    });
  });

  test('unknown, and not missing, where reading is forbidden', () => {
    expect(detect({ crds: [], unread: [forbidden('crds')] })).toMatchObject({
      state: 'unknown',
      installed: null,
      healthy: null,
    });
    expect(detect({ operators: [], unread: [forbidden('operators')] })).toMatchObject({
      state: 'unknown',
      installed: null,
      healthy: null,
      message: expect.stringContaining('cannot list operators'),
    });
    expect(detect({ unread: [forbidden('operators')] })).toMatchObject({ state: 'ready' });
  });
});

test('CRDs that helm left behind, more operators, and a narrow watch are told', () => {
  expect(detect({ crds: [crd16] }).message).toContain('no spec.suspend, which came with 1.7');
  expect(detect({ crds: [crd(['rayClusterConfig'])] }).message).toContain('older than the operator');
  const stopped = other({ images: ['kuberay/operator:v1.5.0'], available: 0 });
  expect(detect({ operators: [stopped, helmOperator] })).toMatchObject({
    version: '1.7.0',
    message: expect.stringContaining('1 more Deployments'),
  });
  for (const args of [['--watch-namespace=a,b'], ['--watch-namespace', 'a,b']])
    expect(detect({ operators: [{ ...helmOperator, args }] })).toMatchObject({ watches: ['a', 'b'] });
  expect(detect({ operators: [{ ...helmOperator, args: ['--watch-namespace='] }] }).watches).toBeUndefined();
});
