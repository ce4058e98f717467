import { describe, expect, test } from 'vitest';
import { type KubernetesObject, textAt } from '../../../src/kubernetes.ts';
import { kuberay } from '../../../src/providers/kuberay/provider.ts';
import type { Scale } from '../../../src/providers/provider.ts';
import { clusterSpecOf, crd16, factsOf, have, now, rayCluster, rayService, specOf } from './fixtures.ts';

function snapshotOf(
  primary: KubernetesObject,
  objects: readonly KubernetesObject[] = [],
  unread: readonly string[] = [],
) {
  const [snapshot] = kuberay.reading.snapshots([primary], have(objects, unread), now);
  if (!snapshot) throw new Error('there is no snapshot');
  return snapshot;
}

const scale = (wanted: Scale, ...situation: Parameters<typeof snapshotOf>) =>
  kuberay.changing.scale(snapshotOf(...situation), wanted, factsOf());

/** Every change but that of the serve config, which is long. */
const sizesOf = (...call: Parameters<typeof scale>) =>
  scale(...call).edits.flatMap(({ object, changes }) =>
    changes
      .filter(({ path }) => path[1] !== 'serveConfigV2')
      .map(({ path, value }) => `${object.kind} ${path.slice(1).join('.')}=${value}`),
  );

const group = (fields: object) => ({
  groupName: 'gpu',
  template: { spec: { containers: [{ resources: { limits: { 'nvidia.com/gpu': '8' } } }] } },
  ...fields,
});
const llm = (engine: object, replicas: number) => ({
  model_loading_config: { model_id: 'm' },
  engine_kwargs: engine,
  deployment_config: { num_replicas: replicas },
});
const laidOut = (config: object, ...groups: readonly object[]) =>
  rayService({
    over: {
      serveConfigV2: JSON.stringify({ applications: [{ args: { llm_configs: [config] } }] }),
      rayClusterConfig: { ...clusterSpecOf({}), workerGroupSpecs: groups },
    },
  });

