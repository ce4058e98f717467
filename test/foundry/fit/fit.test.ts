import { describe, expect, test } from 'vitest';
import type { GpuNode } from '../../../src/foundry/capacity/gpu-nodes.ts';
import type { Survey } from '../../../src/foundry/capacity/survey.ts';
import { fitOf } from '../../../src/foundry/fit/fit.ts';
import { catalogue } from '../../../src/foundry/models/catalogue.ts';
import { factsOfRow } from '../../../src/foundry/models/model-facts.ts';
import type { DeploymentSpec } from '../../../src/providers/spec.ts';
import { gpuNode } from '../gpu-node.ts';

const memories = { L4: 23_034, L40S: 46_068, H100: 81_559 } as const;

const node = (name: string, model: keyof typeof memories, total: number, more: Partial<GpuNode> = {}) =>
  gpuNode(name, total, { model, memory: memories[model], ...more });
const holder = (at: string, gpus: number, more = {}) => ({
  namespace: 'others',
  node: at,
  gpus: { 'nvidia.com/gpu': gpus },
  ...more,
});
const survey = (nodes: Survey['nodes'], pods: Survey['pods'] = []): Survey => ({ nodes, pods, problems: [] });

const spec = (more: Partial<DeploymentSpec> = {}): DeploymentSpec => ({
  name: 'llama',
  namespace: 'team',
  runtime: 'dynamo',
  model: 'meta-llama/Llama-3.1-8B-Instruct',
  contextLength: 8_192,
  ...more,
});

function facts(id: string) {
  const row = catalogue.find((candidate) => candidate.id === id);
  if (!row) throw new Error(`no ${id}`);
  return factsOfRow(row);
}
const llama8b = facts('meta-llama/Llama-3.1-8B-Instruct');
const llama70b = facts('meta-llama/Llama-3.3-70B-Instruct');

describe('which GPUs are large enough', () => {
  test('names them, the smallest first, with what one of them has to hold', () => {
    const found = fitOf(spec(), survey([node('a', 'H100', 8), node('b', 'L4', 1)]), llama8b);
    expect(found).toMatchObject({
      fits: true,
      need: { tokens: 8_192, weights: 15, kvCache: 1, overhead: 2, total: 18 },
      on: [
        { gpu: 'L4', rooms: 1, freeRooms: 1 },
        { gpu: 'H100', rooms: 8, freeRooms: 8 },
      ],
      alternatives: [],
    });
  });

  test('those that are too small, and that the scheduler could take all the same, are told apart', () => {
    const nodes = survey([node('a', 'H100', 8), node('b', 'L4', 4), node('c', 'L4', 1)]);
    expect(fitOf(spec({ gpus: 2 }), nodes, llama70b)).toMatchObject({ on: [{ gpu: 'H100' }], tooSmall: ['L4'] });
    expect(fitOf(spec({ gpus: 8 }), nodes, llama70b)).toMatchObject({ on: [{ gpu: 'H100' }], tooSmall: [] });
    const selected = survey([node('a', 'H100', 8), node('b', 'L4', 4, { labels: { zone: 'b' } })]);
    expect(fitOf(spec({ gpus: 2, nodeSelector: { zone: 'b' } }), selected, llama70b)).toMatchObject({ on: [] });
  });

  test('without a context asked for, the longest counts', () => {
    const found = fitOf(spec({ contextLength: undefined }), survey([node('b', 'L4', 1)]), llama8b);
    expect(found).toMatchObject({ fits: false, need: { tokens: 131_072, kvCache: 16 }, on: [] });
  });

  test('over GPUs that do not divide its heads nothing else helps than another number of them', () => {
    const nodes = survey([node('a', 'H100', 8)]);
    for (const replicas of [1, 2]) {
      const found = fitOf(spec({ gpus: 8, replicas }), nodes, facts('Qwen/Qwen2.5-7B-Instruct'));
      expect(found).toMatchObject({ fits: false, why: 'its attention heads cannot be spread over 8 GPUs' });
      expect(found?.alternatives).toContainEqual(expect.stringMatching(/^gpus: 4 /));
      for (const alternative of found?.alternatives ?? []) expect(alternative).toMatch(/\bgpus: /);
    }
  });

  test('three ways to make it fit, as fields that do', () => {
    const wanted = spec({ gpus: 2, contextLength: undefined });
    const nodes = survey([node('a', 'H100', 8)]);
    const found = fitOf(wanted, nodes, llama70b);
    expect(found).toMatchObject({ fits: false, on: [] });
    expect(found?.alternatives).toEqual([
      expect.stringMatching(/^quantization: "fp8" \(\d+\.\d GiB per GPU\) on 2 H100$/),
      expect.stringMatching(/^gpus: 4 \(\d+\.\d GiB per GPU\) on 4 H100$/),
      expect.stringMatching(/^contextLength: \d+ instead of 131072 on 2 H100$/),
    ]);
    const tokens = Number(/contextLength: (\d+)/.exec(found?.alternatives[2] ?? '')?.[1]);
    for (const changed of [{ quantization: 'fp8' }, { gpus: 4 }, { contextLength: tokens }]) {
      expect(fitOf({ ...wanted, ...changed }, nodes, llama70b), JSON.stringify(changed)).toMatchObject({ fits: true });
    }
  });

  test('heads that cannot be spread over so many GPUs', () => {
    const found = fitOf(spec({ gpus: 3 }), survey([node('a', 'H100', 8)]), llama8b);
    expect(found).toMatchObject({ fits: false, why: 'its attention heads cannot be spread over 3 GPUs', on: [] });
  });

  test('a model that nobody knows is counted in GPUs alone, and that is said', () => {
    const found = fitOf(spec(), survey([node('b', 'L4', 1)]), null);
    expect(found).toMatchObject({
      fits: null,
      need: null,
      why: 'there are GPUs now; only they were counted: the size of the model is not known',
    });
    const eight = fitOf(spec({ gpus: 8, replicas: 2 }), survey([node('a', 'H100', 8)]), null);
    expect(eight).toMatchObject({ fits: false, need: null });
    for (const words of eight?.alternatives ?? []) expect(words).toMatch(/^model: /);
  });
});

