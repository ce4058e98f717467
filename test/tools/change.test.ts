import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RuntimeId } from '../../src/foundry/spec.ts';
import { listAt, numberAt, textAt } from '../../src/kubernetes.ts';
import type { ScenarioName } from '../../src/sandbox/scenarios/scenario.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { getDeployment } from '../../src/tools/get-deployment.ts';
import { planDeployment } from '../../src/tools/plan-deployment.ts';
import { restartDeployment } from '../../src/tools/restart-deployment.ts';
import { scaleDeployment } from '../../src/tools/scale-deployment.ts';
import { startWorkbench, type Workbench } from '../support/sandbox.ts';

const model = 'Qwen/Qwen3-0.6B';
const namespace = 'models';

/** Where a deployment can live: both runtimes, and Dynamo in both of its API versions. */
const places = [
  { scenario: 'both', runtime: 'dynamo', apiVersion: 'nvidia.com/v1beta1' },
  { scenario: 'legacy', runtime: 'dynamo', apiVersion: 'nvidia.com/v1alpha1' },
  { scenario: 'both', runtime: 'kuberay', apiVersion: 'ray.io/v1' },
] as const satisfies readonly { scenario: ScenarioName; runtime: RuntimeId; apiVersion: string }[];

const benches = new Map<string, Workbench>();
beforeAll(async () => {
  for (const scenario of ['both', 'legacy'] as const) benches.set(scenario, await startWorkbench({ scenario }));
});
afterAll(() => Promise.all([...benches.values()].map((bench) => bench.stop())));

function benchOf(scenario: ScenarioName): Workbench {
  const bench = benches.get(scenario);
  if (!bench) throw new Error(`there is no sandbox ${scenario}`);
  return bench;
}

async function refusal(bench: Workbench, tool: Parameters<Workbench['call']>[0], input: unknown) {
  const result = await bench.call(tool, input);
  if (result.ok) throw new Error(`not refused: ${result.text}`);
  return result.error;
}

async function eventsOn(bench: Workbench, name: string): Promise<readonly string[]> {
  const { cluster } = await bench.foundry.site(undefined);
  const events = await cluster.list({ group: '', kind: 'Event' }, { fieldSelector: `involvedObject.name=${name}` });
  return events
    .filter((event) => textAt(event, 'source', 'component') === 'kubefoundry')
    .map((event) => `${textAt(event, 'message')}`)
    .sort();
}

const podNames = async (bench: Workbench, name: string) =>
  (await bench.data(getDeployment, { name })).deployment.pods.map((pod) => pod.name).sort();

