import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Installer } from '../../src/foundry/foundry.ts';
import { getRuntimesStatus } from '../../src/tools/get-runtimes-status.ts';
import { installRuntime } from '../../src/tools/install-runtime.ts';
import { dataOf, namespace, startLab } from '../support/lab.ts';
import { startWorkbench, type Workbench } from '../support/sandbox.ts';
import { soon } from '../support/soon.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await startWorkbench({ scenario: 'empty' });
});
afterAll(() => bench.stop());

test('nothing is installed, and that is known', async () => {
  const { runtimes, problems, serverVersion } = await bench.data(getRuntimesStatus, {});
  expect(runtimes).toMatchObject([
    { id: 'dynamo', state: 'not_installed', installed: false, healthy: false, deployments: 0 },
    { id: 'kuberay', state: 'not_installed', installed: false, healthy: false, deployments: 0 },
  ]);
  expect(problems).toEqual([]);
  expect(serverVersion).toMatch(/^v1\./);
});

test('a plan gives the commands, asks nobody and changes nothing', async () => {
  bench.sandbox.api.clearRequests();
  const result = await bench.call(
    installRuntime,
    { runtime: 'kuberay', planOnly: true },
    { ask: async () => 'declined' },
  );
  expect(result).toMatchObject({ ok: true, data: { outcome: 'planned', status: { state: 'not_installed' } } });
  expect(result).toMatchObject({
    text: expect.stringContaining('helm --kube-context kubefoundry-sandbox upgrade --install kuberay-operator'),
  });
  const writes = bench.requests().filter(({ method }) => method !== 'GET');
  expect(writes.every(({ path }) => path.endsWith('/selfsubjectaccessreviews'))).toBe(true);
});

test('a human declines: nothing is installed', async () => {
  const result = await bench.call(installRuntime, { runtime: 'kuberay' }, { ask: async () => 'declined' });
  expect(result).toMatchObject({ ok: false, error: { code: 'DECLINED' } });
  expect(await bench.data(getRuntimesStatus, { runtime: 'kuberay' })).toMatchObject({
    runtimes: [{ installed: false }],
  });
});

test.each(['kuberay', 'dynamo'] as const)('%s is installed step by step, until it is ready', async (runtime) => {
  const installed = await bench.data(installRuntime, { runtime });
  expect(installed).toMatchObject({
    outcome: 'done',
    status: { id: runtime, state: 'ready', installed: true, healthy: true },
  });
  expect(installed.steps.every(({ status }) => status === 'done' || status === 'ok')).toBe(true);
  expect(bench.progress.map(({ message }) => message)).toContainEqual(
    expect.stringContaining('Wait until the operator'),
  );
  expect(await bench.data(installRuntime, { runtime })).toMatchObject({ outcome: 'nothing to do', steps: [] });
});

test('CRDs of Dynamo that were deleted come back when its operator starts again; nothing is uninstalled', async () => {
  const { cluster } = await bench.foundry.site(undefined);
  const signal = new AbortController().signal;
  const definitions = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' };
  const at = { namespace: 'dynamo-system', name: 'dynamo-platform-dynamo-operator-controller-manager' };
  const operator = async () => (await cluster.get({ group: 'apps', kind: 'Deployment' }, at, { signal }))?.metadata.uid;
  const before = await operator();
  for (const { metadata } of await cluster.list(definitions, { signal }))
    if (metadata.name.endsWith('.nvidia.com')) await cluster.delete(definitions, metadata, { signal });
  const mended = await bench.data(installRuntime, { runtime: 'dynamo' });
  expect(mended).toMatchObject({ outcome: 'done', status: { id: 'dynamo', state: 'ready' } });
  expect(mended.steps.map(({ title }) => title)).not.toContainEqual(expect.stringMatching(/^Uninstall/));
  expect(await operator()).toBe(before);
});

