import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../../src/kubernetes.ts';
import { dynamo } from '../../../src/providers/dynamo/provider.ts';
import type { Scale } from '../../../src/providers/provider.ts';
import { cluster, component, crd, graph, snapshot, withComponents } from './fixtures.ts';

const scale = (primary: KubernetesObject, wanted: Scale) =>
  dynamo.changing.scale(snapshot(primary), wanted, cluster('1.6.1'));
const changesOf = (primary: KubernetesObject, wanted: Scale) =>
  scale(primary, wanted).edits.flatMap(({ object, changes }) =>
    changes.map(({ path, value }) => `${object.kind} ${object.metadata.name} ${path.join('.')}=${value}`),
  );

const apart = withComponents(
  component('Frontend', 'frontend'),
  component('prefill', 'prefill'),
  component('decode', 'decode', { replicas: 2 }),
);
const alpha = graph({
  spec: {
    services: {
      Frontend: { componentType: 'frontend' },
      Decode: { componentType: 'worker', subComponentType: 'decode', replicas: 1 },
      Prefill: { componentType: 'worker', subComponentType: 'prefill', replicas: 1 },
    },
  },
});

describe('scaling Dynamo', () => {
  test('changes the replicas of the role, in either API version', () => {
    expect(changesOf(graph(), { replicas: 3 })).toEqual(['DynamoGraphDeployment chat spec.components.1.replicas=3']);
    expect(changesOf(apart, { replicas: 5, role: 'decode' })).toEqual([
      'DynamoGraphDeployment chat spec.components.2.replicas=5',
    ]);
    expect(changesOf(alpha, { replicas: 2, role: 'prefill' })).toEqual([
      'DynamoGraphDeployment chat spec.services.Prefill.replicas=2',
    ]);
    expect(scale(apart, { replicas: 5, role: 'decode' }).summary).toBe('decode 2 → 5');
    expect(changesOf(graph(), { replicas: 1 })).toEqual([]);
  });

  test('stops every role at once with 0, and no frontend', () => {
    expect(changesOf(apart, { replicas: 0 })).toEqual([
      'DynamoGraphDeployment chat spec.components.1.replicas=0',
      'DynamoGraphDeployment chat spec.components.2.replicas=0',
    ]);
  });

  test('asks for the role where there are several, and divides no number among components', () => {
    for (const primary of [apart, alpha]) {
      expect(() => scale(primary, { replicas: 2 })).toThrow('prefill and decode, which are scaled apart');
    }
    expect(() => scale(graph(), { replicas: 2, role: 'decode' })).toThrow('has no decode; it has worker');
    const twins = withComponents(component('one', 'worker'), component('two', 'worker'));
    expect(() => scale(twins, { replicas: 3 })).toThrow('several components are its worker: one, two');
    expect(changesOf(twins, { replicas: 0 })).toHaveLength(2);
    expect(() => scale(withComponents(component('Frontend', 'frontend')), { replicas: 2 })).toThrow('serves no model');
  });

  test('goes through the scaling adapter where there is one', () => {
    const adapted = withComponents(
      component('Frontend', 'frontend'),
      component('VllmWorker', 'worker', { scalingAdapter: {} }),
    );
    expect(changesOf(adapted, { replicas: 4 })).toEqual([
      'DynamoGraphDeploymentScalingAdapter chat-vllmworker spec.replicas=4',
    ]);
  });
});

describe('restarting Dynamo', () => {
  const restart = (primary: KubernetesObject, facts = cluster('1.6.1')) =>
    dynamo.changing.restart(snapshot(primary), facts);

  test('asks for it with an id that was not there before', () => {
    expect(restart(graph({ metadata: { generation: 7 } })).edits).toMatchObject([
      { changes: [{ path: ['spec', 'restart', 'id'], value: 'kubefoundry-7' }] },
    ]);
  });

  test('is refused where the CRD has no such field', () => {
    const old = cluster('1.0.2', { crds: [{ ...crd, specFields: { v1beta1: ['components', 'env'] } }] });
    expect(() => restart(graph(), old)).toThrow('the installed Dynamo knows no restart');
  });
});

describe('an update of Dynamo replaces', () => {
  const { restarts } = dynamo.deploying;
  const container = (image: string) => ({ podTemplate: { spec: { containers: [{ name: 'main', image }] } } });

  test('no pod when only numbers change', () => {
    const scaled = withComponents(component('Frontend', 'frontend'), component('worker', 'worker', { replicas: 4 }));
    expect(restarts(graph(), scaled)).toEqual([]);
  });

  test('the pods of the frontend alone, of all workers when one of them changes, of all with what they share', () => {
    const halves = (prefill: object, frontend: object = {}) =>
      withComponents(
        component('Frontend', 'frontend', frontend),
        component('prefill', 'prefill', prefill),
        component('decode', 'decode'),
      );
    expect(restarts(halves({}), halves({}, container('x:2.0.0')))).toEqual(['frontend']);
    expect(restarts(halves({}), halves(container('x:2.0.0')))).toEqual(['prefill', 'decode']);
    const shared = graph({ spec: { ...Object(graph().spec), env: [{ name: 'A', value: 'b' }] } });
    expect(restarts(graph(), shared)).toEqual(['frontend', 'worker']);
  });
});
