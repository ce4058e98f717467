import { expect, test } from 'vitest';
import { gpuKind, isGpuResource } from '../../../src/foundry/capacity/gpu-resources.ts';

test.each([
  ['nvidia.com/gpu', true],
  ['nvidia.com/gpu.shared', true],
  ['nvidia.com/mig-3g.40gb', true],
  ['nvidia.com/mig-1g.10gb.me', true],
  ['amd.com/gpu', true],
  ['nvidia.com/gpu.product', false],
  ['cpu', false],
  ['rdma/hca', false],
])('%s is a GPU: %s', (resource, is) => {
  expect(isGpuResource(resource)).toBe(is);
});

const discovered = { 'nvidia.com/gpu.product': 'NVIDIA-L4', 'nvidia.com/gpu.memory': '23034' };

test.each([
  ['the labels of GPU feature discovery', 'nvidia.com/gpu', discovered, 'NVIDIA-L4', 23_034],
  [
    'a product of the table',
    'nvidia.com/gpu',
    { 'cloud.google.com/gke-accelerator': 'nvidia-l4' },
    'nvidia-l4',
    22_888,
  ],
  ['a product that nobody knows', 'nvidia.com/gpu', { 'nvidia.com/gpu.product': 'NVIDIA-X1' }, 'NVIDIA-X1', null],
  ['no labels', 'nvidia.com/gpu', {}, null, null],
  [
    'a MIG slice with labels of its own',
    'nvidia.com/mig-1g.10gb',
    { ...discovered, 'nvidia.com/mig-1g.10gb.product': 'H100-MIG-1g.10gb', 'nvidia.com/mig-1g.10gb.memory': '9856' },
    'H100-MIG-1g.10gb',
    9_856,
  ],
  ['a MIG slice by its profile', 'nvidia.com/mig-1g.10gb', discovered, 'MIG-1g.10gb', 9_536],
  [
    'a time slice, whose memory is everybody’s',
    'nvidia.com/gpu',
    { ...discovered, 'nvidia.com/gpu.replicas': '4' },
    'NVIDIA-L4',
    null,
  ],
  [
    'the labels of AMD',
    'amd.com/gpu',
    { 'amd.com/gpu.product-name': 'AMD_Instinct_MI300X_OAM', 'amd.com/gpu.vram': '192G' },
    'AMD_Instinct_MI300X_OAM',
    196_608,
  ],
])('model and memory from %s', (_, resource, labels, model, memory) => {
  expect(gpuKind(resource, labels)).toEqual({ model, memory });
});
