import { describe, expect, test } from 'vitest';
import { valueAt } from '../../../src/kubernetes.ts';
import { kuberay } from '../../../src/providers/kuberay/provider.ts';
import { clusterSpecOf, factsOf, have, head, now, pod, rayCluster, rayService, statusOf } from './fixtures.ts';

const serveConfig = (llmConfigs: readonly object[]): string =>
  JSON.stringify({ applications: [{ name: 'llms', args: { llm_configs: llmConfigs } }] });

const config = (engine: object, deployment: object) => ({
  model_loading_config: { model_id: 'm' },
  engine_kwargs: engine,
  deployment_config: deployment,
});

const group = (name: string, gpus: string | undefined, fields: object) => ({
  groupName: name,
  template: { spec: { containers: [{ resources: { limits: gpus === undefined ? {} : { 'nvidia.com/gpu': gpus } } }] } },
  ...fields,
});

const clusterOf = (...workerGroupSpecs: readonly object[]) => ({ ...clusterSpecOf({}), workerGroupSpecs });

describe('model replicas', () => {
  test('of prefill and decode are counted apart, and both are needed', () => {
    const spec = { mode: 'disaggregated', prefillReplicas: 1, decodeReplicas: 2 };
    const cluster = rayCluster('qwen-a', { spec: clusterSpecOf(spec) });
    const prefill = pod('p', { group: 'prefill' });
    const decode = (name: string, ready = true) => pod(name, { group: 'decode', ready, since: ready ? 4 : 8 });
    const all = statusOf(rayService({ spec }), [cluster, head(), prefill, decode('d1'), decode('d2')]);
    expect(all).toMatchObject({ phase: 'Running', replicas: { desired: 3, ready: 3 } });
    expect(all.roles.map(({ role, desired, ready }) => [role, desired, ready])).toEqual([
      ['head', 1, 1],
      ['prefill', 1, 1],
      ['decode', 2, 2],
    ]);
    expect(statusOf(rayService({ spec }), [cluster, head(), prefill, decode('d1'), decode('d2', false)])).toMatchObject(
      {
        phase: 'Degraded',
        replicas: { desired: 3, ready: 2 },
      },
    );
    expect(
      statusOf(rayService({ spec }), [cluster, head(), prefill, decode('d1', false), decode('d2', false)]),
    ).toMatchObject({
      phase: 'Deploying',
      replicas: { desired: 3, ready: 0 },
    });
  });

  test('that span several pods are ready only with all of them', () => {
    const over = {
      serveConfigV2: serveConfig([config({ tensor_parallel_size: 8, pipeline_parallel_size: 2 }, { num_replicas: 1 })]),
      rayClusterConfig: clusterOf(group('gpu', '8', { replicas: 1, numOfHosts: 2 })),
    };
    const cluster = rayCluster('qwen-a', { spec: over.rayClusterConfig });
    expect(statusOf(rayService({ over }), [cluster, head(), pod('a'), pod('b')])).toMatchObject({
      phase: 'Running',
      replicas: { desired: 1, ready: 1 },
      roles: [{ role: 'head' }, { role: 'worker', gpus: 16 }],
    });
    expect(
      statusOf(rayService({ over }), [cluster, head(), pod('a'), pod('b', { ready: false, since: 8 })]),
    ).toMatchObject({
      phase: 'Deploying',
      replicas: { desired: 1, ready: 0 },
    });
  });

  test('that share a large pod are not missed', () => {
    const over = {
      serveConfigV2: serveConfig([config({}, { num_replicas: 4 })]),
      rayClusterConfig: clusterOf(group('gpu', '8', { replicas: 1 })),
    };
    const cluster = rayCluster('qwen-a', { spec: over.rayClusterConfig });
    expect(statusOf(rayService({ over }), [cluster, head(), pod('a')])).toMatchObject({
      phase: 'Running',
      replicas: { desired: 4, ready: 4 },
    });
  });

  test('that are autoscaled follow what the live cluster holds, not what the RayService once asked', () => {
    const over = {
      serveConfigV2: serveConfig([config({}, { autoscaling_config: { min_replicas: 1, max_replicas: 4 } })]),
      rayClusterConfig: clusterOf(group('gpu', '1', { replicas: 1, minReplicas: 1, maxReplicas: 4 })),
    };
    const cluster = rayCluster('qwen-a', { spec: clusterOf(group('gpu', '1', { replicas: 3, maxReplicas: 4 })) });
    expect(statusOf(rayService({ over }), [cluster, head(), pod('a'), pod('b'), pod('c')])).toMatchObject({
      phase: 'Running',
      replicas: { desired: 3, ready: 3 },
    });
  });

  test('of several LLM configs are summed; workers without GPUs hold none', () => {
    const over = {
      serveConfigV2: serveConfig([config({}, { num_replicas: 1 }), config({}, {})]),
      rayClusterConfig: clusterOf(group('cpu', undefined, { replicas: 2 }), group('gpu', '1', { replicas: 2 })),
    };
    const cluster = rayCluster('qwen-a', { spec: over.rayClusterConfig });
    const ingress = pod('i', { group: 'cpu' });
    expect(statusOf(rayService({ over }), [cluster, head(), ingress, pod('a')])).toMatchObject({
      phase: 'Deploying',
      replicas: { desired: 2, ready: 1 },
    });
  });

  test('are held by the head where there are no workers', () => {
    const rayClusterConfig = {
      headGroupSpec: { template: { spec: { containers: [{ resources: { limits: { 'nvidia.com/gpu': '1' } } }] } } },
    };
    const over = { serveConfigV2: serveConfig([config({}, { num_replicas: 1 })]), rayClusterConfig };
    expect(
      statusOf(rayService({ over }), [
        rayCluster('qwen-a', { spec: { ...rayClusterConfig, workerGroupSpecs: [] } }),
        head(),
      ]),
    ).toMatchObject({
      phase: 'Running',
      replicas: { desired: 1, ready: 1 },
    });
  });

  test.each([
    'num_replicas: 2.5',
    'num_replicas: -1',
    'num_replicas: 1e300',
    'autoscaling_config: {min_replicas: 0.5}',
  ])('that %s asks for count as the one of the default, since Ray refuses such a number', (asked) => {
    const text = String(valueAt(rayService(), 'spec', 'serveConfigV2'));
    const strange = rayService({ over: { serveConfigV2: text.replace('num_replicas: 1', asked) } });
    expect(statusOf(strange, [rayCluster(), head(), pod('a')]).replicas).toEqual({ desired: 1, ready: 1 });
    const halved = rayService({
      over: { serveConfigV2: text.replace('tensor_parallel_size: 1', 'tensor_parallel_size: 1.5') },
    });
    expect(statusOf(halved, [rayCluster(), head(), pod('a')]).roles[1]).toMatchObject({ gpus: 1 });
  });

  test.each(['---\n', '---\napplications: []\n', '---\n{ broken: [\n'])(
    'are those of the first YAML document, as the operator reads it, and scaling leaves %j after it alone',
    (tail) => {
      const text = String(valueAt(rayService({ spec: { replicas: 2 } }), 'spec', 'serveConfigV2'));
      const several = rayService({ over: { serveConfigV2: `${text}${tail}` } });
      const objects = [rayCluster('qwen-a', { spec: clusterSpecOf({ replicas: 2 }) }), head(), pod('a'), pod('b')];
      expect(statusOf(several, objects)).toMatchObject({ phase: 'Running', replicas: { desired: 2, ready: 2 } });
      const [snapshot] = kuberay.reading.snapshots([several], have(objects), now);
      if (!snapshot) throw new Error('there is no snapshot');
      const { edits } = kuberay.changing.scale(snapshot, { replicas: 1 }, factsOf());
      const written = edits.flatMap(({ changes }) => changes).find(({ path }) => path[1] === 'serveConfigV2');
      expect(written?.value).toBe(`${text.replace('num_replicas: 2', 'num_replicas: 1')}${tail}`);
    },
  );

  test('are unknown where pods cannot be read, and where the application is no LLM', () => {
    expect(statusOf(rayService(), [rayCluster()], ['Pod'])).toMatchObject({
      phase: 'Running',
      replicas: { desired: 1, ready: null },
    });
    const fruit = rayService({ over: { serveConfigV2: 'applications: [{name: fruit, import_path: fruit:app}]' } });
    expect(statusOf(fruit, [rayCluster(), head(), pod('a')])).toMatchObject({
      phase: 'Running',
      replicas: { desired: null, ready: null },
    });
  });
});
