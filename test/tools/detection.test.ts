import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type KubernetesObject, listAt } from '../../src/kubernetes.ts';
import { dynamoCrds } from '../../src/sandbox/crds/dynamo.ts';
import { getRuntimesStatus } from '../../src/tools/get-runtimes-status.ts';
import { dataOf, type Lab, operatorStatus, startLab } from '../support/lab.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.stop());

const workload = (namespace: string, name: string, spec?: object): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  ...(spec && { spec }),
});
const dynamoName = 'dynamo-platform-dynamo-operator-controller-manager';
const dynamoOperator = workload('dynamo-system', dynamoName);
const kuberayOperator = workload('kuberay-system', 'kuberay-operator');

/** An operator's Deployment that somebody wrote by hand: no label of a chart, an image by digest. */
const byHand = (namespace: string, image: string, pod: object = {}, container: object = {}) =>
  workload(namespace, 'op', {
    replicas: 1,
    selector: { matchLabels: { app: 'op' } },
    template: {
      metadata: { labels: { app: 'op' } },
      spec: { containers: [{ name: 'manager', image, ...container }], ...pod },
    },
  });

/** The first CRD as an operator of 1.5 leaves it: two versions, and a webhook between them. */
function convertingCrd(caBundle: string | undefined): KubernetesObject {
  const [crd] = dynamoCrds('1.6.1');
  if (!crd) throw new Error('no CRD');
  const [stored] = listAt(crd, 'spec', 'versions');
  const service = { namespace: 'dynamo-system', name: 'dynamo-webhook', path: '/convert' };
  return {
    ...crd,
    spec: {
      ...Object(crd.spec),
      versions: [stored, { ...Object(stored), name: 'v1alpha1', storage: false }],
      conversion: {
        strategy: 'Webhook',
        webhook: { conversionReviewVersions: ['v1'], clientConfig: { service, ...(caBundle && { caBundle }) } },
      },
    },
  };
}

const graph = (name: string): KubernetesObject => ({
  apiVersion: 'nvidia.com/v1beta1',
  kind: 'DynamoGraphDeployment',
  metadata: { name, namespace: 'dynamo-system' },
  spec: { components: [{ name: 'Frontend', type: 'frontend' }] },
});

/** What an agent reads below the table, and what a program gets. */
async function status(as?: string) {
  const result = await lab.call('get_runtimes_status', {}, { as });
  const { runtimes, problems } = getRuntimesStatus.output.parse(dataOf(result));
  const [dynamo, kuberay] = runtimes;
  const text = result.ok ? result.text : '';
  return { dynamo, kuberay, problems, text, words: text.split('\n').slice(4) };
}

