import { expect, test } from 'vitest';
import type { GpuNode } from '../../../src/foundry/capacity/gpu-nodes.ts';
import type { GpuPod } from '../../../src/foundry/capacity/pod-requests.ts';
import { gpuArithmetic } from '../../../src/foundry/diagnosis/capacity.ts';
import type { Subject } from '../../../src/providers/causes.ts';
import { gpuNode as node } from '../gpu-node.ts';
import { subject as usual } from './subject.ts';

const subject: Subject = {
  ...usual,
  model: 'Qwen/Qwen3-8B',
  gpus: 4,
  asked: { model: 'Qwen/Qwen3-8B', gpus: 4, contextLength: 8192 },
};

const holds = (at: string, gpus: number, resource = 'nvidia.com/gpu'): GpuPod => ({
  namespace: 'others',
  node: at,
  gpus: { [resource]: gpus },
});

/** What is found of a pod that asks for so many GPUs and finds no node. */
function found(nodes: readonly GpuNode[], pods: readonly GpuPod[] | null, spec: object = asking(4)) {
  const finding = findingOf(nodes, pods, spec);
  return finding && [finding.code, finding.title];
}
function findingOf(nodes: readonly GpuNode[], pods: readonly GpuPod[] | null, spec: object) {
  const resource = /(?:nvidia|amd)\.com\/gpu/.exec(JSON.stringify(spec))?.[0];
  const message = `0/${nodes.length} nodes are available: ${nodes.length} Insufficient ${resource}.`;
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'chat-0', namespace: 'team' }, spec };
  const unschedulable = { reason: 'Unschedulable', message };
  const pod = { name: 'chat-0', gone: false, ready: false, wasReady: false, scheduled: false, unschedulable };
  return gpuArithmetic({
    pods: [{ ...pod, object, role: 'worker' }],
    survey: { nodes, pods, problems: [] },
    subject,
  });
}
const asking = (gpus: number, resource = 'nvidia.com/gpu') => ({
  containers: [{ resources: { limits: { [resource]: String(gpus) } } }],
});

test('each kind of GPU is counted for itself', () => {
  const amd = { resource: 'amd.com/gpu' };
  const nodes = [node('a', 8), node('b', 8, amd)];
  expect(found(nodes, [holds('b', 6, 'amd.com/gpu')], asking(4, 'amd.com/gpu'))).toEqual([
    'GPUS_IN_USE',
    'A pod asks for 4 GPUs on one node: 6 of 8 are in use, and the largest free block is 2.',
  ]);
});

test('what its init containers and sidecars ask for counts as the scheduler counts it', () => {
  const sidecar = { restartPolicy: 'Always', resources: { limits: { 'nvidia.com/gpu': '5' } } };
  expect(found([node('a', 8)], [], { ...asking(4), initContainers: [sidecar] })).toEqual([
    'GPUS_TOO_MANY',
    'A pod asks for 9 GPUs on one node, and the largest node has 8.',
  ]);
});

test('nodes that it does not tolerate, or does not select, hold nothing for it', () => {
  const taints = [{ key: 'team', value: 'a', effect: 'NoSchedule' }];
  const nodes = [node('a', 2), node('b', 8, { taints, labels: { pool: 'big' } })];
  expect(found(nodes, [])?.[0]).toBe('GPUS_TOO_MANY');
  expect(found(nodes, [], { ...asking(4), tolerations: [{ operator: 'Exists' }] })).toBeUndefined();
  expect(found([node('b', 8, { taints })], [])).toBeUndefined();
  expect(found([node('a', 8)], [], { ...asking(4), nodeSelector: { pool: 'big' } })).toBeUndefined();
});

test('without the pods of others nothing is said of what they use', () => {
  expect(found([node('a', 4)], null)).toBeUndefined();
  expect(found([node('a', 2)], null)?.[0]).toBe('GPUS_TOO_MANY');
});

test('the fix asks for fewer GPUs than it has, beside those of its sidecars, and where none are left for the nodes', () => {
  const sidecar = { restartPolicy: 'Always', resources: { limits: { 'nvidia.com/gpu': '5' } } };
  const besideFive = { ...asking(4), initContainers: [sidecar] };
  const fixOf = (...given: Parameters<typeof findingOf>) => findingOf(...given)?.fix;
  expect(fixOf([node('a', 2)], [], asking(4))).toContain('"gpus":2');
  expect(fixOf([node('a', 8)], [], besideFive)).toContain('"gpus":2');
  expect(fixOf([node('a', 4)], [], besideFive)).toBe('get_cluster_capacity {}');
  expect(fixOf([node('a', 8)], [holds('a', 5)], asking(4))).toContain('"gpus":2');
  expect(fixOf([node('a', 16)], [holds('a', 8)], besideFive)).toContain('"gpus":2');
  expect(fixOf([node('a', 16)], [holds('a', 11)], besideFive)).toBe('get_cluster_capacity {}');
});
