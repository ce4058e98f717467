import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entriesAt, type KubernetesObject, listAt, textAt } from '../../src/kubernetes.ts';
import { rayService } from '../../src/sandbox/scenarios/manifests.ts';
import { deleteDeployment } from '../../src/tools/delete-deployment.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { getDeployment } from '../../src/tools/get-deployment.ts';
import { planDeployment } from '../../src/tools/plan-deployment.ts';
import { restartDeployment } from '../../src/tools/restart-deployment.ts';
import { scaleDeployment } from '../../src/tools/scale-deployment.ts';
import { type Assistant, connectAssistant } from '../contract/assistant.ts';
import { describeObserving } from '../contract/observing.ts';
import { play, type Story } from './kuberay-story.ts';
import { createNames, objectsIn } from './kuberay-traces.ts';
import { type KubeRayWorld, operatorDeployment, startKubeRayWorld } from './kuberay-world.ts';
import { startSimulatedKubeRay } from './simulated-kuberay.ts';

const rayServices = { group: 'ray.io', kind: 'RayService' };
const rayClusters = { group: 'ray.io', kind: 'RayCluster' };
const model = 'Qwen/Qwen3-0.6B';
const importError = `Deploying app 'llms' failed with exception:
Traceback (most recent call last):
ModuleNotFoundError: No module named 'ray.serve.lm'
`;
/** The operator looks every two seconds, and less and less often at what keeps failing. */
const soon = { timeout: 60_000, interval: 100 };

const service = (name: string, tag?: string): KubernetesObject =>
  rayService({ name, namespace: name, model, managed: true, ...(tag === undefined ? {} : { tag }) });

/** Made by others, without what the operator adds, and its old cluster goes as soon as the new one serves. */
const story: KubernetesObject = (() => {
  const made = rayService({ name: 'story', namespace: 'story', model });
  return { ...made, spec: { ...Object(made.spec), rayClusterDeletionDelaySeconds: 0 } };
})();

let world: KubeRayWorld;
let connect: () => void;
let realStory: Promise<Story>;

/** The operator takes seconds for everything, so that what can happen beside the tests begins here. */
beforeAll(async () => {
  world = await startKubeRayWorld();
  const { kubeconfig, admin, dashboard, fail } = world;
  realStory = play({ kubeconfig, admin, holdWorkers: (name) => fail(name, 'unschedulable') }, story);
  realStory.catch(() => {});
  dashboard.tell('broken/broken', { status: 'DEPLOY_FAILED', message: importError });
  connect = dashboard.tell('silent/silent', 'unreachable');
  for (const each of [service('broken'), service('typo', 'does-not-exist'), service('silent'), service('orphan')]) {
    await admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: each.metadata.name } });
    await admin.apply(each);
  }
});

afterAll(() => world?.stop());

const get = async (assistant: Assistant, name: string) =>
  (await assistant.call(getDeployment, { name, namespace: name })).deployment;

const phaseOf = async (assistant: Assistant, name: string) => (await get(assistant, name)).phase;

describe('a deployment that does not come up under the real KubeRay operator', () => {
  test('names a bad import path as the cause', async () => {
    const assistant = await connectAssistant(world);
    await expect.poll(() => get(assistant, 'broken'), soon).toMatchObject({ phase: 'Failed', reason: 'DEPLOY_FAILED' });
    expect((await get(assistant, 'broken')).message).toContain("No module named 'ray.serve.lm'");
  });

  test('names the image that is not there', async () => {
    const assistant = await connectAssistant(world);
    await expect
      .poll(() => get(assistant, 'typo'), soon)
      .toMatchObject({ phase: 'Failed', reason: 'ImagePullBackOff' });
    expect((await get(assistant, 'typo')).message).toContain('rayproject/ray-llm:does-not-exist');
  });

  test('is Deploying while its dashboard cannot be reached, and runs when it can', async () => {
    const assistant = await connectAssistant(world);
    const head = { role: 'head', desired: 1, ready: 1, gpus: 0 };
    await expect
      .poll(() => get(assistant, 'silent'), soon)
      .toMatchObject({ phase: 'Deploying', roles: expect.arrayContaining([head]) });
    connect();
    await expect.poll(() => phaseOf(assistant, 'silent'), soon).toBe('Running');
  });
});

