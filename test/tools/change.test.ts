import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type KubernetesObject, listAt, numberAt, textAt, valueAt } from '../../src/kubernetes.ts';
import type { Ask } from '../../src/tools/call.ts';
import { dataOf, type Lab, namespace, startLab } from '../support/lab.ts';
import { soon } from '../support/soon.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ protect: ['nowhere'] });
  await lab.apply(namespace('models'), holder, tainted);
  await lab.setStatus(tainted, {
    conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: '' }],
    allocatable: { 'nvidia.com/gpu': '16' },
  });
});
afterAll(() => lab.stop());

/** A pod of others, which has four of the eight GPUs that any pod can have. */
const holder: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'holder', namespace: 'models' },
  spec: {
    nodeName: 'gpu-1',
    containers: [{ name: 'main', image: 'busybox', resources: { limits: { 'nvidia.com/gpu': '4' } } }],
  },
};

/** A node as clouds taint those with GPUs. */
const tainted: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'gpu-tainted' },
  spec: { taints: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }] },
};

const model = 'Qwen/Qwen3-0.6B';
const image = 'nvcr.io/nvidia/ai-dynamo/vllm-runtime:1.6.1';

/** A graph that others made. */
const graph = (name: string, components: readonly object[]): KubernetesObject => ({
  apiVersion: 'nvidia.com/v1beta1',
  kind: 'DynamoGraphDeployment',
  metadata: { name, namespace: 'models' },
  spec: { components },
});
const component = (type: string, more: object = {}) => ({
  name: type,
  type,
  replicas: 1,
  podTemplate: { spec: { containers: [{ name: 'main', image }] } },
  ...more,
});

async function refusal(tool: string, input: object) {
  const result = await lab.call(tool, { namespace: 'models', ...input });
  if (result.ok) throw new Error(`not refused: ${result.text}`);
  return `${result.error.code}: ${result.error.message} ${result.error.hint}`;
}
const change = async (tool: string, input: object) => dataOf(await lab.call(tool, { namespace: 'models', ...input }));
/** Deploys, with nobody to act on it. */
const deploy = (runtime: 'dynamo' | 'kuberay', name: string, more: object = {}) =>
  change('deploy_model', { name, runtime, model, ...more });
