import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../../src/kubernetes.ts';
import { kuberay } from '../../../src/providers/kuberay/provider.ts';
import { firstDeploy, have, now, pod, rayCluster, rayService } from './fixtures.ts';

const { reads, snapshots, endpoint, pods } = kuberay.reading;
const inNamespace = (object: KubernetesObject, namespace: string): KubernetesObject => ({
  ...object,
  metadata: { ...object.metadata, namespace },
});
const named = (object: KubernetesObject, name: string, fields: object = {}): KubernetesObject => ({
  ...object,
  metadata: { ...object.metadata, name, ...fields },
});
const snapshotOf = (primary: KubernetesObject, objects: readonly KubernetesObject[]) =>
  snapshots([primary], have(objects), now)[0];
const namesIn = (primary: KubernetesObject, objects: readonly KubernetesObject[]) =>
  snapshotOf(primary, objects)?.objects.map(({ metadata }) => metadata.name);

describe('what is fetched', () => {
  test('for one deployment is its own, in its namespace', () => {
    const primary = rayService({ pending: { rayClusterName: 'qwen-b' } });
    const where = { namespace: 'models' };
    const origin = 'ray.io/originated-from-crd=RayService,ray.io/originated-from-cr-name=qwen';
    expect(reads([primary], have([]))).toEqual([
      { group: 'ray.io', kind: 'RayCluster', ...where, labelSelector: origin },
      { group: '', kind: 'Pod', ...where, labelSelector: 'ray.io/cluster in (qwen-a,qwen-b)' },
      { group: '', kind: 'Service', ...where, labelSelector: origin },
      { group: '', kind: 'Event', ...where, fieldSelector: 'involvedObject.kind=RayService,type=Warning' },
    ]);
  });

  test('for many are four lists, however many they are', () => {
    const many = Array.from({ length: 1000 }, (_, index) => inNamespace(rayService(), `team-${index % 3}`));
    expect(reads(many, have([])).map(({ kind, namespace, labelSelector }) => [kind, namespace, labelSelector])).toEqual(
      [
        ['RayCluster', undefined, 'ray.io/originated-from-crd=RayService'],
        ['Pod', undefined, 'ray.io/cluster'],
        ['Service', undefined, 'ray.io/originated-from-crd=RayService'],
        ['Event', undefined, undefined],
      ],
    );
    expect(reads([], have([]))).toEqual([]);
  });

  test('is asked for once, also when it was refused', () => {
    const queries = reads([rayService()], have([]));
    const [first, ...rest] = queries;
    const failed = first ? [{ query: first, code: 'FORBIDDEN', message: 'no' }] : [];
    expect(reads([rayService()], { answered: rest, failed })).toEqual([]);
  });

  test('leaves pods out while no cluster is named, and no label holds a name that is too long', () => {
    const untouched = { ...firstDeploy(), status: undefined };
    expect(reads([untouched], have([])).map(({ kind }) => kind)).toEqual(['RayCluster', 'Service', 'Event']);
    const [clusters] = reads([named(untouched, 'q'.repeat(64))], have([]));
    expect(clusters?.labelSelector).toBe('ray.io/originated-from-crd=RayService');
  });
});

describe('what belongs to a deployment', () => {
  test('is told by the names of its clusters, never by how names begin', () => {
    const twin = pod('twin', { cluster: 'qwen-a2' });
    expect(namesIn(rayService(), [rayCluster(), pod('a'), twin])).toEqual(['qwen-a', 'a']);
    expect(namesIn(rayService(), [inNamespace(pod('elsewhere'), 'other')])).toEqual([]);
  });

  test('is told by its owner where labels are missing, and not when another of that name owned it', () => {
    const owned = (uid: string) =>
      named(rayCluster(), 'qwen-a', {
        labels: {},
        ownerReferences: [{ apiVersion: 'ray.io/v1', kind: 'RayService', name: 'qwen', uid }],
      });
    expect(namesIn(rayService(), [owned('u-1')])).toEqual(['qwen-a']);
    expect(namesIn(rayService(), [owned('u-0')])).toEqual([]);
  });

  test('comes with the roles of its pods', () => {
    const primary = rayService({ spec: { mode: 'disaggregated' } });
    const objects = [pod('h', { role: 'head' }), pod('p', { group: 'prefill' }), pod('d', { group: 'decode' })];
    const snapshot = snapshotOf(primary, objects);
    expect(snapshot && pods(snapshot).map(({ pod: { metadata }, role }) => [metadata.name, role])).toEqual([
      ['h', 'head'],
      ['p', 'prefill'],
      ['d', 'decode'],
    ]);
  });
});

describe('the endpoint', () => {
  const service = (name: string, ports: readonly object[], selector: object = {}): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: 'models',
      labels: { 'ray.io/originated-from-cr-name': 'qwen', 'ray.io/originated-from-crd': 'RayService' },
    },
    spec: { ports, selector },
  });
  const endpointOf = (objects: readonly KubernetesObject[]) => {
    const snapshot = snapshotOf(rayService(), objects);
    return snapshot && endpoint(snapshot);
  };

  test('is there once its Service is', () => {
    expect(endpointOf([service('qwen-head-svc', [{ name: 'serve', port: 8000 }])])).toBeNull();
    expect(
      endpointOf([service('qwen-head-svc', []), service('qwen-serve-svc', [{ name: 'serve', port: 8000 }])]),
    ).toEqual({
      service: 'qwen-serve-svc',
      namespace: 'models',
      port: 8000,
    });
  });

  test('is found under the name that its RayService gives it', () => {
    const own = service(
      'chat',
      [
        { name: 'metrics', port: 8080 },
        { name: 'serve', port: 80 },
      ],
      { 'ray.io/serve': 'true' },
    );
    expect(endpointOf([own])).toMatchObject({ service: 'chat', port: 80 });
  });

  test('is that of the active cluster where every cluster has one', () => {
    const of = (cluster: string) =>
      service(`${cluster}-serve-svc`, [{ name: 'serve', port: 8000 }], {
        'ray.io/serve': 'true',
        'ray.io/cluster': cluster,
      });
    expect(endpointOf([of('qwen-b'), of('qwen-a')])).toMatchObject({ service: 'qwen-a-serve-svc' });
  });
});

test('removing deletes that very RayService, and lets its cluster follow', () => {
  const snapshot = snapshotOf(rayService(), []);
  expect(snapshot && kuberay.changing.remove(snapshot)).toEqual([
    {
      kind: 'delete',
      title: 'Delete RayService models/qwen',
      command: 'kubectl delete rayservice.ray.io qwen --namespace models --cascade=background',
      target: { apiVersion: 'ray.io/v1', kind: 'RayService', name: 'qwen', namespace: 'models', uid: 'u-1' },
      propagation: 'Background',
    },
  ]);
});