describe('a deployment under the real KubeRay operator', () => {
  const spec = { name: 'chat', namespace: 'chat', model, runtime: 'kuberay' } as const;
  const primary = async () => {
    const found = await world.admin.get(rayServices, { namespace: 'chat', name: 'chat' });
    if (found === undefined) throw new Error('there is no RayService chat');
    return found;
  };
  const activeCluster = (service: KubernetesObject) =>
    textAt(service, 'status', 'activeServiceStatus', 'rayClusterName') ?? '';

  test('becomes Running from what deploy_model writes', async () => {
    const assistant = await connectAssistant(world);
    const { change, deployment } = await assistant.call(deployModel, { ...spec, wait: true });
    expect(change).toBe('created');
    expect(deployment).toMatchObject({
      phase: 'Running',
      stale: false,
      upgrading: false,
      replicas: { desired: 1, ready: 1 },
      endpoint: { service: 'chat-serve-svc', namespace: 'chat', port: 8000 },
    });
    const { pods } = await get(assistant, 'chat');
    expect(pods.map(({ role, ready }) => [role, ready])).toEqual(
      expect.arrayContaining([
        ['head', true],
        ['worker', true],
      ]),
    );
  });

  test('is unchanged by deploying it again, although the operator has fields of its own now', async () => {
    const assistant = await connectAssistant(world);
    const before = await primary();
    const managers = listAt(before, 'metadata', 'managedFields').map((entry) => textAt(entry, 'manager'));
    expect(managers).toContain('kuberay-operator');
    expect(await assistant.call(deployModel, { ...spec, replace: true })).toMatchObject({ change: 'unchanged' });
    expect(await assistant.call(planDeployment, spec)).toMatchObject({ change: 'unchanged', diff: [] });

    const ours = { ...before, metadata: appliedMetadata(before), status: undefined };
    const applied = await world.admin.apply(ours, { fieldManager: 'kubefoundry' });
    expect(applied.metadata.generation).toBe(1);
    expect(before.metadata.generation).toBe(1);
  });

  test('goes on serving while it is upgraded, and says that it is', async () => {
    const assistant = await connectAssistant(world);
    const before = activeCluster(await primary());
    const load = world.dashboard.tell('chat/chat', { status: 'DEPLOYING' });
    const { change, warnings } = await assistant.call(deployModel, { ...spec, memory: '48Gi', replace: true });
    expect(change).toBe('updated');
    expect(warnings.join(' ')).toContain('needs its GPUs twice');
    await expect
      .poll(async () => textAt(await primary(), 'status', 'pendingServiceStatus', 'rayClusterName') ?? '', soon)
      .toMatch(/^chat-/);
    await expect
      .poll(() => get(assistant, 'chat'), soon)
      .toMatchObject({ phase: 'Running', upgrading: true, replicas: { desired: 1 } });
    load();
    await expect
      .poll(() => get(assistant, 'chat'), soon)
      .toMatchObject({ phase: 'Running', upgrading: false, stale: false, replicas: { desired: 1, ready: 1 } });
    expect(activeCluster(await primary())).not.toBe(before);
  });

  test('is scaled at once in the cluster that it has, and deploying it again changes nothing', async () => {
    const assistant = await connectAssistant(world);
    const ref = { name: 'chat', namespace: 'chat' };
    const cluster = activeCluster(await primary());
    for (const replicas of [3, 1]) {
      const { changed, deployment } = await assistant.call(scaleDeployment, { ...ref, replicas, wait: true });
      expect(changed).toBe(true);
      expect(deployment).toMatchObject({ phase: 'Running', replicas: { desired: replicas, ready: replicas } });
      const again = { ...spec, memory: '48Gi', replicas };
      expect(await assistant.call(deployModel, again)).toMatchObject({ change: 'unchanged' });
    }
    expect(activeCluster(await primary())).toBe(cluster);
  });

  test('is restarted by a second cluster, goes on serving, and is not restarted twice at once', async () => {
    const assistant = await connectAssistant(world);
    const ref = { name: 'chat', namespace: 'chat' };
    const before = activeCluster(await primary());
    const load = world.dashboard.tell('chat/chat', { status: 'DEPLOYING' });
    await assistant.call(restartDeployment, ref);
    await expect.poll(() => get(assistant, 'chat'), soon).toMatchObject({ phase: 'Running', upgrading: true });
    expect(await assistant.send('restart_deployment', ref)).toMatchObject({ code: 'CONFLICT' });
    load();
    await expect
      .poll(() => get(assistant, 'chat'), soon)
      .toMatchObject({ phase: 'Running', upgrading: false, stale: false, replicas: { desired: 1, ready: 1 } });
    expect(activeCluster(await primary())).not.toBe(before);
    expect(await assistant.call(deployModel, { ...spec, memory: '48Gi' })).toMatchObject({ change: 'unchanged' });
  });

  test('cannot be stopped by an operator that knows no suspension, and says what to do instead', async () => {
    const assistant = await connectAssistant(world);
    const { code, text } = await assistant.send('scale_deployment', { name: 'chat', namespace: 'chat', replicas: 0 });
    expect(code).toBe('NOT_SUPPORTED');
    expect(text).toContain('delete_deployment {"name":"chat"');
    // Right after a promotion the operator counts no endpoints, until it looks again.
    await expect.poll(() => phaseOf(assistant, 'chat'), soon).toBe('Running');
  });

  test('is read right after somebody scaled RayService and RayCluster by hand', async () => {
    const assistant = await connectAssistant(world);
    const service = await primary();
    const cluster = activeCluster(service);
    const groups = twoPods(listAt(service, 'spec', 'rayClusterConfig', 'workerGroupSpecs'));
    const config = textAt(service, 'spec', 'serveConfigV2')?.replace('num_replicas: 1', 'num_replicas: 2');
    const change = { spec: { serveConfigV2: config, rayClusterConfig: { workerGroupSpecs: groups } } };
    await world.admin.patch(rayServices, service.metadata, change);
    // Ray says that it deploys while it waits for the second worker: over Ready that is an upgrade.
    await expect
      .poll(() => get(assistant, 'chat'), soon)
      .toMatchObject({ phase: 'Deploying', upgrading: true, replicas: { desired: 2, ready: 1 } });
    await world.admin.patch(rayClusters, { namespace: 'chat', name: cluster }, { spec: { workerGroupSpecs: groups } });
    await expect
      .poll(() => get(assistant, 'chat'), soon)
      .toMatchObject({ phase: 'Running', upgrading: false, replicas: { desired: 2, ready: 2 } });
    expect(activeCluster(await primary())).toBe(cluster);

    const again = await assistant.send('deploy_model', { ...spec, replace: true });
    expect(again.code).toBe('CONFLICT');
    expect(again.text).toContain('kubectl owns .spec.serveConfigV2');
  });

  test('is deleted with everything that came of it', async () => {
    const assistant = await connectAssistant(world);
    const { gone } = await assistant.call(deleteDeployment, { name: 'chat', namespace: 'chat' });
    expect(gone).toContain('RayService chat');
    expect(await assistant.send('get_deployment', { name: 'chat', namespace: 'chat' })).toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect.poll(() => objectsIn(world.admin, 'chat', createNames('chat')), soon).toEqual([]);
  });
});