test('another version is an upgrade, and what an operator does not do is refused with the plan at hand', async () => {
  const status = await bench.data(getRuntimesStatus, { runtime: 'kuberay' });
  const present = status.runtimes[0]?.version ?? '';
  expect(present).toMatch(/^\d+\.\d+\.\d+$/);
  const upgraded = await bench.data(installRuntime, { runtime: 'kuberay', version: '1.7.9' });
  expect(upgraded).toMatchObject({ outcome: 'done', status: { version: '1.7.9', state: 'ready' } });
  expect(await bench.call(installRuntime, { runtime: 'dynamo', version: '0.5.0' })).toMatchObject({
    ok: false,
    error: { code: 'NOT_SUPPORTED', message: expect.stringContaining('0.5.0') },
  });
  expect(await bench.call(installRuntime, { runtime: 'dynamo', version: '1.0.0', planOnly: true })).toMatchObject({
    ok: true,
    unmet: true,
    data: { outcome: 'refused', reason: expect.stringContaining('does not downgrade') },
    text: expect.stringMatching(/: refused\. /),
  });
});

test.each([
  ['kuberay', '1.6.2'],
  ['dynamo', '1.5.1'],
])('%s goes back to no older version, and the way out is the hint', async (runtime, version) => {
  const refused = await bench.call(installRuntime, { runtime, version });
  expect(refused).toMatchObject({
    ok: false,
    error: {
      code: 'NOT_SUPPORTED',
      message: expect.stringMatching(/ is older than the installed .*: KubeFoundry does not downgrade\.$/),
      hint: expect.stringMatching(/^Keep .* To go back, .* uninstall_runtime .*"planOnly":true\} shows what stops/),
    },
  });
});

test('without helm the steps come as commands, with the reason, and nobody is asked', async () => {
  const lab = await startLab({ runtimes: [] });
  try {
    const ask = async () => 'declined' as const;
    const result = await lab.call('install_runtime', { runtime: 'dynamo' }, { ask });
    expect(dataOf(result)).toMatchObject({
      outcome: 'manual',
      code: 'HELM_MISSING',
      reason: expect.stringContaining('There is no helm'),
    });
    expect(result).toMatchObject({
      text: expect.stringContaining('helm --kube-context kubefoundry-sandbox upgrade --install dynamo-platform'),
    });
  } finally {
    await lab.stop();
  }
});

test.each([
  ['install_runtime', { runtime: 'kuberay', version: '1.7.9' }],
  ['uninstall_runtime', { runtime: 'kuberay' }],
])('without helm the plan of %s says so, and is no plan that can be carried out', async (tool, input) => {
  const lab = await startLab({ runtimes: ['kuberay'] });
  try {
    const planned = await lab.call(tool, { ...input, planOnly: true });
    expect(planned).toMatchObject({
      unmet: true,
      data: { outcome: 'manual', code: 'HELM_MISSING', reason: 'There is no helm on the PATH. Install helm.' },
      text: expect.stringContaining('1. There is no helm on the PATH: failed\n'),
    });
  } finally {
    await lab.stop();
  }
});

test('FORBIDDEN: what may not be seen is unknown, and nothing is installed over it', async () => {
  const lab = await startLab({ runtimes: ['kuberay'] });
  try {
    await lab.allow('guest', []);
    const guest = { as: 'guest' };
    expect(dataOf(await lab.call('get_runtimes_status', { runtime: 'kuberay' }, guest))).toMatchObject({
      runtimes: [{ id: 'kuberay', state: 'unknown', healthy: null, deployments: null }],
      problems: [{ runtime: 'kuberay', code: 'FORBIDDEN', message: expect.stringContaining('list deployments.apps') }],
    });
    expect(await lab.call('install_runtime', { runtime: 'kuberay', version: '1.7.9' }, guest)).toMatchObject({
      ok: false,
      error: { code: 'FORBIDDEN' },
    });
  } finally {
    await lab.stop();
  }
});

