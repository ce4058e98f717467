import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deployment, describeDeployment } from '../../../src/foundry/deployment.ts';
import type { KubernetesObject } from '../../../src/kubernetes.ts';
import { dynamo } from '../../../src/providers/dynamo/provider.ts';
import { component, componentObject, graph, pod, reported, service, statusOf, workload } from './fixtures.ts';

/** What no text can be made of: `String` and `join` throw. */
const unprintable = { toString: 0 };

const worker = (fields: object) => ({
  components: [component('Frontend', 'frontend'), { ...component('worker', 'worker'), ...fields }],
});

describe('a value of another type than the API says is named', () => {
  test.each([
    [{ spec: undefined }, 'spec is missing'],
    [{ spec: 'all' }, 'spec is "all"'],
    [{ spec: { components: {} } }, 'spec.components is {}, not a list'],
    [{ spec: { services: [] } }, 'spec.services is [], not an object'],
    [{ spec: { components: ['worker'] } }, 'spec.components[0] is "worker"'],
    [{ spec: { components: [{ name: 7 }] } }, 'spec.components[0].name is 7'],
    [{ spec: worker({ replicas: '2' }) }, 'spec.components[1].replicas is "2"'],
    [{ spec: worker({ replicas: -1 }) }, 'spec.components[1].replicas is -1'],
    [{ spec: worker({ type: 3 }) }, 'spec.components[1].type is 3'],
    [{ spec: worker({ multinode: { nodeCount: 'two' } }) }, 'spec.components[1].multinode.nodeCount is "two"'],
    [{ status: 'fine' }, 'status is "fine"'],
    [{ status: { state: 4 } }, 'status.state is 4'],
    [{ status: { conditions: 'none' } }, 'status.conditions is "none"'],
    [{ status: reported('pending', 'x', { components: [] }) }, 'status.components is []'],
    [
      { status: reported('pending', 'x', { services: { worker: { readyReplicas: 'all' } } }) },
      'status.services.worker.readyReplicas is "all"',
    ],
  ])('%j', (fields, message) => {
    expect(statusOf(graph(fields))).toMatchObject({ reason: 'Unreadable', message: expect.stringContaining(message) });
  });

  test('desired replicas that cannot be read are unknown, and the phase is still judged by pods', () => {
    const status = statusOf(graph({ spec: worker({ replicas: 'two' }) }), [
      pod('Frontend', 'ready'),
      pod('worker', 'ready'),
    ]);
    expect(status).toMatchObject({ phase: 'Running', reason: 'Unreadable', replicas: { desired: null, ready: 1 } });
    expect(statusOf(graph({ spec: [] }))).toMatchObject({ phase: 'Failed', replicas: { desired: null } });
  });
});

/** Puts a value in the place of one of an object's own, anywhere below apiVersion, kind, name and namespace. */
function spoil(object: KubernetesObject, at: number, value: unknown): KubernetesObject {
  let place = 0;
  const copy = (current: unknown, path: readonly string[]): unknown => {
    const kept = ['apiVersion', 'kind', 'metadata', 'metadata.name', 'metadata.namespace'].includes(path.join('.'));
    if (path.length > 0 && !kept) {
      place += 1;
      if (place === at) return value;
    }
    if (Array.isArray(current)) return current.map((item, index) => copy(item, [...path, String(index)]));
    if (typeof current !== 'object' || current === null) return current;
    return Object.fromEntries(Object.entries(current).map(([key, item]) => [key, copy(item, [...path, key])]));
  };
  return { ...object, ...Object.fromEntries(Object.entries(object).map(([key, item]) => [key, copy(item, [key])])) };
}

test('nothing that others write makes a row throw', () => {
  const primary = graph({
    metadata: {
      annotations: { 'kubefoundry.io/model': 'm' },
      labels: { a: 'b' },
      finalizers: ['nvidia.com/finalizer'],
    },
    spec: {
      backendFramework: 'vllm',
      env: [{ name: 'MODEL', value: 'm' }],
      components: [
        component('Frontend', 'frontend', { scalingAdapter: {} }),
        component('worker', 'worker', {
          multinode: { nodeCount: 2 },
          podTemplate: {
            spec: {
              containers: [
                {
                  name: 'main',
                  command: ['sh', '-c'],
                  args: ['run --model $MODEL'],
                  resources: { limits: { 'nvidia.com/gpu': '1' } },
                },
              ],
            },
          },
        }),
      ],
    },
    status: reported('pending', 'updating', {
      components: { worker: { replicas: 2, readyReplicas: 1, updatedReplicas: 1 } },
      rollingUpdate: { phase: 'InProgress' },
      restart: { phase: 'Pending', inProgress: ['worker'] },
    }),
  });
  const owned = service('Frontend');
  const objects = [
    pod('Frontend', 'ready'),
    pod('worker', 'crashLoop'),
    pod('worker', 'initFails'),
    {
      ...owned,
      metadata: {
        ...owned.metadata,
        ownerReferences: [
          { apiVersion: 'nvidia.com/v1beta1', kind: 'DynamoGraphDeployment', name: 'chat', uid: 'uid-chat' },
        ],
      },
    },
    workload('worker', { type: 'ReplicaFailure', status: 'True', message: 'no' }),
    componentObject('worker', { reason: 'Reconciling', message: 'Failed to reconcile' }),
  ];
  const everything = [primary, ...objects];
  const value = fc.oneof(
    fc.constantFrom(
      null,
      undefined,
      '',
      'text',
      0,
      -1.5,
      1e300,
      '1e300',
      true,
      [],
      {},
      [null],
      { name: null },
      unprintable,
      [[unprintable]],
    ),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(fc.nat(everything.length - 1), fc.integer({ min: 1, max: 90 }), value, (which, at, put) => {
      const [spoiled = primary, ...rest] = everything.map((object, index) =>
        index === which ? spoil(object, at, put) : object,
      );
      const have = { answered: [], failed: [], objects: rest };
      dynamo.reading.reads([spoiled], have);
      const [snapshot] = dynamo.reading.snapshots([spoiled], have, new Date(0));
      if (!snapshot) throw new Error('a row is missing');
      expect(dynamo.reading.status(snapshot).message).not.toBe('');
      dynamo.reading.endpoint(snapshot);
      dynamo.reading.pods(snapshot);
      expect(deployment.safeParse(describeDeployment(dynamo, snapshot)).error).toBeUndefined();
      dynamo.deploying.refusals(spoiled, primary);
      dynamo.changing.remove(snapshot);
    }),
    { numRuns: 2000 },
  );
});