describe('scaling KubeRay', () => {
  test('changes the serve config to what we would write, and the groups of the RayService and of the live cluster', () => {
    const { edits, summary } = scale({ replicas: 3 }, rayService(), [rayCluster()]);
    expect(summary).toBe('worker 1 → 3');
    const [text] = edits.flatMap(({ changes }) => changes.filter(({ path }) => path[1] === 'serveConfigV2'));
    const written = kuberay.deploying.build(specOf({ replicas: 3 }), factsOf()).primary;
    expect(text?.value).toBe(textAt(written, 'spec', 'serveConfigV2'));
    const sizes = (at: string) => ['replicas', 'minReplicas', 'maxReplicas'].map((field) => `${at}.${field}=3`);
    expect(sizesOf({ replicas: 3 }, rayService(), [rayCluster()])).toEqual([
      ...sizes('RayService rayClusterConfig.workerGroupSpecs.0'),
      ...sizes('RayCluster workerGroupSpecs.0'),
    ]);
  });

  test('goes on where it was broken off: only the live cluster is left', () => {
    expect(sizesOf({ replicas: 3 }, rayService({ spec: { replicas: 3 } }), [rayCluster()])).toEqual([
      expect.stringContaining('RayCluster'),
      expect.stringContaining('RayCluster'),
      expect.stringContaining('RayCluster'),
    ]);
  });

  test('gives the live cluster as many pods as the RayService, also when that was changed before', () => {
    const service = (replicas: number) => laidOut(llm({ tensor_parallel_size: 4 }, replicas), group({ replicas }));
    const live = rayCluster('qwen-a', { spec: { workerGroupSpecs: [group({ replicas: 1 })] } });
    const reached = 'RayCluster workerGroupSpecs.0.replicas=3';
    expect(sizesOf({ replicas: 3 }, service(1), [live])).toContain(reached);
    expect(sizesOf({ replicas: 3 }, service(3), [live])).toEqual([reached]);
  });

  test('reaches the cluster that is being made beside the one that serves', () => {
    const service = rayService({ pending: { rayClusterName: 'qwen-b' } });
    const { edits } = scale({ replicas: 2 }, service, [
      rayCluster('qwen-a'),
      rayCluster('qwen-b'),
      rayCluster('qwen-old'),
    ]);
    expect(edits.map(({ object }) => object.metadata.name)).toEqual(['qwen', 'qwen-a', 'qwen-b']);
  });

  test('gives replicas that span pods all of them, and replicas that share a pod no more', () => {
    const spanning = laidOut(
      llm({ tensor_parallel_size: 16 }, 1),
      group({ replicas: 2, minReplicas: 0, maxReplicas: 2 }),
    );
    expect(sizesOf({ replicas: 3 }, spanning)).toEqual([
      'RayService rayClusterConfig.workerGroupSpecs.0.replicas=6',
      'RayService rayClusterConfig.workerGroupSpecs.0.maxReplicas=6',
    ]);
    const hosts = laidOut(llm({ tensor_parallel_size: 16 }, 1), group({ replicas: 1, numOfHosts: 2 }));
    expect(sizesOf({ replicas: 3 }, hosts)).toEqual(['RayService rayClusterConfig.workerGroupSpecs.0.replicas=3']);
    const shared = laidOut(llm({ tensor_parallel_size: 4 }, 4), group({ replicas: 2 }));
    expect(sizesOf({ replicas: 6 }, shared)).toEqual(['RayService rayClusterConfig.workerGroupSpecs.0.replicas=3']);
  });

  test('keeps what people wrote into the serve config', () => {
    const text = `# ours\napplications:\n- args:\n    llm_configs:\n    - {model_loading_config: {model_id: m}} # small\n`;
    const { edits } = scale({ replicas: 2 }, rayService({ over: { serveConfigV2: text } }));
    const written = edits.flatMap(({ changes }) => changes).find(({ path }) => path[1] === 'serveConfigV2')?.value;
    expect(written).toMatch(/^# ours\n[\s\S]*num_replicas: 2[\s\S]*# small/);
  });

  test('refuses what is laid out so that nobody can tell what to change', () => {
    const two = rayService({
      over: { serveConfigV2: JSON.stringify({ applications: [{ args: { llm_configs: [llm({}, 1), llm({}, 1)] } }] }) },
    });
    expect(() => scale({ replicas: 2 }, two)).toThrow('it has 2 LLM configs');
    const groups = laidOut(llm({}, 1), group({ groupName: 'a' }), group({ groupName: 'b' }));
    expect(() => scale({ replicas: 2 }, groups)).toThrow('2 worker groups hold its worker replicas');
    expect(() => scale({ replicas: 2 }, rayService(), [], ['RayCluster'])).toThrow('which cannot be read');
  });

  test('0 suspends, and another number takes that away with the sizes', () => {
    expect(scale({ replicas: 0 }, rayService(), [rayCluster()]).edits).toMatchObject([
      { object: { kind: 'RayService' }, changes: [{ path: ['spec', 'suspend'], value: true }] },
    ]);
    const stopped = rayService({ over: { suspend: true } });
    expect(scale({ replicas: 0 }, stopped).edits).toEqual([]);
    expect(scale({ replicas: 1 }, stopped)).toMatchObject({
      summary: 'worker 0 → 1',
      edits: [{ changes: [{ path: ['spec', 'suspend'], value: undefined }] }],
    });
    const old = () => kuberay.changing.scale(snapshotOf(rayService()), { replicas: 0 }, factsOf({ crds: [crd16] }));
    expect(old).toThrow('cannot suspend, which came with 1.7');
  });
});

test('an update of KubeRay replaces everything, or no pod', () => {
  const { restarts } = kuberay.deploying;
  const build = (fields: object = {}) => kuberay.deploying.build(specOf(fields), factsOf()).primary;
  expect(restarts(build(), build({ gpus: 2 }))).toEqual(['head', 'worker']);
  expect(restarts(build({ mode: 'disaggregated' }), build({ mode: 'disaggregated', memory: '1Gi' }))).toEqual([
    'head',
    'prefill',
    'decode',
  ]);
  expect(restarts(build(), build({ contextLength: 4096 }))).toEqual([]);
  expect(restarts(build(), build({ replicas: 2 }))).toEqual([]);
});
