import { describe, expect, test } from 'vitest';
import { dynamo } from '../../../src/providers/dynamo/provider.ts';
import { cluster, crd, operator } from './fixtures.ts';

const { detect, isOperator } = dynamo.installation;
const unread = (what: 'crds' | 'operators') => [{ what, code: 'FORBIDDEN', message: `may not list ${what}` }] as const;

describe('the operator', () => {
  test.each([
    ['by its label', { images: ['mirror.example.com/op:1'], name: 'x' }],
    ['by its image', { labels: {}, name: 'x' }],
    [
      'by its image in a mirror',
      { labels: {}, name: 'x', images: ['mirror.example.com:5000/nv/ai-dynamo/kubernetes-operator@sha256:0'] },
    ],
    ['by its name', { labels: {}, images: ['mirror.example.com/op:1'] }],
  ])('is recognised %s', (_, fields) => {
    expect(isOperator(operator('1.5.0', fields))).toBe(true);
  });

  test('is not just any Deployment', () => {
    const labels = { 'app.kubernetes.io/name': 'kuberay-operator' };
    expect(
      isOperator(operator('1.5.0', { labels, name: 'kuberay-operator', images: ['quay.io/kuberay/operator:v1.6.2'] })),
    ).toBe(false);
  });

  test.each([
    ['its label', {}, '1.5.0'],
    ['its argument', { labels: {}, args: ['--operator-version=1.4.2'] }, '1.4.2'],
    ['its image', { labels: {}, args: [], images: ['x.example.com/ai-dynamo/kubernetes-operator:v1.3.1'] }, '1.3.1'],
    ['the CRD', { labels: {}, args: [], images: ['x.example.com/ai-dynamo/kubernetes-operator:main'] }, '1.2.1'],
  ])('tells its version by %s', (_, fields, version) => {
    const marked = { ...crd, annotations: { 'dynamo.nvidia.com/operator-version': '1.2.1' } };
    expect(detect(cluster('1.5.0', { operators: [operator('1.5.0', fields)], crds: [marked] })).version).toBe(version);
  });
});

describe('what is installed', () => {
  test('is ready when operator and CRD work', () => {
    expect(detect(cluster('1.5.0'))).toMatchObject({
      state: 'ready',
      installed: true,
      healthy: true,
      apiVersions: ['v1beta1', 'v1alpha1'],
      readVersion: 'nvidia.com/v1beta1',
      writeVersion: 'nvidia.com/v1beta1',
      operator: { namespace: 'dynamo-system', ready: 1, desired: 1 },
    });
  });

  test.each([
    ['has no ready replica', { ready: 0, message: 'crash loop' }, /0 of 1 replicas ready: crash loop/],
    ['is scaled to 0', { ready: 0, desired: 0 }, /scaled to 0/],
    ['is being deleted', { deleting: true }, /being deleted/],
  ])('is unhealthy when the operator %s', (_, fields, message) => {
    expect(detect(cluster('1.5.0', { operators: [operator('1.5.0', fields)] }))).toMatchObject({
      state: 'unhealthy',
      installed: true,
      healthy: false,
      message: expect.stringMatching(message),
    });
  });

  test('is unhealthy when the CRD is not established or serves nothing we know', () => {
    expect(detect(cluster('1.5.0', { crds: [{ ...crd, established: false }] })).state).toBe('unhealthy');
    expect(detect(cluster('1.5.0', { crds: [{ ...crd, served: ['v2'] }] }))).toMatchObject({
      state: 'unhealthy',
      writeVersion: undefined,
    });
  });

  test('is partial, not installed, when only the CRD or only the operator is there', () => {
    expect(detect(cluster('1.5.0', { operators: [] }))).toMatchObject({
      state: 'partial',
      installed: false,
      healthy: false,
    });
    expect(detect(cluster('1.5.0', { crds: [] }))).toMatchObject({ state: 'partial', installed: false });
    const left = { ...crd, name: 'dynamomodels.nvidia.com', kind: 'DynamoModel' };
    expect(detect(cluster('1.5.0', { crds: [left], operators: [] }))).toMatchObject({
      state: 'partial',
      message: expect.stringMatching(/^Only the CRDs dynamomodels\.nvidia\.com are there/),
    });
  });

  test('is nothing when nothing is there', () => {
    expect(detect(cluster('1.5.0', { crds: [], operators: [] }))).toMatchObject({
      state: 'not_installed',
      installed: false,
    });
  });

  test('is unknown, not absent, where it may not be read', () => {
    const unknown = { state: 'unknown', installed: null, healthy: null };
    expect(detect(cluster('1.5.0', { operators: [], unread: unread('operators') }))).toMatchObject(unknown);
    expect(detect(cluster('1.5.0', { crds: [], operators: [], unread: unread('crds') }))).toMatchObject(unknown);
    expect(detect(cluster('1.5.0', { unread: unread('operators') })).state).toBe('ready');
  });

  test('is nothing where the CRD is known to be missing, whoever may look for operators', () => {
    expect(detect(cluster('1.5.0', { crds: [], operators: [], unread: unread('operators') }))).toMatchObject({
      state: 'not_installed',
      installed: false,
    });
  });

  test('says what is odd about a healthy installation', () => {
    const half = { ...crd, annotations: { 'dynamo.nvidia.com/operator-version': '1.4.2' } };
    expect(detect(cluster('1.5.0', { crds: [half] })).message).toMatch(/CRDs are of 1\.4\.2/);
    expect(detect(cluster('1.5.0', { crds: [{ ...crd, conversionCa: false }] })).message).toMatch(/only v1beta1/);
  });

  test('is the operator that is up, and of those the one for all namespaces', () => {
    const down = operator('1.4.2', { ready: 0 });
    const restricted = operator('1.5.0', { namespace: 'team', args: ['--restrictedNamespace=team'] });
    const chosen = (...operators: ReturnType<typeof operator>[]) =>
      detect(cluster('1.5.0', { operators })).operator?.namespace;
    expect(chosen(down, restricted)).toBe('team');
    expect(chosen(restricted, operator('1.5.0'))).toBe('dynamo-system');
  });
});

test.each([['--restrictedNamespace=team'], ['--restrictedNamespace', 'team']])(
  'an operator is restricted to a namespace by %s %s',
  (...args) => {
    expect(detect(cluster('1.5.0', { operators: [operator('1.5.0', { args })] })).watches).toEqual(['team']);
  },
);

test('the stored version is read: it needs no conversion', () => {
  expect(detect(cluster('1.3.1', { crds: [{ ...crd, storage: 'v1alpha1' }] }))).toMatchObject({
    readVersion: 'nvidia.com/v1alpha1',
    writeVersion: 'nvidia.com/v1beta1',
  });
});
