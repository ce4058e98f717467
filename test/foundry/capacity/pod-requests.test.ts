import { describe, expect, test } from 'vitest';
import { gpuPod, gpuRequests } from '../../../src/foundry/capacity/pod-requests.ts';

const container = (gpus: number | string, more = {}) => ({
  resources: { limits: { 'nvidia.com/gpu': String(gpus) } },
  ...more,
});
const sidecar = (gpus: number) => container(gpus, { restartPolicy: 'Always' });
const pod = (spec: object, status = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'pod', namespace: 'team' },
  spec: { nodeName: 'gpu-1', ...spec },
  status,
});
const asks = (spec: object) => gpuRequests(pod(spec))['nvidia.com/gpu'] ?? 0;

describe('what the scheduler counts for a pod', () => {
  test.each([
    ['containers together', { containers: [container(2), container(1)] }, 3],
    ['an init container that asks for more', { initContainers: [container(4)], containers: [container(1)] }, 4],
    ['an init container that asks for less', { initContainers: [container(1)], containers: [container(2)] }, 2],
    [
      'init containers one after the other',
      { initContainers: [container(2), container(3)], containers: [container(1)] },
      3,
    ],
    ['sidecars beside the containers', { initContainers: [sidecar(1)], containers: [container(2)] }, 3],
    [
      'a sidecar beside a later init container',
      { initContainers: [sidecar(1), container(4)], containers: [container(2)] },
      5,
    ],
    [
      'a sidecar that starts after the init container',
      { initContainers: [container(4), sidecar(1)], containers: [container(2)] },
      4,
    ],
    ['nothing', { containers: [{}] }, 0],
    ['what is no number', { containers: [container('two')] }, 0],
  ])('%s', (_, spec, gpus) => {
    expect(asks(spec)).toBe(gpus);
  });

  test('each resource for itself, and none that is no GPU', () => {
    const limits = { 'nvidia.com/mig-1g.10gb': '2', 'amd.com/gpu': '1', cpu: '4', 'nvidia.com/nic': '1' };
    expect(gpuRequests(pod({ containers: [{ resources: { limits } }] }))).toEqual({
      'nvidia.com/mig-1g.10gb': 2,
      'amd.com/gpu': 1,
    });
  });

  test('requests alone count as well as limits', () => {
    expect(asks({ containers: [{ resources: { requests: { 'nvidia.com/gpu': 2 } } }] })).toBe(2);
  });
});

describe('who holds GPUs', () => {
  const spec = { containers: [container(1)] };

  test.each(['Succeeded', 'Failed'])('not a pod that has ended: %s', (phase) => {
    expect(gpuPod(pod(spec, { phase }))).toBeUndefined();
  });

  test('a pod that is being deleted, until it is gone', () => {
    const running = pod(spec, { phase: 'Running' });
    const leaving = { ...running, metadata: { ...running.metadata, deletionTimestamp: '2026-11-01T00:00:00Z' } };
    expect(gpuPod(leaving)).toMatchObject({ node: 'gpu-1', gpus: { 'nvidia.com/gpu': 1 } });
  });
});
