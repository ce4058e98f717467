import { expect, test } from 'vitest';
import { placementProblems } from '../../src/providers/placement.ts';
import { deploymentSpec } from '../../src/providers/spec.ts';

const problems = (fields: object) =>
  placementProblems({
    ...deploymentSpec.parse({ name: 'chat', runtime: 'kuberay', model: 'Qwen/Qwen3-0.6B', ...fields }),
    namespace: 'models',
  });

test('tolerations that pods would be refused for are refused', () => {
  expect(problems({ tolerations: [{ effect: 'NoSchedule' }] })).toMatchObject([
    { path: 'tolerations[0]', code: 'INPUT_INVALID', severity: 'error' },
  ]);
  const tolerations = [{ operator: 'Exists' }, { key: 'a', operator: 'Exists', value: 'b' }];
  expect(problems({ tolerations })).toMatchObject([{ path: 'tolerations[1]' }]);
});

test.each([`${'n'.repeat(64)}`, `example.com/${'n'.repeat(64)}`, `${'d'.repeat(254)}/pool`, 'example..com/pool'])(
  '%s is no label key',
  (key) => {
    expect(problems({ nodeSelector: { [key]: 'x' }, tolerations: [{ key, operator: 'Exists' }] })).toMatchObject([
      { path: `nodeSelector.${key}`, code: 'INPUT_INVALID' },
      { path: 'tolerations[0].key' },
    ]);
  },
);

test('ordinary places are no problem', () => {
  const nodeSelector = {
    'kubernetes.io/arch': 'amd64',
    'nvidia.com/gpu.product': 'H100',
    pool: 'a',
    ['n'.repeat(63)]: '',
  };
  expect(problems({ nodeSelector, tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists' }] })).toEqual([]);
});
