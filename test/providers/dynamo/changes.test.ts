import { describe, expect, test } from 'vitest';
import { dynamo } from '../../../src/providers/dynamo/provider.ts';
import { component, graph, snapshot, withComponents } from './fixtures.ts';

const { refusals } = dynamo.deploying;
const worker = (fields: object, type = 'worker') =>
  withComponents(component('Frontend', 'frontend'), component('worker', type, fields));

describe('a deployment may be changed in place', () => {
  test('in its replicas, images and arguments', () => {
    const image = { podTemplate: { spec: { containers: [{ name: 'main', image: 'x:1.5.1', args: ['--seed=1'] }] } } };
    expect(refusals(graph(), worker({ replicas: 4, ...image }))).toEqual([]);
  });

  test('not in its components, types, nodes, engine or mode', () => {
    const renamed = withComponents(component('Frontend', 'frontend'), component('other', 'worker'));
    expect(refusals(graph(), renamed)).toEqual([
      'Components would be removed: worker.',
      'Components would be added: other.',
    ]);
    expect(refusals(graph(), worker({}, 'planner'))).toEqual([
      'The mode would change from aggregated to unknown.',
      'The type of component worker would change from worker to planner.',
    ]);
    expect(refusals(graph(), worker({ multinode: { nodeCount: 2 } }))).toEqual([
      expect.stringContaining('1 to 2 nodes'),
    ]);
    const framework = (backendFramework: string) =>
      graph({ spec: { backendFramework, components: [component('worker', 'worker')] } });
    expect(refusals(framework('vllm'), framework('sglang'))).toEqual(['The engine would change from vllm to sglang.']);
    const apart = withComponents(
      component('Frontend', 'frontend'),
      component('prefill', 'prefill'),
      component('decode', 'decode'),
    );
    expect(refusals(graph(), apart)[0]).toBe('The mode would change from aggregated to disaggregated.');
  });

  test('not in its types, even where a component goes on doing the same', () => {
    const halves = (prefill: string, decode: string | undefined) =>
      withComponents(component('prefill', prefill), component('decode', decode));
    expect(refusals(halves('prefill', 'worker'), halves('prefill', 'decode'))).toEqual([
      'The type of component decode would change from worker to decode.',
    ]);
    expect(refusals(halves('prefill', undefined), halves('prefill', 'worker'))).toEqual([
      'The type of component decode would change from none to worker.',
    ]);
    const alpha = graph({
      spec: {
        services: {
          prefill: { componentType: 'worker', subComponentType: 'prefill' },
          decode: { componentType: 'worker', subComponentType: 'decode' },
        },
      },
    });
    expect(refusals(alpha, halves('prefill', 'decode'))).toEqual([]);
  });

  test('nor in replicas that a scaling adapter owns', () => {
    expect(refusals(worker({ scalingAdapter: {} }), worker({ replicas: 3 }))).toEqual([
      expect.stringContaining('scaling adapter'),
    ]);
    expect(refusals(worker({ scalingAdapter: {}, replicas: 3 }), worker({ replicas: 3 }))).toEqual([]);
  });
});

test('removing deletes the object that was read, in the background', () => {
  expect(dynamo.changing.remove(snapshot(graph()))).toEqual([
    {
      kind: 'delete',
      title: 'Delete DynamoGraphDeployment models/chat',
      command: 'kubectl delete dynamographdeployment.nvidia.com chat --namespace models --cascade=background',
      target: {
        apiVersion: 'nvidia.com/v1beta1',
        kind: 'DynamoGraphDeployment',
        name: 'chat',
        namespace: 'models',
        uid: 'uid-chat',
      },
      propagation: 'Background',
    },
  ]);
});