describe('an agent that asks about runtimes reads', () => {
  test('nothing but the table where all is well', async () => {
    await lab.apply(graph('one'), graph('two'), graph('three'));
    const { text } = await status();
    expect(text.replace(/context \S+, Kubernetes \S+/, '')).toMatch(
      /^\nRUNTIME .*\ndynamo +ready +1\.6\.1 .* 3\nkuberay +ready +1\.7\.0 .* 0$/,
    );
  });

  test('that CRDs were left behind, and how to install again', async () => {
    await lab.remove(kuberayOperator);
    const { kuberay, words } = await status();
    expect(kuberay).toMatchObject({ state: 'partial', installed: false, healthy: false, operator: null });
    expect(words).toEqual([
      'kuberay: The CRD rayservices.ray.io is there, but no KubeRay operator: nothing acts on RayService objects. An uninstallation leaves CRDs on purpose; if there was none, an installation is not finished. Install it: install_runtime {"runtime":"kuberay"}',
    ]);
  });

  test('that an operator is without its CRD', async () => {
    await lab.remove({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'rayservices.ray.io' },
    });
    const { kuberay, words } = await status();
    expect(kuberay).toMatchObject({ state: 'partial', installed: false, apiVersions: [], deployments: 0 });
    expect(words.join()).toContain(
      'kuberay-system/kuberay-operator (1.7.0) is there, but the CRD rayservices.ray.io is missing',
    );
  });

  test('that an operator is down, with the words of its Deployment', async () => {
    const message = 'Deployment does not have minimum availability.';
    await lab.setStatus(kuberayOperator, {
      readyReplicas: 0,
      availableReplicas: 0,
      conditions: [{ type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable', message }],
    });
    const { kuberay, words } = await status();
    expect(kuberay).toMatchObject({ state: 'unhealthy', installed: true, healthy: false });
    expect(words).toEqual([
      `kuberay: The operator kuberay-system/kuberay-operator (1.7.0) is not available, 0 of 1 replicas ready: ${message}`,
    ]);
  });

  test('that the cluster answers, but not to these credentials', async () => {
    lab.api.faults.add({ match: { path: /./ }, action: { kind: 'status', status: 401 } });
    const { text, problems } = await status();
    expect(text).toMatch(/, Kubernetes refuses our credentials$/m);
    expect(problems).toContainEqual(expect.objectContaining({ hint: expect.stringMatching(/^Log in to the cluster/) }));
  });

  test('that an upgrade of an operator is half done', async () => {
    await lab.setStatus(kuberayOperator, { updatedReplicas: 0 });
    const { kuberay, words } = await status();
    expect(kuberay).toMatchObject({ state: 'ready', healthy: true });
    expect(words).toEqual(['kuberay: An upgrade of its operator is not finished, 0 of 1 replicas updated.']);
  });

  test('that nobody acted on a new pod template yet', async () => {
    await lab.setStatus(kuberayOperator, { observedGeneration: 0 });
    expect((await status()).words.join()).toContain('An upgrade of its operator is not finished');
  });

  test('that the conversion webhook is down, and still counts the deployments', async () => {
    await lab.apply(convertingCrd('Y2E='), graph('one'));
    expect(await status()).toMatchObject({ dynamo: { state: 'ready', deployments: 1 }, words: [] });
    const failure =
      'conversion webhook for nvidia.com/v1beta1, Kind=DynamoGraphDeployment failed: Post "https://dynamo-webhook.dynamo-system.svc:443/convert?timeout=30s": connection refused';
    lab.api.faults.add({
      match: { path: /^\/apis\/nvidia\.com\/v1alpha1\/dynamographdeployments/ },
      action: { kind: 'status', status: 500, body: { kind: 'Status', apiVersion: 'v1', code: 500, message: failure } },
    });
    const { dynamo, words } = await status();
    expect(dynamo).toMatchObject({ state: 'unhealthy', installed: true, healthy: false, deployments: 1 });
    expect(words).toEqual([
      `dynamo: The conversion webhook of dynamographdeployments.nvidia.com is down: ${failure}. Until it answers only v1beta1 can be read, and writing may fail. kubectl --context kubefoundry-sandbox rollout restart deployment/${dynamoName} --namespace dynamo-system sets it up anew.`,
    ]);
  });

  test('that the conversion webhook does not answer, and still counts the deployments', async () => {
    await lab.apply(convertingCrd('Y2E='), graph('one'));
    lab.api.faults.add({
      match: { path: /^\/apis\/nvidia\.com\/v1alpha1\/dynamographdeployments/ },
      action: { kind: 'delay', milliseconds: 60_000 },
    });
    const { dynamo, words } = await status();
    expect(dynamo).toMatchObject({ state: 'unhealthy', installed: true, healthy: false, deployments: 1 });
    expect(words).toEqual([
      expect.stringContaining(
        'is down: conversion webhook for nvidia.com/v1alpha1 did not answer within 4.5 s. Until it answers only v1beta1 can be read',
      ),
    ]);
  });

  test('that the conversion webhook has no CA', async () => {
    await lab.apply(convertingCrd(undefined));
    expect(await status()).toMatchObject({
      dynamo: { state: 'unhealthy', healthy: false },
      words: [expect.stringContaining('has no CA bundle, so the API server cannot call it: only v1beta1 can be read')],
    });
  });

  test('which namespaces operators watch whose settings stand in a ConfigMap', async () => {
    await lab.remove(dynamoOperator);
    await lab.remove(kuberayOperator);
    const settings = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'op-config', namespace: 'dynamo-system' },
    };
    const volumes = [{ name: 'settings', configMap: { name: 'op-config' } }];
    const dynamo = byHand(
      'dynamo-system',
      'registry.local/mirror/ai-dynamo/kubernetes-operator@sha256:00',
      { volumes },
      {
        args: ['--config=/etc/dynamo-operator/config.yaml', '--operator-version=1.6.1'],
        volumeMounts: [{ name: 'settings', mountPath: '/etc/dynamo-operator' }],
      },
    );
    const kuberay = byHand(
      'kuberay-system',
      'registry.local/mirror/kuberay/operator@sha256:00',
      {},
      {
        args: ['--watch-namespace', 'a,b'],
      },
    );
    await lab.apply({ ...settings, data: { 'config.yaml': 'namespace:\n  restricted: team\n' } }, dynamo, kuberay);
    await lab.setStatus(dynamo, operatorStatus);
    await lab.setStatus(kuberay, operatorStatus);
    expect((await status()).words).toEqual([
      'dynamo: Its operator watches only team: a DynamoGraphDeployment elsewhere waits for ever.',
      'kuberay: Its operator watches only a, b: a RayService elsewhere waits for ever.',
    ]);
    const plan = await lab.call('plan_deployment', { name: 'chat', model: 'Qwen/Qwen3-0.6B', runtime: 'dynamo' });
    expect(dataOf(plan)).toMatchObject({ problems: [{ code: 'INVALID_FOR_RUNTIME', hint: 'Use namespace team.' }] });
  });

  test('that nobody knows, where operators may not be read', async () => {
    await lab.allow('guest', []);
    const { dynamo, kuberay, problems, words } = await status('guest');
    for (const runtime of [dynamo, kuberay])
      expect(runtime).toMatchObject({ state: 'unknown', installed: null, healthy: null, deployments: null });
    expect(problems.map(({ runtime, code }) => `${runtime} ${code}`)).toEqual([
      'dynamo FORBIDDEN',
      'kuberay FORBIDDEN',
    ]);
    expect(words[1]).toBe(
      'kuberay: The CRD rayservices.ray.io is there, but whether a KubeRay operator runs cannot be told.',
    );
    expect(words).toContainEqual(
      expect.stringMatching(/^! FORBIDDEN: Not allowed to list deployments\.apps in all namespaces\. Hint: /),
    );
  });
});