describe('what cannot be scaled says why', () => {
  test('the number of replicas that a Dynamo planner decides', async () => {
    await lab.apply(graph('planned', [component('worker'), component('planner')]));
    expect(await refusal('scale_deployment', { name: 'planned', replicas: 2, unmanaged: true })).toMatch(
      /^NOT_SUPPORTED: .*its planner \(component planner\) decides.* Change the bounds in the arguments of the planner/,
    );
  });

  test("the number that Ray's autoscaler decides", async () => {
    const autoscaled = (name: string, spec: object): KubernetesObject => ({
      apiVersion: 'ray.io/v1',
      kind: 'RayService',
      metadata: { name, namespace: 'models' },
      spec,
    });
    const template = { spec: { containers: [{ name: 'ray' }] } };
    const config = (deployment: object) =>
      JSON.stringify({
        applications: [
          { args: { llm_configs: [{ model_loading_config: { model_id: 'm' }, deployment_config: deployment }] } },
        ],
      });
    const cluster = { headGroupSpec: { template }, workerGroupSpecs: [] };
    const within = { ...cluster, enableInTreeAutoscaling: true };
    await lab.apply(
      autoscaled('auto-replicas', { serveConfigV2: config({ num_replicas: 'auto' }), rayClusterConfig: cluster }),
      autoscaled('auto-workers', { serveConfigV2: config({ num_replicas: 1 }), rayClusterConfig: within }),
      autoscaled('no-yaml', { serveConfigV2: 'applications: [', rayClusterConfig: cluster }),
    );
    for (const name of ['auto-replicas', 'auto-workers']) {
      expect(await refusal('scale_deployment', { name, replicas: 2, unmanaged: true })).toMatch(
        /^NOT_SUPPORTED: .*Ray's autoscaler decides/,
      );
    }
    expect(await refusal('scale_deployment', { name: 'no-yaml', replicas: 2, unmanaged: true })).toMatch(
      /^NOT_SUPPORTED: .*its serveConfigV2 cannot be read/,
    );
    const stopped = await change('scale_deployment', { name: 'auto-replicas', replicas: 0, unmanaged: true });
    expect(stopped).toMatchObject({ changed: true, deployment: { phase: 'Suspended' } });
    const started = await change('scale_deployment', { name: 'auto-replicas', replicas: 2, unmanaged: true });
    expect(started).toMatchObject({ changed: true, summary: 'ends the suspension' });
  });

  test('one of two roles of a RayService, which Ray Serve keeps at one at least', async () => {
    await deploy('kuberay', 'halves', { mode: 'disaggregated' });
    expect(await refusal('scale_deployment', { name: 'halves', replicas: 0, role: 'prefill' })).toMatch(
      /^NOT_SUPPORTED: .*at least one prefill replica\. Leave role out/,
    );
  });

  test('what others made, unless the caller says so; then only the number changes', async () => {
    await lab.apply(graph('foreign', [component('frontend'), component('worker')]));
    expect(await refusal('scale_deployment', { name: 'foreign', replicas: 2 })).toMatch(
      /^NOT_MANAGED: .*unmanaged: true/,
    );
    expect(await refusal('restart_deployment', { name: 'foreign' })).toMatch(/^NOT_MANAGED: .*unmanaged: true/);
    await change('scale_deployment', { name: 'foreign', replicas: 2, unmanaged: true });
    const { deployment } = await change('get_deployment', { name: 'foreign' });
    expect(deployment).toMatchObject({ managed: false, replicas: { desired: 2 } });
    expect(valueAt(deployment, 'roles')).toContainEqual(expect.objectContaining({ role: 'frontend', desired: 1 }));
  });

  test('a role that it does not have', async () => {
    await deploy('dynamo', 'whole');
    expect(await refusal('scale_deployment', { name: 'whole', replicas: 2, role: 'prefill' })).toMatch(
      /^INPUT_INVALID: role: .*models\/whole has no prefill; it has worker\. Leave role out\.$/,
    );
  });

  test('a name that nobody has, and a number that is none', async () => {
    expect(await refusal('scale_deployment', { name: 'nobody', replicas: 2 })).toMatch(/^NOT_FOUND/);
    expect(await refusal('scale_deployment', { name: 'foreign', replicas: -1 })).toMatch(/^INPUT_INVALID: replicas/);
    expect(await refusal('scale_deployment', { name: 'foreign', replicas: 2, role: 'head' })).toMatch(
      /^INPUT_INVALID: role: "head" is not one of worker, prefill, decode/,
    );
  });
});

test('replicas that belong to a scaling adapter are changed there', async () => {
  const adapter: KubernetesObject = {
    apiVersion: 'nvidia.com/v1beta1',
    kind: 'DynamoGraphDeploymentScalingAdapter',
    metadata: { name: 'adapted-worker', namespace: 'models' },
    spec: { replicas: 1, dgdRef: { name: 'adapted', componentName: 'worker' } },
  };
  await lab.apply(graph('adapted', [component('frontend'), component('worker', { scalingAdapter: {} })]), adapter);
  const { warnings } = await change('scale_deployment', { name: 'adapted', replicas: 4, unmanaged: true });
  expect(String(warnings)).toContain('scaling adapter');
  const { metadata, spec } = await lab.read(adapter);
  expect(numberAt(spec, 'replicas')).toBe(4);
  expect(JSON.stringify(metadata)).toContain('kubefoundry');
});

test('more replicas than there is room for beside others are a warning, with the numbers', async () => {
  await deploy('dynamo', 'large', { gpus: 2 });
  const { warnings } = await change('scale_deployment', { name: 'large', replicas: 7 });
  expect(warnings).toEqual([
    'NO_CAPACITY: the usable nodes hold 4 replicas of 2 GPUs, 2 more now, so that 4 of 7 will wait for GPUs.',
  ]);
});