describe.each(places)('$apiVersion', ({ scenario, runtime, apiVersion }) => {
  const name = `scaled-${runtime}`;
  const wanted = { name, runtime, model, namespace };

  test('a deployment is scaled up and down, and what deploy_model would change is told truly', async () => {
    const bench = benchOf(scenario);
    await bench.data(deployModel, { ...wanted, wait: true });
    const up = await bench.data(scaleDeployment, { name, replicas: 3, wait: true });
    expect(up).toMatchObject({
      changed: true,
      summary: 'worker 1 → 3',
      deployment: { apiVersion, phase: 'Running', replicas: { desired: 3, ready: 3 } },
    });
    expect(await bench.data(scaleDeployment, { name, replicas: 3 })).toMatchObject({ changed: false });
    expect(await bench.data(deployModel, { ...wanted, replicas: 3 })).toMatchObject({ change: 'unchanged' });
    const again = await refusal(bench, deployModel, wanted);
    expect(again.code).toBe('ALREADY_EXISTS');
    expect(again.message).toMatch(/replicas: 3 → 1/);

    const down = await bench.data(scaleDeployment, { name, replicas: 1, wait: true });
    expect(down.deployment).toMatchObject({ phase: 'Running', replicas: { desired: 1, ready: 1 } });
    expect(await bench.data(planDeployment, wanted)).toMatchObject({ change: 'unchanged', diff: [] });
    expect(await eventsOn(bench, name)).toEqual([
      `Deployed ${model} by test eva`,
      'Scaled (worker 1 → 3) by test eva',
      'Scaled (worker 3 → 1) by test eva',
    ]);
  });

  test('0 stops it, and another number starts it again', async () => {
    const bench = benchOf(scenario);
    const stopped = await bench.data(scaleDeployment, { name, replicas: 0, wait: true });
    expect(stopped.deployment).toMatchObject({ phase: 'Suspended', replicas: { desired: 0 } });
    expect(stopped.nextSteps.join()).toContain('scale_deployment');
    expect((await refusal(bench, deployModel, wanted)).message).toMatch(/suspend: true → absent|replicas: 0 → 1/);
    expect((await refusal(bench, restartDeployment, { name })).message).toContain('is stopped');
    const started = await bench.data(scaleDeployment, { name, replicas: 1, wait: true });
    expect(started.deployment).toMatchObject({ phase: 'Running', replicas: { desired: 1, ready: 1 } });
    expect(await bench.data(planDeployment, wanted)).toMatchObject({ change: 'unchanged' });
  });

  test('a restart replaces every pod, and leaves nothing for deploy_model to change', async () => {
    const bench = benchOf(scenario);
    const before = await podNames(bench, name);
    const restarted = await bench.data(restartDeployment, { name, wait: true });
    expect(restarted).toMatchObject({ changed: true, deployment: { phase: 'Running', upgrading: false } });
    await expect
      .poll(async () => (await podNames(bench, name)).filter((pod) => before.includes(pod)), { timeout: 10_000 })
      .toEqual([]);
    expect(await bench.data(deployModel, wanted)).toMatchObject({ change: 'unchanged' });
    expect(await bench.data(restartDeployment, { name, wait: true })).toMatchObject({ changed: true });
  });

  test('prefill and decode are scaled apart', async () => {
    const bench = benchOf(scenario);
    const apart = { ...wanted, name: `apart-${runtime}`, mode: 'disaggregated' } as const;
    await bench.data(deployModel, { ...apart, wait: true });
    const unsaid = await refusal(bench, scaleDeployment, { name: apart.name, replicas: 2 });
    expect(unsaid).toMatchObject({ code: 'INPUT_INVALID', message: expect.stringContaining('prefill and decode') });
    const unknown = await refusal(bench, scaleDeployment, { name: apart.name, replicas: 2, role: 'worker' });
    expect(unknown).toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('no worker; it has prefill and decode'),
    });
    const { deployment } = await bench.data(scaleDeployment, {
      name: apart.name,
      replicas: 2,
      role: 'decode',
      wait: true,
    });
    expect(deployment.roles).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ role: 'prefill', desired: 1, ready: 1 }),
        expect.objectContaining({ role: 'decode', desired: 2, ready: 2 }),
      ]),
    );
    expect(await bench.data(planDeployment, { ...apart, decodeReplicas: 2 })).toMatchObject({ change: 'unchanged' });
  });
});

test('what others made is scaled only when the caller says so', async () => {
  const bench = benchOf('both');
  const { cluster } = await bench.foundry.site(undefined);
  const name = 'foreign-graph';
  const graph = {
    apiVersion: 'nvidia.com/v1beta1',
    kind: 'DynamoGraphDeployment',
    metadata: { name, namespace },
    spec: {
      components: ['frontend', 'worker'].map((type) => ({
        name: type,
        type,
        replicas: 1,
        podTemplate: { spec: { containers: [{ name: 'main', image: 'nvcr.io/nvidia/ai-dynamo/vllm-runtime:1.6.1' }] } },
      })),
    },
  };
  await cluster.apply(graph, { fieldManager: 'argocd' });
  const refused = await refusal(bench, scaleDeployment, { name, replicas: 2 });
  expect(refused).toMatchObject({ code: 'NOT_MANAGED', hint: expect.stringContaining('unmanaged: true') });
  expect(await bench.data(scaleDeployment, { name, replicas: 2, unmanaged: true })).toMatchObject({ changed: true });
  const scaled = await cluster.get({ group: 'nvidia.com', kind: 'DynamoGraphDeployment' }, { namespace, name });
  expect(listAt(scaled, 'spec', 'components').map((component) => numberAt(component, 'replicas'))).toEqual([1, 2]);
});
