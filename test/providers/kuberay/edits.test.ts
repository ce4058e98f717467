import { expect, test } from 'vitest';
import type { KubernetesObject } from '../../../src/kubernetes.ts';
import { kuberay } from '../../../src/providers/kuberay/provider.ts';
import { factsOf, specOf } from './fixtures.ts';

const build = (fields: object = {}): KubernetesObject => kuberay.deploying.build(specOf(fields), factsOf()).primary;
const consequences = (from: KubernetesObject, to: KubernetesObject) => kuberay.deploying.consequences?.(from, to);

/** As the API server gives it back: ports with their default protocol. */
const stored = (object: KubernetesObject): KubernetesObject => {
  const copy = JSON.parse(JSON.stringify(object));
  for (const port of copy.spec.rayClusterConfig.headGroupSpec.template.spec.containers[0].ports) port.protocol = 'TCP';
  return copy;
};

test('what edits the serve config only is carried out in place', () => {
  expect(consequences(stored(build()), build())).toEqual([]);
  expect(consequences(stored(build()), build({ contextLength: 8192 }))).toEqual([]);
});

test('what edits the cluster needs its GPUs twice, and more replicas alone find no workers', () => {
  expect(consequences(stored(build()), build({ gpus: 2 }))).toEqual([expect.stringContaining('GPUs twice')]);
  expect(consequences(stored(build()), build({ replicas: 2 }))).toEqual([expect.stringContaining('scale_deployment')]);
});

test('only managedBy may not change', () => {
  const managed = (managedBy: string) => ({ ...build(), spec: { managedBy } });
  expect(kuberay.deploying.refusals(managed('a'), build({ gpus: 8 }))).toEqual([]);
  expect(kuberay.deploying.refusals(managed('a'), managed('b'))).toEqual([
    expect.stringContaining('managedBy is immutable'),
  ]);
});
