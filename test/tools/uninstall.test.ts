import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type KubernetesObject, listAt } from '../../src/kubernetes.ts';
import { dynamoCrds } from '../../src/sandbox/crds/dynamo.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { getRuntimesStatus } from '../../src/tools/get-runtimes-status.ts';
import { installRuntime } from '../../src/tools/install-runtime.ts';
import { listDeployments } from '../../src/tools/list-deployments.ts';
import { uninstallRuntime } from '../../src/tools/uninstall-runtime.ts';
import { dataOf, type Lab, namespace, operatorStatus, startLab } from '../support/lab.ts';
import { startWorkbench, type Workbench } from '../support/sandbox.ts';
import { soon } from '../support/soon.ts';

const rayService = (name: string, finalizers: readonly string[] = []): KubernetesObject => ({
  apiVersion: 'ray.io/v1',
  kind: 'RayService',
  metadata: { name, namespace: 'team', finalizers },
  spec: {
    rayClusterConfig: { headGroupSpec: { template: { spec: { containers: [{ name: 'head', image: 'ray' }] } } } },
  },
});

describe('a runtime on which models are served', () => {
  let bench: Workbench;
  const kinds = {
    namespace: { group: '', kind: 'Namespace' },
    crd: { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' },
    rayCluster: { group: 'ray.io', kind: 'RayCluster' },
    lease: { group: 'coordination.k8s.io', kind: 'Lease' },
  };
  const names = async (kind: keyof typeof kinds) => {
    const { cluster } = await bench.foundry.site(undefined);
    return (await cluster.list(kinds[kind])).map(({ metadata }) => metadata.name);
  };

  beforeAll(async () => {
    bench = await startWorkbench({ scenario: 'both' });
    for (const name of ['chat', 'code']) {
      await bench.data(deployModel, { name, model: 'Qwen/Qwen3-8B', runtime: 'kuberay' });
    }
    await bench.data(deployModel, { name: 'other', model: 'Qwen/Qwen3-8B', runtime: 'dynamo' });
    await vi.waitFor(async () => expect(await names('rayCluster')).toHaveLength(2), soon);
  });
  afterAll(() => bench.stop());

  test('is not uninstalled unasked: the plan names each deployment that stops', async () => {
    const asked = await bench.call(uninstallRuntime, { runtime: 'kuberay' }, { ask: async () => 'unavailable' });
    expect(asked).toMatchObject({ ok: false, error: { code: 'CONFIRMATION_REQUIRED' } });
    expect(asked).toMatchObject({
      error: { message: expect.stringContaining('kuberay-system/chat (Qwen/Qwen3-8B), kuberay-system/code') },
    });
    const planned = await bench.data(uninstallRuntime, { runtime: 'kuberay', planOnly: true });
    expect(planned).toMatchObject({ outcome: 'planned', status: { state: 'ready', deployments: 2 } });
    expect(planned.steps.map(({ title }) => title).slice(-5)).toEqual([
      'Delete RayService kuberay-system/chat',
      'Delete RayService kuberay-system/code',
      expect.stringMatching(/^Wait until RayService kuberay-system\/chat and its RayCluster chat-\w+ are gone$/),
      expect.stringMatching(/^Wait until RayService kuberay-system\/code and its RayCluster code-\w+ are gone$/),
      'Uninstall the release kuberay-operator from kuberay-system; the namespace stays',
    ]);
    expect((await bench.data(listDeployments, {})).total).toBe(3);
  });

  test('ends with its deployments first; CRDs, namespaces and the other runtime stay', async () => {
    const removed = await bench.data(uninstallRuntime, { runtime: 'kuberay' });
    expect(removed).toMatchObject({ outcome: 'done', status: { state: 'partial', installed: false, deployments: 0 } });
    expect(removed.warnings).toContain('The CRDs stay; so does every namespace.');
    expect(await names('rayCluster')).toEqual([]);
    expect(await names('namespace')).toContain('kuberay-system');
    expect(await names('crd')).toContain('rayservices.ray.io');
    const { deployments } = await bench.data(listDeployments, {});
    expect(deployments).toMatchObject([{ name: 'other', runtime: 'dynamo' }]);
    expect(await names('lease')).not.toContain('kubefoundry-kuberay');
  });

  test('again has nothing to do, and says that CRDs are left', async () => {
    const again = await bench.data(uninstallRuntime, { runtime: 'kuberay' });
    expect(again).toMatchObject({
      outcome: 'nothing to do',
      steps: [],
      summary: expect.stringContaining('deleteCrds'),
    });
  });

  test('is installed over the CRDs that stayed, and goes with them on request', async () => {
    await bench.data(installRuntime, { runtime: 'kuberay' });
    const gone = await bench.data(uninstallRuntime, { runtime: 'kuberay', deleteCrds: true });
    expect(gone).toMatchObject({ outcome: 'done', status: { state: 'not_installed' } });
    expect(await names('crd')).not.toContain('rayservices.ray.io');
    expect(await bench.data(getRuntimesStatus, { runtime: 'dynamo' })).toMatchObject({
      runtimes: [{ state: 'ready' }],
    });
  });

  test('is changed between the question and the answer: nothing is done', async () => {
    const { cluster } = await bench.foundry.site(undefined);
    const ask = async () => {
      await bench.data(deployModel, { name: 'late', model: 'Qwen/Qwen3-8B', runtime: 'dynamo' });
      return 'approved' as const;
    };
    const result = await bench.call(uninstallRuntime, { runtime: 'dynamo' }, { ask });
    expect(result).toMatchObject({ ok: false, error: { code: 'CONFLICT' } });
    expect((await bench.data(listDeployments, {})).total).toBe(2);
    expect(await cluster.list({ group: 'coordination.k8s.io', kind: 'Lease' })).toEqual([]);
  });
});

describe('an operator that does not work', () => {
  const finalizer = 'ray.io/rayservice-finalizer';

  test('stops an uninstallation before it begins, with the finalizer and its cure', async () => {
    const lab = await startLab({ runtimes: ['kuberay'], installer: willing });
    try {
      await lab.apply(namespace('team'), rayService('chat', [finalizer]));
      await lab.setStatus(operator, { availableReplicas: 0, readyReplicas: 0 });
      const refused = await lab.call('uninstall_runtime', { runtime: 'kuberay' });
      expect(refused).toMatchObject({ ok: false, error: { code: 'NOT_SUPPORTED' } });
      expect(refused).toMatchObject({
        error: {
          message: expect.stringMatching(
            /team\/chat .*rayservice-finalizer.* kubectl --context kubefoundry-sandbox patch rayservice\.ray\.io chat/,
          ),
        },
      });
      expect(dataOf(await lab.call('list_deployments', {}))).toMatchObject({ total: 1 });
    } finally {
      await lab.stop();
    }
  });

  test('that is gone: what it left is named, and deleting it begins with an operator', async () => {
    const lab = await startLab({ runtimes: ['kuberay'], installer: willing });
    try {
      await lab.apply(namespace('team'), rayService('chat', [finalizer]));
      await lab.remove(operator);
      const first = await lab.call('uninstall_runtime', { runtime: 'kuberay' });
      expect(dataOf(first)).toMatchObject({
        outcome: 'nothing to do',
        summary: expect.stringMatching(/^Only the CRDs of KubeRay are left, .* Deployments: 1: team\/chat\b/),
        warnings: [
          expect.stringMatching(
            /team\/chat would hang .*rayservice-finalizer.* kubectl --context kubefoundry-sandbox patch rayservice\.ray\.io chat/,
          ),
          expect.stringContaining('install_runtime {"runtime":"kuberay"}'),
        ],
      });
      expect(await lab.call('uninstall_runtime', { runtime: 'kuberay', deleteCrds: true })).toMatchObject({
        ok: false,
        error: {
          code: 'NOT_SUPPORTED',
          message: expect.stringContaining('RayService team/chat would hang'),
          hint: expect.stringMatching(
            /^Install an operator first, install_runtime .* uninstall_runtime .*"deleteCrds":true/,
          ),
        },
      });
    } finally {
      await lab.stop();
    }
  });

  test('that went down meanwhile: what hangs is named with its cure, and what is done and left', async () => {
    const lab = await startLab({ runtimes: ['kuberay'], installer: willing });
    try {
      await lab.apply(namespace('team'), rayService('chat', [finalizer]), rayService('code'));
      lab.progress.length = 0;
      const running = lab.call('uninstall_runtime', { runtime: 'kuberay' });
      await expect.poll(() => lab.progress.some(({ message }) => message.startsWith('Wait until')), soon).toBe(true);
      await lab.setStatus(operator, { availableReplicas: 0, readyReplicas: 0 });
      const hung = await running;
      if (hung.ok) throw new Error(hung.text);
      expect(hung.error.code).toBe('RUNTIME_UNHEALTHY');
      expect(hung.error.message).toMatch(
        /RayService team\/chat hangs in deletion: the finalizer ray\.io\/rayservice-finalizer .*not available.* Done before it: Delete RayService team\/chat; Delete RayService team\/code\. Left: .*Uninstall the release/,
      );
      expect(hung.error.hint).toContain(
        `kubectl --context kubefoundry-sandbox patch rayservice.ray.io chat --namespace team --type merge --patch '{"metadata":{"finalizers":null}}'`,
      );
    } finally {
      await lab.stop();
    }
  });
});

describe('an operator that does not watch the namespace', () => {
  const finalizer = 'ray.io/rayservice-finalizer';
  const watchOnly = async (lab: Lab, watched: string) => {
    const { labels, annotations } = (await lab.read(operator)).metadata;
    const pod = {
      containers: [{ name: 'manager', image: 'kuberay/operator:v1.7.0', args: ['--watch-namespace', watched] }],
    };
    const app = { app: 'operator' };
    const template = { metadata: { labels: app }, spec: pod };
    await lab.remove(operator);
    await lab.apply({
      ...operator,
      metadata: { ...operator.metadata, labels, annotations },
      spec: { replicas: 1, selector: { matchLabels: app }, template },
    });
    await lab.setStatus(operator, operatorStatus);
  };
  const cure = /kubectl --context kubefoundry-sandbox patch rayservice\.ray\.io chat --namespace team /;

  test('stops an uninstallation before it begins, and a deletion says why it hangs, both with the cure', async () => {
    const lab = await startLab({ runtimes: ['kuberay'], installer: willing });
    try {
      await lab.apply(namespace('team'), rayService('chat', [finalizer]));
      await watchOnly(lab, 'kuberay-system');
      const refused = await lab.call('uninstall_runtime', { runtime: 'kuberay' });
      if (refused.ok) throw new Error(refused.text);
      expect(refused.error.message).toMatch(
        /team\/chat would hang .* No operator watches team, only kuberay-system\. /,
      );
      expect(refused.error.message).toMatch(cure);
      const removed = await lab.call('delete_deployment', { name: 'chat', namespace: 'team', unmanaged: true });
      const text = removed.ok ? removed.text : '';
      expect(text).toMatch(
        /It hangs: its finalizer .* No operator watches team, only kuberay-system\. What can be done: /,
      );
      expect(text).toMatch(cure);
      expect(await lab.call('diagnose_deployment', { name: 'chat' })).toMatchObject({
        text: expect.stringContaining('DELETION_HELD'),
      });
    } finally {
      await lab.stop();
    }
  });

  test('any more ends the wait for it', async () => {
    const lab = await startLab({ runtimes: ['kuberay'], installer: willing });
    try {
      await lab.apply(namespace('team'), rayService('chat', [finalizer]));
      lab.progress.length = 0;
      const running = lab.call('uninstall_runtime', { runtime: 'kuberay' });
      await expect.poll(() => lab.progress.some(({ message }) => message.startsWith('Wait until')), soon).toBe(true);
      await watchOnly(lab, 'kuberay-system');
      expect(await running).toMatchObject({
        ok: false,
        error: {
          code: 'RUNTIME_UNHEALTHY',
          message: expect.stringContaining('No operator watches team, only kuberay-system.'),
          hint: expect.stringMatching(cure),
        },
      });
    } finally {
      await lab.stop();
    }
  });
});

test('without helm a chart that a GitOps tool rendered is left to it, whatever its labels say', async () => {
  const lab = await startLab({ runtimes: ['kuberay'] });
  try {
    const { metadata, spec } = await lab.read(operator);
    await lab.remove(operator);
    await lab.apply({ ...operator, metadata: { ...operator.metadata, labels: metadata.labels }, spec });
    await lab.setStatus(operator, operatorStatus);
    const planned = await lab.call('uninstall_runtime', { runtime: 'kuberay', planOnly: true });
    expect(planned).toMatchObject({
      data: { outcome: 'refused', reason: expect.stringContaining('uninstall it the way it was installed') },
    });
  } finally {
    await lab.stop();
  }
});

test('the operator stays until it has let go of the parts of a deployment that is gone', async () => {
  const lab = await startLab({ runtimes: ['dynamo'], installer: willing });
  const graph = { group: 'nvidia.com', kind: 'DynamoGraphDeployment' };
  const made = { group: 'nvidia.com', kind: 'DynamoComponentDeployment' };
  try {
    const { cluster } = await lab.foundry().site(undefined);
    const apiVersion = 'nvidia.com/v1beta1';
    const at = { namespace: 'team', name: 'chat' };
    await lab.apply(namespace('team'), { apiVersion, kind: graph.kind, metadata: at });
    const owner = await cluster.get(graph, at);
    const { uid = '' } = owner?.metadata ?? {};
    const ownerReferences = [{ apiVersion, kind: graph.kind, name: 'chat', uid }];
    const part = { ...at, name: 'chat-worker', finalizers: ['nvidia.com/finalizer'], ownerReferences };
    await lab.apply({ apiVersion, kind: made.kind, metadata: part });

    const running = lab.call('uninstall_runtime', { runtime: 'dynamo' });
    const said = () => lab.progress.map(({ message }) => message);
    await expect
      .poll(said, soon)
      .toContain('Wait until DynamoGraphDeployment team/chat and its DynamoComponentDeployment chat-worker are gone');
    await expect.poll(() => cluster.get(graph, at), soon).toBeUndefined();
    await lab.setStatus(dynamoOperator, { availableReplicas: 0, readyReplicas: 0 });
    const hung = await running;
    expect(hung).toMatchObject({ ok: false, error: { code: 'RUNTIME_UNHEALTHY' } });
    expect(!hung.ok && hung.error.message).toMatch(/DynamoComponentDeployment team\/chat-worker hangs in deletion/);
    expect(!hung.ok && hung.error.message).toMatch(/Left: Uninstall the release/);
  } finally {
    await lab.stop();
  }
});

test('a finalizer of others does not let the wait hang: it is named with its cure while the operator works', async () => {
  const lab = await startLab({ runtimes: ['kuberay'], installer: willing, now: () => new Date(Date.now() + 120_000) });
  try {
    await lab.apply(namespace('team'), rayService('chat', ['example.com/backup']));
    const hung = await lab.call('uninstall_runtime', { runtime: 'kuberay' });
    if (hung.ok) throw new Error(hung.text);
    expect(hung.error.code).toBe('TIMEOUT');
    expect(hung.error.message).toMatch(/RayService team\/chat hangs in deletion: the finalizer example\.com\/backup /);
    expect(hung.error.hint).toContain(
      'kubectl --context kubefoundry-sandbox patch rayservice.ray.io chat --namespace team',
    );
    expect(lab.progress.map(({ message }) => message)).toContain(
      'Wait until RayService team/chat is gone: waits for the finalizer example.com/backup',
    );
  } finally {
    await lab.stop();
  }
});

test('what would stop is read in the version that is stored, of every kind: others take a conversion webhook', async () => {
  const lab = await startLab({ runtimes: ['dynamo'], installer: willing });
  const [, parts] = dynamoCrds('1.6.1');
  const [stored] = listAt(parts, 'spec', 'versions');
  if (!parts) throw new Error('no CRD');
  const versions = [
    { ...Object(stored), name: 'v1beta1', storage: false },
    { ...Object(stored), name: 'v1alpha1', storage: true },
  ];
  try {
    await lab.apply({ ...parts, spec: { ...Object(parts.spec), versions } });
    lab.api.clearRequests();
    const planned = await lab.call('uninstall_runtime', { runtime: 'dynamo', planOnly: true });
    expect(planned).toMatchObject({ ok: true });
    const lists = lab.api.requests.filter(({ path }) => path.endsWith('/dynamocomponentdeployments'));
    expect(lists.map(({ path }) => path)).toEqual(['/apis/nvidia.com/v1alpha1/dynamocomponentdeployments']);
  } finally {
    await lab.stop();
  }
});

const operator = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'kuberay-operator', namespace: 'kuberay-system' },
};

const dynamoOperator = {
  ...operator,
  metadata: { name: 'dynamo-platform-dynamo-operator-controller-manager', namespace: 'dynamo-system' },
};

const willing = () => ({ name: 'lab', ready: async () => ({ ok: true }) as const, carryOut: async () => {} });
