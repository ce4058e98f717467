import { expect, test } from 'vitest';
import { differences } from '../../src/foundry/differences.ts';

const object = (spec: unknown, labels: Record<string, string> = {}) => ({
  apiVersion: 'ray.io/v1',
  kind: 'RayService',
  metadata: { name: 'qwen', labels },
  spec,
});

test('what is equal for the server makes no difference, also in another order', () => {
  const one = object({ a: 1, list: [{ name: 'x', value: 2 }] });
  const other = object({ list: [{ value: 2, name: 'x' }], a: 1 });
  expect(differences(one, other, other)).toEqual([]);
});

test('a changed, an added and a removed field are told by their path', () => {
  const before = object({ replicas: 1, containers: [{ name: 'main', image: 'a:1' }], gone: true });
  const after = object({ replicas: 2, containers: [{ name: 'main', image: 'a:2' }], fresh: { x: 1 } });
  expect(differences(before, after, after)).toEqual([
    { path: 'spec.replicas', from: '1', to: '2' },
    { path: 'spec.containers[main].image', from: 'a:1', to: 'a:2' },
    { path: 'spec.gone', from: 'true', to: null },
    { path: 'spec.fresh', from: null, to: '{"x":1}' },
  ]);
});

test('a changed secret is a change, and is not shown', () => {
  const before = object({ args: ['--config={"password":"old-one-1"}'] });
  const after = object({ args: ['--config={"password":"new-one-2"}'] });
  const found = differences(before, after, after);
  expect(found).toHaveLength(1);
  expect(JSON.stringify(found)).not.toMatch(/one-[12]/);
});

test('labels that others set are not ours to compare', () => {
  const before = object({}, { ours: '1', theirs: 'a' });
  const after = object({}, { ours: '2', theirs: 'a' });
  expect(differences(before, after, object({}, { ours: '2' }))).toEqual([
    { path: 'metadata.labels[ours]', from: '1', to: '2' },
  ]);
});