test('GPUs that others took a moment ago are no room', async () => {
  await deploy('dynamo', 'late', { gpus: 4 });
  const latest = { ...holder, metadata: { name: 'latest', namespace: 'models' } };
  await lab.apply(latest);
  const { warnings } = await change('scale_deployment', { name: 'late', replicas: 2 });
  expect(warnings).toEqual([
    'NO_CAPACITY: the usable nodes hold 2 replicas of 4 GPUs, 0 more now, so that 1 of 2 will wait for GPUs.',
  ]);
  await lab.remove(latest);
});

test('nodes with the taint of GPU nodes are room for the workers of KubeRay, which tolerate it unasked', async () => {
  await deploy('kuberay', 'wide', { gpus: 8 });
  const { warnings } = await change('scale_deployment', { name: 'wide', replicas: 4 });
  expect(warnings).toContainEqual(
    'NO_CAPACITY: the usable nodes hold 3 replicas of 8 GPUs, 2 more now, so that 1 of 4 will wait for GPUs.',
  );
});

describe('a restart', () => {
  test('is refused while the operator has not acted on the one before, and while it goes on', async () => {
    await deploy('dynamo', 'busy');
    const object = await lab.read(graph('busy', []));
    const ready = { type: 'Ready', status: 'True', reason: 'all_resources_are_ready', message: 'ready' };
    const conditions = [{ ...ready, lastTransitionTime: '2026-11-01T12:00:00Z' }];
    await lab.setStatus(object, { state: 'successful', observedGeneration: 1, conditions });
    await change('restart_deployment', { name: 'busy' });
    expect(await refusal('restart_deployment', { name: 'busy' })).toMatch(/^CONFLICT: The operator has not acted/);
    await lab.setStatus(object, { observedGeneration: 2, restart: { observedID: 'x', phase: 'Restarting' } });
    expect(await refusal('restart_deployment', { name: 'busy' })).toMatch(
      /^CONFLICT: A change of .* is under way already.* Wait until that is over; what holds it up: diagnose_deployment \{"name":"busy","namespace":"models"\}$/,
    );
    await lab.setStatus(object, { restart: { observedID: 'x', phase: 'Completed' } });
    expect(await change('restart_deployment', { name: 'busy' })).toMatchObject({ changed: true });
    expect(textAt((await lab.read(object)).spec, 'restart', 'id')).toBe('kubefoundry-2');
  });

  test('is refused where KubeRay ignores changes of the cluster', async () => {
    await deploy('kuberay', 'fixed');
    const at = { apiVersion: 'ray.io/v1', kind: 'RayService', metadata: { name: 'fixed', namespace: 'models' } };
    await lab.apply({
      ...at,
      spec: { upgradeStrategy: { type: 'None' }, rayClusterConfig: { headGroupSpec: { template: {} } } },
    });
    expect(await refusal('restart_deployment', { name: 'fixed' })).toMatch(/^NOT_SUPPORTED: .*upgradeStrategy None/);
  });
});

test('an update tells the difference first, and then which pods it replaces', async () => {
  for (const runtime of ['dynamo', 'kuberay'] as const) {
    const spec = { name: `told-${runtime}`, namespace: 'models', runtime, model };
    await lab.call('deploy_model', spec);
    const roles = { dynamo: ['worker'], kuberay: ['head', 'worker'] }[runtime];
    const other = { ...spec, memory: '64Gi', replace: true };
    expect(await refusal('deploy_model', { ...other, replace: false })).toMatch(
      new RegExp(`^ALREADY_EXISTS: .*→ 64Gi.*replaces the pods of ${roles.join(', ')}\\. Pass replace`),
    );
    const planned = await change('plan_deployment', other);
    expect(planned).toMatchObject({ change: 'update', restarts: roles });
    const result = await lab.call('deploy_model', other);
    expect(result).toMatchObject({ ok: true, data: { change: 'updated', restarts: roles, diff: planned.diff } });
    expect(result.ok && result.text).toMatch(
      new RegExp(`memory: .* → 64Gi[\\s\\S]*Restarts: the pods of ${roles.join(', ')}`),
    );
    const scaled = await change('plan_deployment', { ...other, replicas: 2 });
    expect(scaled).toMatchObject({ change: 'update', restarts: [] });
  }
});