describe('asking about both runtimes', () => {
  const look = (group: string, resources: string) => ({
    apiGroups: [group],
    resources: resources.split(' '),
    verbs: ['get', 'list'],
  });

  beforeEach(() =>
    lab.allow('eva', [
      look('apiextensions.k8s.io', 'customresourcedefinitions'),
      look('apps', 'deployments'),
      look('nvidia.com', 'dynamographdeployments'),
      look('ray.io', 'rayservices'),
    ]),
  );
  const asked = () => lab.api.requests.filter(({ user }) => user === 'eva').map(({ path }) => path);

  test('costs eight requests, those that count the deployments included, and no right to read nodes', async () => {
    await lab.apply(convertingCrd('Y2E='), graph('one'), graph('two'));
    expect(await status('eva')).toMatchObject({ dynamo: { deployments: 2 }, problems: [], words: [] });
    expect(asked()).toHaveLength(8);
    expect(asked().filter((path) => path.endsWith('/customresourcedefinitions/rayservices.ray.io'))).toHaveLength(1);
  });

  test('costs eight requests however many Kubernetes Deployments of others there are', async () => {
    const web = { replicas: 0, selector: { matchLabels: { app: 'web' } } };
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } };
    for (let index = 0; index < 600; index += 1) {
      await lab.apply(workload('default', `web-${index}`, { ...web, template }));
    }
    expect(await status('eva')).toMatchObject({ dynamo: { state: 'ready' }, kuberay: { state: 'ready' } });
    expect(asked()).toHaveLength(8);
  });

  test('costs one more for each operator of which only a ConfigMap tells what it watches', async () => {
    await lab.allow('settings-reader', [
      look('apiextensions.k8s.io', 'customresourcedefinitions'),
      look('apps', 'deployments'),
      look('', 'configmaps'),
      look('nvidia.com', 'dynamographdeployments'),
      look('ray.io', 'rayservices'),
    ]);
    const settled = (where: string, image: string, folder: string) =>
      byHand(
        where,
        image,
        { volumes: [{ name: 'settings', configMap: { name: 'settings' } }] },
        {
          args: [`--config=${folder}/config.yaml`],
          volumeMounts: [{ name: 'settings', mountPath: folder }],
        },
      );
    await lab.remove(dynamoOperator);
    await lab.remove(kuberayOperator);
    await lab.apply(
      settled('dynamo-system', 'nvcr.io/nvidia/ai-dynamo/kubernetes-operator:1.6.1', '/etc/dynamo-operator'),
      settled('kuberay-system', 'quay.io/kuberay/operator:v1.7.0', '/etc/kuberay'),
    );
    await status('settings-reader');
    const paths = lab.api.requests.filter(({ user }) => user === 'settings-reader').map(({ path }) => path);
    expect(paths.filter((path) => path.includes('/configmaps/'))).toHaveLength(2);
    expect(paths).toHaveLength(8 + 2);
  });

  test('again costs no more, and tells what is so now', async () => {
    await status('eva');
    lab.api.clearRequests();
    await lab.remove(kuberayOperator);
    expect(await status('eva')).toMatchObject({ kuberay: { state: 'partial' } });
    expect(asked().length).toBeLessThanOrEqual(8);
  });
});

