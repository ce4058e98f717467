import { expect, test } from 'vitest';
import { gpuNodes } from '../../../src/foundry/capacity/gpu-nodes.ts';
import type { Survey } from '../../../src/foundry/capacity/survey.ts';
import { fitOf } from '../../../src/foundry/fit/fit.ts';
import { strayWarnings } from '../../../src/foundry/fit/straying.ts';
import { catalogue } from '../../../src/foundry/models/catalogue.ts';
import { factsOfRow } from '../../../src/foundry/models/model-facts.ts';

const node = (name: string, total: number, labels: Readonly<Record<string, string>>) =>
  gpuNodes({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    status: {
      allocatable: { 'nvidia.com/gpu': String(total) },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  });
const gke = (product: string) => ({ 'cloud.google.com/gke-accelerator': product });
const discovered = (product: string, memory: number) => ({
  'nvidia.com/gpu.product': product,
  'nvidia.com/gpu.memory': String(memory),
});

const large = catalogue.find(({ id }) => id === 'Qwen/Qwen3-32B');

/** What a plan of so many replicas warns of, and the selector that it names. */
function told(replicas: number, nodes: Survey['nodes'], pods: Survey['pods'] = []) {
  const survey = { nodes, pods, problems: [] };
  const spec = { name: 'chat', namespace: 'team', runtime: 'dynamo', model: 'Qwen/Qwen3-32B', replicas } as const;
  const fit = fitOf({ ...spec, contextLength: 4_096 }, survey, large ? factsOfRow(large) : null);
  const [warning, ...others] = strayWarnings(fit, survey);
  expect(others).toEqual([]);
  return warning && (/ nodeSelector (\{.*\}) keeps it off\.$/.exec(warning)?.[1] ?? 'no cure');
}
const l4 = node('small', 4, gke('nvidia-l4'));
const h100 = node('large', 4, gke('nvidia-h100-80gb'));

test('what keeps it off is the label that the nodes carry', () => {
  expect(told(1, [...l4, ...h100])).toBe('{"cloud.google.com/gke-accelerator":"nvidia-h100-80gb"}');
  const labelled = node('large', 4, discovered('NVIDIA-H100-80GB-HBM3', 81_559));
  expect(told(1, [...l4, ...labelled])).toBe('{"nvidia.com/gpu.product":"NVIDIA-H100-80GB-HBM3"}');
});

test('GPUs of unknown memory are no cure, nor those without room for all replicas', () => {
  const unknown = node('odd', 8, gke('nvidia-x1'));
  expect(told(1, [...l4, ...unknown, ...h100])).toBe('{"cloud.google.com/gke-accelerator":"nvidia-h100-80gb"}');
  expect(told(1, [...l4, ...unknown])).toBe('no cure');
  expect(told(5, [...l4, ...h100])).toBe('no cure');
  const held = [{ namespace: 'others', node: 'large', gpus: { 'nvidia.com/gpu': 4 } }];
  const h200 = node('larger', 4, gke('nvidia-h200-141gb'));
  expect(told(1, [...l4, ...h100], held)).toBe('no cure');
  expect(told(1, [...l4, ...h100, ...h200], held)).toBe('{"cloud.google.com/gke-accelerator":"nvidia-h200-141gb"}');
  expect(told(1, [...l4, ...h100], null)).toBe('no cure');
});

test('a label that nodes of several kinds carry, or that some lack, keeps nothing off', () => {
  const half = node('half', 4, discovered('NVIDIA-A100', 20_480));
  const whole = node('whole', 4, discovered('NVIDIA-A100', 81_920));
  expect(told(1, [...half, ...whole])).toBe('no cure');
  const other = node('other', 4, { ...gke('NVIDIA-A100-SXM4-80GB') });
  expect(told(1, [...l4, ...other, ...node('same', 4, discovered('NVIDIA-A100-SXM4-80GB', 76_293))])).toBe('no cure');
});

test('where nothing is too small, nothing is said', () => {
  expect(told(1, h100)).toBeUndefined();
});