test('what scaling changes is ours, so that deploying the same again changes nothing of what others own', async () => {
  await deploy('kuberay', 'shared', { nodeSelector: { pool: 'gpu' } });
  const at = { apiVersion: 'ray.io/v1', kind: 'RayService', metadata: { name: 'shared', namespace: 'models' } };
  await lab.apply({
    ...at,
    spec: { rayClusterDeletionDelaySeconds: 5, rayClusterConfig: { headGroupSpec: { template: {} } } },
  });
  const before = await lab.read(at);
  await change('scale_deployment', { name: 'shared', replicas: 2 });
  const { metadata, spec } = await lab.read(at);
  expect(numberAt(spec, 'rayClusterDeletionDelaySeconds')).toBe(5);
  const managers = listAt(metadata, 'managedFields').map(
    (entry) => `${textAt(entry, 'manager')} ${textAt(entry, 'operation')}`,
  );
  expect(managers.sort()).toEqual(['kubefoundry Apply', 'lab Apply']);
  await change('scale_deployment', { name: 'shared', replicas: 1 });
  expect((await lab.read(at)).spec).toEqual(before.spec);
});

test('in a protected context a human sees the plan, and a change that is none is not asked for', async () => {
  const guarded = await startLab({ protect: ['*'] });
  try {
    await guarded.apply(namespace('models'));
    const wanted = { name: 'chat', namespace: 'models' };
    await guarded.call('deploy_model', { ...wanted, runtime: 'dynamo', model });
    const asked: string[] = [];
    const ask: Ask = async ({ plan }) => {
      asked.push(plan.summary);
      return 'approved';
    };
    const scale = (replicas: number) => guarded.call('scale_deployment', { ...wanted, replicas }, { ask });
    expect(dataOf(await scale(3))).toMatchObject({ changed: true });
    expect(dataOf(await scale(3))).toMatchObject({ changed: false });
    expect(asked).toEqual([expect.stringMatching(/^Scale DynamoGraphDeployment models\/chat .*: worker 1 → 3\.$/)]);
  } finally {
    await guarded.stop();
  }
});

test('a stop that is waited for is over when the pods are gone, which hold GPUs until then', async () => {
  await lab.apply(graph('ending', [component('frontend'), component('worker')]));
  const pod: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'ending-worker-0',
      namespace: 'models',
      labels: {
        'nvidia.com/dynamo-graph-deployment-name': 'ending',
        'nvidia.com/dynamo-component': 'worker',
        'nvidia.com/dynamo-component-type': 'worker',
      },
    },
    spec: { containers: [{ name: 'main', image }] },
  };
  await lab.apply(pod);
  const applied = await lab.read(graph('ending', []));
  let isOver = false;
  const stopping = change('scale_deployment', { name: 'ending', replicas: 0, unmanaged: true, wait: true }).then(
    (stopped) => {
      isOver = true;
      return stopped;
    },
  );
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'all_resources_are_ready',
    message: 'ready',
    lastTransitionTime: '2026-11-01T12:00:00Z',
  };
  await vi.waitFor(async () => {
    const object = await lab.read(graph('ending', []));
    const { generation } = object.metadata;
    expect(generation).toBeGreaterThan(applied.metadata.generation ?? 0);
    await lab.setStatus(object, { state: 'successful', observedGeneration: generation, conditions: [ready] });
  }, soon);
  await vi.waitFor(
    () =>
      expect(lab.progress.map(({ message }) => message)).toContainEqual(
        expect.stringMatching(/^ending: Suspended .*; pods: 1 /),
      ),
    soon,
  );
  await change('get_deployment', { name: 'ending' });
  expect(isOver).toBe(false);
  await lab.remove(pod);
  expect(await stopping).toMatchObject({ deployment: { phase: 'Suspended' } });
});