test('FORBIDDEN: a right that is missing is named before anything is changed', async () => {
  const lab = await startLab({ runtimes: [], installer: helmless });
  try {
    const reads = [
      { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: ['*'] },
      { apiGroups: ['', 'apps', 'rbac.authorization.k8s.io'], resources: ['*'], verbs: ['*'] },
    ];
    await lab.allow('almost', reads);
    lab.api.clearRequests();
    const refused = await lab.call('install_runtime', { runtime: 'kuberay' }, { as: 'almost' });
    expect(refused).toMatchObject({
      ok: false,
      error: {
        code: 'FORBIDDEN',
        message:
          'Not allowed to: get leases.coordination.k8s.io in default, create leases.coordination.k8s.io in default, patch leases.coordination.k8s.io in default, delete leases.coordination.k8s.io in default. A cluster administrator may do this, and whoever has the roles observe and install (docs/rbac).',
        hint: expect.stringContaining('kubectl --context kubefoundry-sandbox create clusterrolebinding'),
      },
    });
    const writes = lab.api.requests.filter(({ method }) => method !== 'GET');
    expect(writes.every(({ path }) => path.endsWith('/selfsubjectaccessreviews'))).toBe(true);
    const planned = dataOf(await lab.call('install_runtime', { runtime: 'kuberay', planOnly: true }, { as: 'almost' }));
    const can = (verb: string) =>
      `kubectl --context kubefoundry-sandbox auth can-i ${verb} leases.coordination.k8s.io --namespace default`;
    expect(planned.steps).toContainEqual({
      title: 'Not all of this is allowed',
      status: 'failed',
      command: ['get', 'create', 'patch', 'delete'].map(can).join('; '),
    });
    const all = dataOf(await lab.call('install_runtime', { runtime: 'kuberay', planOnly: true }));
    const listing = (where: string) => `kubectl --context kubefoundry-sandbox auth can-i --list --namespace ${where}`;
    expect(all.steps).toContainEqual({
      title: 'All this is allowed',
      status: 'ok',
      command: [listing('default'), listing('kuberay-system')].join('; '),
    });
  } finally {
    await lab.stop();
  }
});

test('FORBIDDEN: behind a fence nothing is installed, for that changes the whole cluster', async () => {
  const lab = await startLab({ runtimes: [], installer: helmless });
  try {
    const refused = await lab.call('install_runtime', { runtime: 'kuberay' }, { namespaces: ['kuberay-system'] });
    expect(refused).toMatchObject({
      ok: false,
      error: {
        code: 'FORBIDDEN',
        message: expect.stringContaining('--namespaces'),
        hint: 'Start kubefoundry without --namespaces.',
      },
    });
  } finally {
    await lab.stop();
  }
});

test.each(['RayService', 'RayCluster'])(
  'over the CRD of %s that hangs in deletion nothing is installed: what holds it is named with its cure, which works',
  async (kind) => {
    const lab = await startLab({ runtimes: ['kuberay'], installer: helmless });
    const definitions = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };
    const definition = (name: string) => ({ ...definitions, metadata: { name } });
    const others = ['rayservices.ray.io', 'rayclusters.ray.io', 'rayjobs.ray.io', 'raycronjobs.ray.io'];
    const { cluster } = await lab.foundry().site(undefined);
    const held = { namespace: 'team', name: 'old' };
    const containers = [{ name: 'head', image: 'ray' }];
    const clusterSpec = { headGroupSpec: { template: { spec: { containers } } } };
    const spec = kind === 'RayCluster' ? clusterSpec : { rayClusterConfig: clusterSpec };
    const cure = `kubectl --context kubefoundry-sandbox patch ${kind.toLowerCase()}.ray.io old --namespace team --type merge --patch '{"metadata":{"finalizers":null}}'`;
    try {
      await lab.apply(namespace('team'), {
        apiVersion: 'ray.io/v1',
        kind,
        metadata: { ...held, finalizers: ['ray.io/held'] },
        spec,
      });
      await lab.remove({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { namespace: 'kuberay-system', name: 'kuberay-operator' },
      });
      for (const name of others) await lab.remove(definition(name));
      if (kind === 'RayService') {
        const status = await lab.call('get_runtimes_status', { runtime: 'kuberay' });
        expect(status).toMatchObject({ text: expect.stringContaining(`It waits for 1: RayService team/old.`) });
        expect(status).toMatchObject({ text: expect.stringContaining(cure) });
      }
      const refused = await lab.call('install_runtime', { runtime: 'kuberay' });
      if (refused.ok) throw new Error(refused.text);
      expect(refused.error).toMatchObject({ code: 'NOT_SUPPORTED', message: expect.stringContaining(cure) });
      await cluster.patch({ group: 'ray.io', kind }, held, { metadata: { finalizers: null } });
      await expect
        .poll(async () => dataOf(await lab.call('install_runtime', { runtime: 'kuberay', planOnly: true })), soon)
        .toMatchObject({ outcome: 'planned' });
    } finally {
      await lab.stop();
    }
  },
);

