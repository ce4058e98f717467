import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { entriesAt, groupOf, type KubernetesObject, listAt } from '../../src/kubernetes.ts';
import { kuberayCrds } from '../../src/sandbox/crds/kuberay.ts';
import { operatorObjects } from '../../src/sandbox/operators.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { getDeployment } from '../../src/tools/get-deployment.ts';
import { installRuntime } from '../../src/tools/install-runtime.ts';
import { uninstallRuntime } from '../../src/tools/uninstall-runtime.ts';
import { startApiProxy } from '../support/api-proxy.ts';
import { run, start } from '../support/program.ts';
import { type InstallationWorld, type Person, startInstallationWorld } from './installation-world.ts';

let world: InstallationWorld;
beforeAll(async () => {
  world = await startInstallationWorld();
});
afterAll(() => world.stop());

const kinds = {
  crd: { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' },
  deployment: { group: 'apps', kind: 'Deployment' },
  lease: { group: 'coordination.k8s.io', kind: 'Lease' },
  namespace: { group: '', kind: 'Namespace' },
  pod: { group: '', kind: 'Pod' },
};
const names = async (kind: keyof typeof kinds) =>
  (await world.admin.list(kinds[kind])).map(({ metadata }) => metadata.name);
/** The Leases of operations that are going on. */
const holds = async () => (await names('lease')).filter((name) => name.startsWith('kubefoundry-'));
const model = 'Qwen/Qwen3-8B';
const kubectl = (...words: readonly string[]) =>
  promisify(execFile)(world.kubectl, words, { env: { ...world.environment, HOME: world.plane.directory } });

const helm = async (...words: readonly string[]) => {
  const env = { ...world.environment, HOME: world.plane.directory };
  return (await promisify(execFile)('helm', words, { env })).stdout;
};

/** Holds the operator's pods back while the test goes on, so that helm waits for them. */
function holdBack(name: string): () => void {
  const letGo = world.failures.fail(name, 'image-pull');
  onTestFinished(letGo);
  return letGo;
}

const endProcess = async () => process.kill(await world.helmProcess(), 'SIGKILL');
const isHelmAlive = async () => {
  try {
    return process.kill(await world.helmProcess(), 0);
  } catch {
    return false;
  }
};

/** A plan reads anew; the status may be ten seconds old. */
const operatorIs = (person: Person, runtime: 'dynamo' | 'kuberay', state: string) =>
  expect
    .poll(async () => (await person.data(installRuntime, { runtime, planOnly: true })).status.state, {
      timeout: 30_000,
    })
    .toBe(state);

describe('KubeRay', () => {
  test('with the chart repository down says which step failed and how to go on, and holds nothing', async () => {
    const eva = world.person('eva');
    await world.charts.close();
    const failed = await eva.call(installRuntime, { runtime: 'kuberay', version: '1.6.2' });
    await world.charts.open();
    if (failed.ok) throw new Error(failed.text);
    expect(failed.error.code).toBe('HELM_FAILED');
    expect(failed.error.message).toMatch(
      /^Step 5 of 7 \(Install the chart .*connection refused.*Nothing was done before it\. Left: /,
    );
    expect(failed.error.hint).toContain(
      `By hand: helm --kube-context control-plane upgrade --install kuberay-operator kuberay-operator --repo ${world.charts.url}`,
    );
    expect(await holds()).toEqual([]);
  });

  test('of a version that is in no repository names the versions that are known', async () => {
    const planned = await world
      .person('eva')
      .data(installRuntime, { runtime: 'kuberay', version: '1.8.0', planOnly: true });
    expect(planned.warnings).toContainEqual(expect.stringContaining('known versions: 1.6.0, 1.6.1, 1.6.2, 1.7.0'));
  });

  test('is finished by the same call after its helm was killed in the middle', async () => {
    const eva = world.person('eva');
    const letGo = holdBack('kuberay-operator');
    const broken = eva.call(installRuntime, { runtime: 'kuberay', version: '1.6.2' });
    await expect.poll(() => eva.said.join('\n'), { timeout: 30_000 }).toMatch(/Install the chart .*ImagePullBackOff/);
    await endProcess();
    expect(await broken).toMatchObject({
      ok: false,
      error: { code: 'HELM_FAILED', message: expect.stringMatching(/SIGKILL.*ImagePullBackOff/) },
    });
    expect(await holds()).toEqual([]);

    letGo();
    const again = await eva.data(installRuntime, { runtime: 'kuberay', version: '1.6.2' });
    expect(again).toMatchObject({
      outcome: 'done',
      status: { state: 'ready', version: '1.6.2', operator: { namespace: 'kuberay-system', ready: 1 } },
    });
    expect(again.steps.map(({ title }) => title)).toContain(
      'Carry on revision 1 of the release kuberay-operator, which a helm that was ended left pending-install',
    );
    expect(await eva.data(installRuntime, { runtime: 'kuberay' })).toMatchObject({
      outcome: 'nothing to do',
      summary: expect.stringContaining('1.7.0 is known'),
    });
  });

  test('is upgraded with its CRDs first, and what is served keeps serving', async () => {
    const eva = world.person('eva');
    expect(await fieldsOfRayService()).not.toContain('suspend');
    await eva.data(deployModel, { name: 'chat', model, runtime: 'kuberay' });
    await expect
      .poll(async () => (await eva.data(getDeployment, { name: 'chat' })).deployment.phase, { timeout: 30_000 })
      .toBe('Running');

    const upgraded = await eva.data(installRuntime, { runtime: 'kuberay', version: '1.7.0' });
    expect(upgraded.warnings.join(' ')).toContain('1: kuberay-system/chat');
    expect(upgraded.steps.filter(({ status }) => status === 'done').map(({ title }) => title)).toEqual([
      'Apply the CRDs of KubeRay 1.7.0',
      'Wait until the CRDs are established',
      expect.stringContaining('Upgrade the release kuberay-operator'),
      'Wait until the operator kuberay-system/kuberay-operator is available',
    ]);
    expect(upgraded.status).toMatchObject({ state: 'ready', version: '1.7.0', deployments: 1 });
    expect(await fieldsOfRayService()).toContain('suspend');
    expect((await eva.data(getDeployment, { name: 'chat' })).deployment.phase).toBe('Running');
  });

  test('is repaired where its CRDs are older than its operator, and held by one at a time', async () => {
    const [eva, bob] = [world.person('eva'), world.person('bob')];
    for (const crd of kuberayCrds('1.6.2')) await world.admin.apply(crd, { force: true });
    expect(await fieldsOfRayService()).not.toContain('suspend');
    const letGo = holdBack('kuberay-operator');
    const inNamespace = { namespace: 'kuberay-system' };
    for (const { metadata } of await world.admin.list(kinds.pod, inNamespace)) {
      if (metadata.name.startsWith('kuberay-operator')) await world.admin.delete(kinds.pod, metadata);
    }
    const cancelling = new AbortController();
    const first = eva.call(installRuntime, { runtime: 'kuberay', version: '1.7.0' }, { signal: cancelling.signal });
    await expect.poll(() => eva.said.join('\n'), { timeout: 30_000 }).toMatch(/Upgrade the release .*ImagePullBackOff/);

    const second = await bob.call(installRuntime, { runtime: 'kuberay', version: '1.7.0' });
    expect(second).toMatchObject({
      ok: false,
      error: { code: 'CONFLICT', message: expect.stringMatching(/^test eva on .* kuberay since \d{4}-/) },
    });
    cancelling.abort();
    expect(await first).toMatchObject({
      ok: false,
      error: {
        code: 'DECLINED',
        message: expect.stringMatching(
          /^Cancelled at step 7 of 8 .* Done before it: Apply the CRDs of KubeRay 1\.7\.0; Wait/,
        ),
      },
    });
    expect(await isHelmAlive()).toBe(false);
    expect(await holds()).toEqual([]);

    letGo();
    const repaired = await bob.data(installRuntime, { runtime: 'kuberay', version: '1.7.0' });
    expect(repaired.status).toMatchObject({ state: 'ready', version: '1.7.0' });
    expect(await fieldsOfRayService()).toContain('suspend');
  });

  test('does not go back to an older version, whose CRDs would start what is stopped', async () => {
    const refused = await world.person('eva').call(installRuntime, { runtime: 'kuberay', version: '1.6.2' });
    expect(refused).toMatchObject({
      ok: false,
      error: {
        code: 'NOT_SUPPORTED',
        message: expect.stringContaining('does not downgrade'),
        hint: expect.stringContaining(`--repo ${world.charts.url} --version 1.6.2`),
      },
    });
    expect(await fieldsOfRayService()).toContain('suspend');
  });

  test('whose operator goes down while it is uninstalled: what hangs is named with its cure, which works', async () => {
    const eva = world.person('eva');
    const scale = (replicas: number) => {
      const at = { namespace: 'kuberay-system', name: 'kuberay-operator' };
      return world.admin.patch(kinds.deployment, at, { spec: { replicas } });
    };
    await world.admin.apply(rayJob('train', 'ray.io/rayjob-finalizer'));
    const running = eva.call(uninstallRuntime, { runtime: 'kuberay' });
    await expect.poll(() => eva.said.join('\n'), { timeout: 30_000 }).toContain('default/train is gone');
    await scale(0);
    const hung = await running;
    if (hung.ok) throw new Error(hung.text);
    expect(hung.error).toMatchObject({
      code: 'RUNTIME_UNHEALTHY',
      message: expect.stringMatching(
        /default\/train hangs in deletion: the finalizer ray\.io\/rayjob-finalizer .*Done before it: .*Left: .*Uninstall the release/,
      ),
    });
    const [, command = ''] = /kubectl (--context \S+ patch .*)$/.exec(hung.error.hint) ?? [];
    const words = command.replaceAll("'", '').split(' ');
    await kubectl(...words);
    expect(await world.admin.list({ group: 'ray.io', kind: 'RayJob' })).toEqual([]);
    await scale(1);
    await operatorIs(eva, 'kuberay', 'ready');
    await eva.data(deployModel, { name: 'chat', model, runtime: 'kuberay' });
  });

  test('is uninstalled once a human saw all that stops, also what others made', async () => {
    const eva = world.person('eva');
    await world.admin.apply(rayCluster('train'));
    const unasked = await eva.call(uninstallRuntime, { runtime: 'kuberay' }, { ask: async () => 'unavailable' });
    expect(unasked).toMatchObject({
      ok: false,
      error: {
        code: 'CONFIRMATION_REQUIRED',
        message: expect.stringMatching(
          /kuberay-system\/chat \(Qwen\/Qwen3-8B\)\. Deleted as well: 1: RayCluster default\/train/,
        ),
      },
    });
    const removed = await eva.data(uninstallRuntime, { runtime: 'kuberay' });
    expect(removed).toMatchObject({ outcome: 'done', status: { state: 'partial', operator: null, deployments: 0 } });
    expect(await world.admin.list({ group: 'ray.io', kind: 'RayCluster' })).toEqual([]);
    expect(await names('crd')).toContain('rayservices.ray.io');
    expect(await names('namespace')).toContain('kuberay-system');
    expect(await world.admin.list({ group: '', kind: 'Secret' }, { namespace: 'kuberay-system' })).toEqual([]);
  });

  test('that something else than helm installed is left alone', async () => {
    const release = { runtime: 'kuberay', version: '1.6.2', release: 'ray', namespace: 'kuberay-system' } as const;
    const objects = operatorObjects(release);
    for (const object of objects) await world.admin.apply(object);
    const eva = world.person('eva');
    for (const [tool, input] of [
      [installRuntime, { runtime: 'kuberay', version: '1.7.0' }],
      [uninstallRuntime, { runtime: 'kuberay' }],
    ] as const) {
      expect(await eva.call(tool, input)).toMatchObject({
        ok: false,
        error: {
          code: 'NOT_SUPPORTED',
          message: expect.stringContaining('No helm release of the chart kuberay-operator'),
        },
      });
    }
    for (const { apiVersion, kind, metadata } of objects) {
      if (kind !== 'Namespace') await world.admin.delete({ group: groupOf(apiVersion), kind }, metadata);
    }
    const gone = await eva.data(uninstallRuntime, { runtime: 'kuberay', deleteCrds: true });
    expect(gone).toMatchObject({ outcome: 'done', status: { state: 'not_installed' } });
    expect((await names('crd')).filter((name) => name.endsWith('.ray.io'))).toEqual([]);
  });
});

describe('Dynamo', () => {
  const name = 'dynamo-platform-dynamo-operator-controller-manager';
  const scale = (replicas: number) =>
    world.admin.patch(kinds.deployment, { namespace: 'dynamo-system', name }, { spec: { replicas } });

  test('is installed with the CRDs that its operator applies, and skips no minor version', async () => {
    const eva = world.person('eva');
    const installed = await eva.data(installRuntime, { runtime: 'dynamo', version: '1.5.1' });
    expect(installed).toMatchObject({
      outcome: 'done',
      status: { state: 'ready', version: '1.5.1', apiVersions: ['v1beta1'] },
    });
    expect(await eva.call(installRuntime, { runtime: 'dynamo', version: '1.7.0' })).toMatchObject({
      ok: false,
      error: { code: 'NOT_SUPPORTED', message: expect.stringContaining('from 1.5.1 to 1.6.1 first, not to 1.7.0') },
    });
  });

  test('is finished by the same command after the program and its helm were killed', async () => {
    const letGo = holdBack('dynamo-operator');
    const command = ['install', 'dynamo', '--version', '1.6.1', '--yes', '-o', 'json'];
    const { process: program, ended } = start(command, { env: world.environment });
    const pending = () =>
      world.admin.list(
        { group: '', kind: 'Secret' },
        { namespace: 'dynamo-system', labelSelector: 'owner=helm,status=pending-upgrade' },
      );
    await expect.poll(pending, { timeout: 30_000 }).toHaveLength(1);
    program.kill('SIGKILL');
    await endProcess();
    await ended;
    expect(await holds()).toEqual(['kubefoundry-dynamo']);

    letGo();
    const again = await run(command, { env: world.environment });
    expect(again.stderr).toBe('');
    expect(JSON.parse(again.stdout)).toMatchObject({ outcome: 'done', status: { state: 'ready', version: '1.6.1' } });
    expect(await holds()).toEqual([]);
  });

  test('gets CRDs back that were deleted under its operator, and its release keeps its values and its history', async () => {
    const eva = world.person('eva');
    const at = ['dynamo-platform', '--namespace', 'dynamo-system'];
    const chart = ['dynamo-platform', '--repo', world.charts.url, '--version', '1.6.1'];
    await helm('upgrade', ...at, ...chart, '--set', 'registry=mirror.example');
    const history = async () => JSON.parse(await helm('history', ...at, '--output', 'json')).length;
    const before = await history();
    for (const crd of await names('crd'))
      if (crd.endsWith('.nvidia.com')) await world.admin.delete(kinds.crd, { name: crd });
    await operatorIs(eva, 'dynamo', 'partial');

    const mended = await eva.data(installRuntime, { runtime: 'dynamo' });
    expect(mended).toMatchObject({ outcome: 'done', status: { state: 'ready', version: '1.6.1' } });
    expect(JSON.parse(await helm('get', 'values', ...at, '--output', 'json'))).toEqual({ registry: 'mirror.example' });
    expect(await history()).toBe(before);
  });

  test('is not uninstalled while nobody would remove its finalizers', async () => {
    const eva = world.person('eva');
    await eva.data(deployModel, { name: 'chat', model, runtime: 'dynamo' });
    await expect
      .poll(async () => (await eva.data(getDeployment, { name: 'chat' })).deployment.phase, { timeout: 30_000 })
      .toBe('Running');
    await scale(0);
    await operatorIs(eva, 'dynamo', 'unhealthy');
    expect(await eva.call(uninstallRuntime, { runtime: 'dynamo' })).toMatchObject({
      ok: false,
      error: {
        code: 'NOT_SUPPORTED',
        message: expect.stringMatching(
          /dynamo-system\/chat .*nvidia\.com\/finalizer.*scaled to 0.*kubectl --context \S+ patch/,
        ),
      },
    });
    expect(await eva.data(getDeployment, { name: 'chat' })).toMatchObject({ deployment: { phase: 'Running' } });
    await scale(1);
  });

  test('is uninstalled with its CRDs on request', async () => {
    const eva = world.person('eva');
    await operatorIs(eva, 'dynamo', 'ready');
    const finished = await eva.data(uninstallRuntime, { runtime: 'dynamo', deleteCrds: true });
    expect(finished).toMatchObject({ outcome: 'done', status: { state: 'not_installed', deployments: 0 } });
    expect((await names('crd')).filter((name) => name.endsWith('.nvidia.com'))).toEqual([]);
    expect(await names('namespace')).toContain('dynamo-system');
  });
});

describe('a ServiceAccount with the roles observe and install', () => {
  /** As the README says it, with the files that users apply. */
  async function accountWith(prefix: string, ...roles: readonly string[]): Promise<string> {
    const name = `${prefix}-${randomBytes(3).toString('hex')}`;
    await kubectl('apply', '-f', fileURLToPath(new URL('../../docs/rbac', import.meta.url)));
    await kubectl('create', 'serviceaccount', name, '--namespace', 'default');
    for (const role of roles) {
      const account = ['--serviceaccount', `default:${name}`];
      await kubectl('create', 'clusterrolebinding', `${name}-${role}`, '--clusterrole', role, ...account);
    }
    return world.plane.kubeconfigWith(await world.plane.serviceAccountToken('default', name));
  }
  const may = (kubeconfig: string, verb: string, resource: string) =>
    kubectl('auth', 'can-i', verb, resource, '--all-namespaces', '--kubeconfig', kubeconfig).then(
      () => true,
      () => false,
    );

  test.each([
    { runtime: 'kuberay', from: '1.6.2', to: '1.7.0' },
    { runtime: 'dynamo', from: '1.5.1', to: '1.6.1' },
  ] as const)('installs, upgrades and uninstalls $runtime, and is refused nothing', async ({ runtime, from, to }) => {
    const roles = ['kubefoundry-install', 'kubefoundry-observe', 'kubefoundry-observe-cluster'];
    const kubeconfig = await accountWith('ida', ...roles);
    // Authorizers hear of each binding by itself.
    for (const [verb, resource] of [
      ['create', 'secrets'],
      ['list', 'pods'],
      ['list', 'nodes'],
    ] as const) {
      await expect.poll(() => may(kubeconfig, verb, resource), { timeout: 10_000 }).toBe(true);
    }
    const proxy = await startApiProxy(kubeconfig);
    onTestFinished(() => proxy.stop());
    const ida = world.person('ida', proxy.kubeconfig);
    for (const version of [from, to]) {
      const installed = await ida.data(installRuntime, { runtime, version });
      expect(installed).toMatchObject({ outcome: 'done', status: { state: 'ready', version } });
    }
    const removed = await ida.data(uninstallRuntime, { runtime, deleteCrds: true });
    expect(removed).toMatchObject({ outcome: 'done', status: { state: 'not_installed' } });
    expect(proxy.answers.filter(({ status }) => status === 403)).toEqual([]);
  });

  test('but observe alone is told what is missing before anything changes', async () => {
    const kubeconfig = await accountWith('olga', 'kubefoundry-observe', 'kubefoundry-observe-cluster');
    await expect.poll(() => may(kubeconfig, 'list', 'nodes'), { timeout: 10_000 }).toBe(true);
    const refused = await world.person('olga', kubeconfig).call(installRuntime, { runtime: 'kuberay' });
    expect(refused).toMatchObject({
      ok: false,
      error: {
        code: 'FORBIDDEN',
        message: expect.stringMatching(
          /^Not allowed to: .*create secrets in kuberay-system, .*escalate clusterroles\.rbac.*the roles observe and install/,
        ),
      },
    });
    expect((await names('crd')).filter((name) => name.endsWith('.ray.io'))).toEqual([]);
  });
});

/** The fields of a RayService's spec that the API server knows. */
async function fieldsOfRayService(): Promise<readonly string[]> {
  const crd = await world.admin.get(kinds.crd, { name: 'rayservices.ray.io' });
  const [version] = listAt(crd, 'spec', 'versions');
  return entriesAt(version, 'schema', 'openAPIV3Schema', 'properties', 'spec', 'properties').map(([field]) => field);
}

const rayCluster = (name: string): KubernetesObject => ({
  apiVersion: 'ray.io/v1',
  kind: 'RayCluster',
  metadata: { name, namespace: 'default' },
  spec: { headGroupSpec: { rayStartParams: {}, template: { spec: { containers: [{ name: 'head', image: 'ray' }] } } } },
});

const rayJob = (name: string, finalizer: string): KubernetesObject => ({
  apiVersion: 'ray.io/v1',
  kind: 'RayJob',
  metadata: { name, namespace: 'default', finalizers: [finalizer] },
  spec: { entrypoint: 'python train.py' },
});
