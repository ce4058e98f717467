import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../src/kubernetes.ts';
import { getClusterCapacity } from '../../src/tools/get-cluster-capacity.ts';
import { dataOf, type Lab, startLab } from '../support/lab.ts';

const l4 = { 'nvidia.com/gpu.product': 'NVIDIA-L4', 'nvidia.com/gpu.memory': '23034' };

describe('a cluster with nodes of many kinds', () => {
  let lab: Lab;

  async function addNode(
    name: string,
    allocatable: object,
    more: { labels?: object; spec?: object; ready?: boolean } = {},
  ) {
    const node: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: { ...l4, ...more.labels } },
      spec: { ...more.spec },
    };
    await lab.apply(node);
    const conditions = [{ type: 'Ready', status: more.ready === false ? 'False' : 'True' }];
    await lab.setStatus(node, { allocatable, conditions });
  }

  async function addPod(name: string, nodeName: string | undefined, gpus: number, phase = 'Running') {
    const resources = { limits: { 'nvidia.com/gpu': String(gpus) } };
    const pod: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: { nodeName, containers: [{ name: 'model', image: 'example.com/model:1', resources }] },
    };
    await lab.apply(pod);
    await lab.setStatus(pod, { phase });
  }

  const capacity = async (settings = {}) => {
    const result = await lab.call('get_cluster_capacity', {}, settings);
    return { data: getClusterCapacity.output.parse(dataOf(result)), text: result.ok ? result.text : '' };
  };

  beforeAll(async () => {
    lab = await startLab();
    const taints = [{ key: 'team', value: 'search', effect: 'NoSchedule' }];
    await addNode('open-1', { 'nvidia.com/gpu': '4' });
    await addNode('open-2', { 'nvidia.com/gpu': '4' });
    await addNode('tainted', { 'nvidia.com/gpu': '2' }, { spec: { taints } });
    await addNode('cordoned', { 'nvidia.com/gpu': '2' }, { spec: { unschedulable: true } });
    await addNode('down', { 'nvidia.com/gpu': '2' }, { ready: false });
    await addNode('preferred', { cpu: '8' });
    await addNode('sliced', { 'nvidia.com/gpu': '0', 'nvidia.com/mig-1g.10gb': '7' }, { labels: { kind: 'mig' } });
    await addNode('amd', { 'amd.com/gpu': '8' }, { labels: { 'amd.com/gpu.vram': '192G' } });
    await addPod('holds-two', 'open-1', 2);
    await addPod('holds-one', 'open-2', 1);
    await addPod('has-ended', 'open-2', 3, 'Succeeded');
    await addPod('waits', undefined, 4, 'Pending');
  });
  afterAll(() => lab.stop());

  test('counts what is used and free per pool, and what cannot be used apart', async () => {
    const { data, text } = await capacity();
    expect(data.problems).toEqual([]);
    expect(data.waiting).toEqual({ pods: 1, gpus: 4 });
    const whole = data.pools?.find(({ model, resource }) => model === 'NVIDIA-L4' && resource === 'nvidia.com/gpu');
    expect(whole).toMatchObject({ memory: 23_034, nodes: 6, total: 14, used: 3, free: 5, largestFree: 3 });
    expect(whole?.blocked).toEqual(
      expect.arrayContaining([
        { why: 'taint team=search:NoSchedule', nodes: 1, gpus: 2 },
        { why: 'cordoned', nodes: 1, gpus: 2 },
        { why: 'not ready', nodes: 1, gpus: 2 },
      ]),
    );
    expect(text).toContain('not usable: 2 GPUs of NVIDIA-L4 on 1 node (taint team=search:NoSchedule)');
    expect(text).toContain('1 pod without a node ask for 4 GPUs');
  });

  test('keeps MIG slices, AMD and GPUs without labels apart', async () => {
    const { pools } = (await capacity()).data;
    expect(pools).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ resource: 'nvidia.com/mig-1g.10gb', total: 7, free: 7 }),
        expect.objectContaining({ resource: 'amd.com/gpu', memory: 196_608, total: 8, free: 8 }),
        expect.objectContaining({ resource: 'nvidia.com/gpu', model: null, memory: null, total: 8, largestFree: 8 }),
      ]),
    );
  });

  test('what may not be read is unknown, never 0', async () => {
    const observer = { apiGroups: [''], verbs: ['list'] };
    await lab.allow('sees-nodes', [{ ...observer, resources: ['nodes'] }]);
    await lab.allow('sees-pods', [{ ...observer, resources: ['pods'] }]);
    const nodesOnly = await capacity({ as: 'sees-nodes' });
    expect(nodesOnly.data.pools?.every(({ used, free, total }) => used === null && free === null && total > 0)).toBe(
      true,
    );
    expect(nodesOnly.data).toMatchObject({ waiting: null, problems: [{ what: 'pods', code: 'FORBIDDEN' }] });
    expect(nodesOnly.text).toContain('free unknown');
    const podsOnly = await capacity({ as: 'sees-pods' });
    expect(podsOnly.data).toMatchObject({ pools: null, nodes: null, problems: [{ what: 'nodes', code: 'FORBIDDEN' }] });
  });

  test('behind a fence of namespaces it does not take the pods inside for all', async () => {
    const { data } = await capacity({ namespaces: ['default'] });
    expect(data.pools?.map(({ free }) => free).every((free) => free === null)).toBe(true);
    expect(data.problems).toMatchObject([{ what: 'pods', message: expect.stringContaining('--namespaces') }]);
  });
});