describe('while an installation does not come to an end', () => {
  let slow: Workbench;
  beforeAll(async () => {
    slow = await startWorkbench({
      scenario: 'empty',
      failures: [{ match: 'kuberay-operator', kind: 'image-pull' }],
    });
  });
  afterAll(() => slow.stop());
  const leases = async () => {
    const { cluster } = await slow.foundry.site(undefined);
    return cluster.list({ group: 'coordination.k8s.io', kind: 'Lease' });
  };

  test('it tells why, a second one is told who is at it since when, and cancelling tells what was done', async () => {
    const cancelling = new AbortController();
    const first = slow.call(installRuntime, { runtime: 'kuberay' }, { signal: cancelling.signal });
    await expect
      .poll(() => slow.progress.map(({ message }) => message).join('\n'), { timeout: 15_000 })
      .toMatch(/Wait until the operator .*ImagePullBackOff/);

    const [lease] = await leases();
    expect(lease).toMatchObject({
      metadata: { name: 'kubefoundry-kuberay', namespace: 'default' },
      spec: { holderIdentity: expect.stringMatching(/^test eva on /), leaseDurationSeconds: 15 },
    });
    const second = await slow.call(installRuntime, { runtime: 'kuberay' });
    expect(second).toMatchObject({
      ok: false,
      error: {
        code: 'CONFLICT',
        message: expect.stringMatching(/^test eva on .* is installing or uninstalling kuberay since \d{4}-\d\d-\d\dT/),
      },
    });
    expect(await slow.data(installRuntime, { runtime: 'dynamo' })).toMatchObject({ outcome: 'done' });

    cancelling.abort();
    expect(await first).toMatchObject({
      ok: false,
      error: {
        code: 'DECLINED',
        message: expect.stringMatching(/^Cancelled at step 7 of 7 .* Done before it: Install the chart/),
        hint: expect.stringContaining('Call again to go on'),
      },
    });
    expect(await leases()).toEqual([]);
  });
});

test('behind a fence an operator outside it is unknown, not missing, and deploying inside goes on', async () => {
  const lab = await startLab({ runtimes: ['kuberay'] });
  try {
    await lab.apply(namespace('team-a'));
    const fenced = { namespaces: ['team-a'] };
    expect(dataOf(await lab.call('get_runtimes_status', { runtime: 'kuberay' }, fenced))).toMatchObject({
      runtimes: [{ state: 'unknown', healthy: null }],
    });
    const wanted = { name: 'inside', model: 'Qwen/Qwen3-8B', runtime: 'kuberay', namespace: 'team-a' };
    expect(dataOf(await lab.call('deploy_model', wanted, fenced))).toMatchObject({
      change: 'created',
      warnings: [expect.stringContaining('operators may run in other namespaces')],
    });
  } finally {
    await lab.stop();
  }
});

test('the status of a cluster that cannot be reached: null, unknown, and why', async () => {
  const gone = await startLab({ runtimes: [] });
  const { url } = gone.api;
  await gone.api.stop();
  const status = await gone.call('get_runtimes_status', {});
  expect(dataOf(status)).toMatchObject({
    serverVersion: null,
    runtimes: [
      { state: 'unknown', installed: null, healthy: null, deployments: null },
      { state: 'unknown', installed: null, healthy: null, deployments: null },
    ],
    problems: [
      { code: 'CLUSTER_UNREACHABLE', message: expect.stringContaining(url) },
      { code: 'CLUSTER_UNREACHABLE', message: expect.stringContaining(url) },
    ],
  });
  await gone.stop();
});

/** Says that it can install; nothing gets so far in these tests. */
const helmless = (): Installer => ({ name: 'helm', ready: async () => ({ ok: true }), carryOut: async () => {} });