describeObserving(() => world, ['kuberay']);

test('the simulated KubeRay operator makes of a RayService what the real one makes', async () => {
  const simulated = await startSimulatedKubeRay();
  const told = await play(simulated, story).finally(simulated.stop);
  expect(told).toEqual(await realStory);
});

test('a deployment that is deleted while the operator is away is told to be there still, with what it waits for', async () => {
  const assistant = await connectAssistant(world);
  await expect.poll(() => phaseOf(assistant, 'orphan'), soon).toBe('Running');
  await world.operator.stop();
  await world.admin.patch({ group: 'apps', kind: 'Deployment' }, operatorDeployment, { spec: { replicas: 0 } });
  const { gone, terminating, warnings } = await assistant.call(deleteDeployment, {
    name: 'orphan',
    namespace: 'orphan',
  });
  expect(gone).toEqual([]);
  expect(terminating).toContain('RayService orphan');
  expect(warnings.join(' ')).toContain('ray.io/rayservice-finalizer');
  expect(await phaseOf(assistant, 'orphan')).toBe('Deleting');
});

/** What a manifest says of an object's metadata. */
const appliedMetadata = ({ metadata: { name, namespace, labels, annotations } }: KubernetesObject) => ({
  name,
  namespace,
  labels,
  annotations,
});

const twoPods = (groups: readonly unknown[]) =>
  groups.map((group) => ({ ...Object.fromEntries(entriesAt(group)), replicas: 2, minReplicas: 2, maxReplicas: 2 }));
