import type { GpuNode } from '../../src/foundry/capacity/gpu-nodes.ts';

/** A node that takes pods, with so many whole GPUs of an unknown kind. */
export const gpuNode = (name: string, total: number, more: Partial<GpuNode> = {}): GpuNode => ({
  name,
  resource: 'nvidia.com/gpu',
  model: null,
  memory: null,
  total,
  ready: true,
  cordoned: false,
  taints: [],
  labels: {},
  ...more,
});