describe('a deployment that is there while its operator', () => {
  const chat: KubernetesObject = {
    apiVersion: 'ray.io/v1',
    kind: 'RayService',
    metadata: { name: 'chat', namespace: 'kuberay-system' },
    spec: {
      suspend: true,
      serveConfigV2:
        'applications: [{ name: llms, import_path: ray.serve.llm:build_openai_app, args: { llm_configs: [{ model_loading_config: { model_id: m }, deployment_config: { num_replicas: 1 } }] } }]',
      rayClusterConfig: { headGroupSpec: { template: { spec: { containers: [{ name: 'head', image: 'ray' }] } } } },
    },
  };
  const said = async (tool: string, input: object = {}) => {
    const result = await lab.call(tool, { ...chat.metadata, ...input });
    return result.ok ? result.text : `${result.error.code}: ${result.error.message} ${result.error.hint}`;
  };
  beforeEach(() => lab.apply(chat));

  test('works: nothing is wrong', async () => {
    expect(await said('diagnose_deployment')).toContain('Nothing is wrong: no replica is asked for');
  });

  test('is down: every change is warned, and the diagnosis tells', async () => {
    await lab.setStatus(kuberayOperator, { ...operatorStatus, readyReplicas: 0, availableReplicas: 0 });
    expect(await said('scale_deployment', { replicas: 0, unmanaged: true })).toMatch(
      /kuberay-operator .*is not available/,
    );
    expect(await said('diagnose_deployment')).toContain('1. OPERATOR_DOWN: The KubeRay operator is down');
  });

  test('is gone: no change is begun that nobody would carry out, and the diagnosis tells', async () => {
    await lab.remove(kuberayOperator);
    for (const [tool, input] of [
      ['scale_deployment', { replicas: 2 }],
      ['restart_deployment', {}],
    ] as const) {
      expect(await said(tool, { ...input, unmanaged: true })).toMatch(
        /^RUNTIME_NOT_INSTALLED: .*install_runtime \{"runtime":"kuberay"\}$/,
      );
    }
    const diagnosis = await said('diagnose_deployment');
    expect(diagnosis).toContain('1. OPERATOR_MISSING: No KubeRay operator runs: nothing acts on it.');
    expect(diagnosis).not.toContain('Nothing is wrong');
  });

  test('is gone: a deletion that hangs says so, and what can be done', async () => {
    await lab.apply({ ...chat, metadata: { ...chat.metadata, finalizers: ['ray.io/held'] } });
    await lab.remove(kuberayOperator);
    const text = await said('delete_deployment', { unmanaged: true });
    expect(text).toContain('asked to delete kuberay-system/chat (kuberay)');
    expect(text).toMatch(
      /It hangs: its finalizer ray\.io\/held waits for the operator.* What can be done: diagnose_deployment \{"name":"chat"/,
    );
  });
});