describe('what others use', () => {
  const nodes = [node('a', 'H100', 8), node('b', 'H100', 8)];

  test('a full cluster has no room, whatever its nodes are', () => {
    const found = fitOf(spec(), survey(nodes, [holder('a', 8), holder('b', 8)]), llama8b);
    expect(found).toMatchObject({ cluster: 16, free: 0, largestFree: 0, fits: false });
    expect(found?.why).toBe('others use the GPUs: there is room for 0 of 1 replicas now');
  });

  test('free GPUs on several nodes are no block', () => {
    const halves = survey(nodes, [holder('a', 6), holder('b', 6)]);
    expect(fitOf(spec({ gpus: 4 }), halves, llama8b)).toMatchObject({ free: 4, largestFree: 2, fits: false });
    expect(fitOf(spec({ gpus: 4 }), halves, llama8b)?.alternatives).toContainEqual(expect.stringMatching(/^gpus: 2 /));
  });

  test('pods of the deployment itself make room for their successors', () => {
    const own = { namespace: 'team', instance: 'llama', runtime: 'dynamo' };
    const pods = [holder('a', 8, own), holder('b', 8)];
    expect(fitOf(spec({ gpus: 8 }), survey(nodes, pods), llama8b)).toMatchObject({ fits: true, free: 8 });
    expect(fitOf(spec({ gpus: 8, runtime: 'kuberay' }), survey(nodes, pods), llama8b)).toMatchObject({ fits: false });
  });

  test('unread pods leave it unknown; unread nodes leave nothing', () => {
    expect(fitOf(spec(), survey(nodes, null), llama8b)).toMatchObject({ fits: null, free: null, largestFree: null });
    expect(fitOf(spec(), survey(null), llama8b)).toBeNull();
  });

  test('fewer replicas, where there is room for some', () => {
    const found = fitOf(spec({ replicas: 4, gpus: 8 }), survey(nodes), llama8b);
    expect(found).toMatchObject({ gpus: 32, fits: false });
    expect(found?.alternatives).toContain('replicas: 2');
  });

  test('stopped, it needs no room', () => {
    expect(fitOf(spec({ replicas: 0 }), survey(nodes, [holder('a', 8), holder('b', 8)]), llama8b)).toMatchObject({
      fits: true,
    });
  });
});

describe('nodes that its pods cannot have do not count', () => {
  const taints = [{ key: 'team', value: 'search', effect: 'NoSchedule' }];

  test.each([
    ['cordoned', { cordoned: true }],
    ['not ready', { ready: false }],
    ['tainted', { taints }],
  ])('%s', (_, more) => {
    expect(fitOf(spec(), survey([node('a', 'H100', 8, more)]), llama8b)).toMatchObject({ cluster: 0, fits: false });
  });

  test('unless it tolerates the taint', () => {
    const tolerations = [{ key: 'team', operator: 'Exists' as const }];
    const found = fitOf(spec({ tolerations }), survey([node('a', 'H100', 8, { taints })]), llama8b);
    expect(found).toMatchObject({ cluster: 8, fits: true });
  });

  test('nor those with the taint of GPU nodes, unless the manifest of its runtime tolerates it unasked', () => {
    const gpuTaint = [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }];
    const nodes = survey([node('a', 'H100', 8, { taints: gpuTaint }), node('b', 'H100', 8, { taints })]);
    expect(fitOf(spec({ runtime: 'kuberay' }), nodes, llama8b)).toMatchObject({ cluster: 8, fits: true });
    expect(fitOf(spec(), nodes, llama8b)).toMatchObject({ cluster: 0, fits: false });
    const tolerations = [{ key: 'team', operator: 'Exists' as const }];
    expect(fitOf(spec({ runtime: 'kuberay', tolerations }), nodes, llama8b)).toMatchObject({ cluster: 16 });
  });

  test('nor those that its selector leaves out', () => {
    const nodes = survey([node('a', 'H100', 8), node('b', 'L40S', 4, { labels: { zone: 'b' } })]);
    expect(fitOf(spec({ nodeSelector: { zone: 'b' } }), nodes, llama8b)).toMatchObject({
      cluster: 4,
      on: [{ gpu: 'L40S' }],
    });
  });

  test('nor MIG slices and GPUs of AMD, for which manifests do not ask', () => {
    const amd = node('a', 'H100', 8, { resource: 'amd.com/gpu' });
    expect(fitOf(spec(), survey([amd]), llama8b)).toMatchObject({ cluster: 0, fits: false });
  });
});
