import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { type KubernetesObject, valueAt } from '../../../src/kubernetes.ts';
import { graph, namespace, rayService } from '../../../src/sandbox/scenarios/manifests.ts';
import { diagnoseDeployment } from '../../../src/tools/diagnose-deployment.ts';
import { tools } from '../../../src/tools/registry.ts';
import { dataOf, type Lab, operatorStatus, startLab } from '../../support/lab.ts';
import { startWorkbench, type Workbench } from '../../support/sandbox.ts';

const model = 'Qwen/Qwen3-0.6B';
const ours = { namespace: 'dynamo-system', model, managed: true } as const;

describe('where the cluster is full, broken or closed', () => {
  let bench: Workbench;
  let cluster: Cluster;
  beforeAll(async () => {
    bench = await startWorkbench({ scenario: 'dynamo', speed: Number.POSITIVE_INFINITY });
    ({ cluster } = await bench.foundry.site(undefined));
  });
  afterAll(() => bench.stop());

  const dynamo = { group: 'nvidia.com', kind: 'DynamoGraphDeployment' };
  const nodes = { group: '', kind: 'Node' };
  const apply = async (object: KubernetesObject) => {
    await cluster.apply(object, { force: true });
    await bench.sandbox.settled();
  };
  const remove = async (name: string) => {
    await cluster.delete(dynamo, { name, namespace: ours.namespace });
    await bench.sandbox.settled();
  };
  const onNodes = async (spec: unknown) => {
    for (const { metadata } of await cluster.list(nodes)) await cluster.patch(nodes, metadata, { spec });
    await bench.sandbox.settled();
  };
  const diagnosed = async (name: string) => {
    const { findings, waiting, deployment } = await bench.data(diagnoseDeployment, { name });
    return { codes: findings.map(({ code }) => code), findings, waiting, phase: deployment.phase };
  };
  /** Makes the tool call that a finding proposes. */
  const follow = async (fix: string | undefined) => {
    const [, name, input] = /^(\w+) (\{.*\})$/.exec(fix ?? '') ?? [];
    const tool = tools.find((candidate) => candidate.name === name);
    if (!tool || !input) throw new Error(`no call of a tool: ${fix}`);
    const result = await bench.call(tool, JSON.parse(input));
    if (!result.ok) throw new Error(result.error.message);
    await bench.sandbox.settled();
  };

  test('GPUs that others hold are counted, and what is free is proposed', async () => {
    await apply(graph({ ...ours, name: 'holder', gpus: 8 }));
    await apply(graph({ ...ours, name: 'late', gpus: 8 }));
    const { findings } = await diagnosed('late');
    expect(findings[0]).toMatchObject({
      code: 'GPUS_IN_USE',
      title: 'A pod asks for 8 GPUs on one node: 8 of 13 are in use, and the largest free block is 4.',
      evidence: { line: '3 of 3 nodes: Insufficient nvidia.com/gpu' },
    });
    await follow(findings[0]?.fix);
    expect(await diagnosed('late')).toMatchObject({ phase: 'Running', codes: [], waiting: null });
    await remove('holder');
    await remove('late');
  });

  test('nodes that are slow to be told take nothing but their numbers with them', async () => {
    await apply(graph({ ...ours, name: 'huge', gpus: 16 }));
    bench.sandbox.api.faults.add({
      match: { path: /\/nodes/, user: 'kubernetes-admin' },
      action: { kind: 'delay', milliseconds: 60_000 },
    });
    const { findings, unread } = await bench.data(diagnoseDeployment, { name: 'huge' });
    bench.sandbox.api.faults.clear();
    expect(findings.map(({ code }) => code)).toEqual(['GPUS_TOO_MANY']);
    expect(unread).toEqual([expect.stringMatching(/did not answer within 5 s/)]);
    await remove('huge');
  });

  test('more GPUs than any node has are told apart, and following the fix cures it', async () => {
    await apply(graph({ ...ours, name: 'huge', gpus: 16 }));
    const { findings } = await diagnosed('huge');
    expect(findings.map(({ code, title }) => ({ code, title }))).toEqual([
      { code: 'GPUS_TOO_MANY', title: 'A pod asks for 16 GPUs on one node, and the largest node has 8.' },
    ]);
    await follow(findings[0]?.fix);
    expect(await diagnosed('huge')).toMatchObject({ phase: 'Running', codes: [] });
    await remove('huge');
  });

  test('cordoned and tainted nodes, and none with GPUs, are three causes of one symptom', async () => {
    await onNodes({ unschedulable: true });
    await apply(graph({ ...ours, name: 'shut', gpus: 1 }));
    expect(await diagnosed('shut')).toMatchObject({ phase: 'Pending', codes: ['NODE_CORDONED'] });
    await onNodes({ unschedulable: null, taints: [{ key: 'team', value: 'a', effect: 'NoSchedule' }] });
    expect(await diagnosed('shut')).toMatchObject({ phase: 'Pending', codes: ['NODE_TAINTED'] });
    await onNodes({ taints: null });
    expect(await diagnosed('shut')).toMatchObject({ phase: 'Running', codes: [] });
    await remove('shut');
    const all = await cluster.list(nodes);
    const gpus = (count: string | undefined) => ({ status: { allocatable: { 'nvidia.com/gpu': count ?? null } } });
    for (const { metadata } of all) await cluster.patch(nodes, metadata, gpus('0'), { subresource: 'status' });
    await apply(graph({ ...ours, name: 'bare', gpus: 1 }));
    expect(await diagnosed('bare')).toMatchObject({ phase: 'Pending', codes: ['GPUS_NONE'] });
    for (const { metadata } of all) await cluster.patch(nodes, metadata, gpus('4'), { subresource: 'status' });
    await bench.sandbox.settled();
    expect(await diagnosed('bare')).toMatchObject({ phase: 'Running' });
    await remove('bare');
  });

  test('an image that does not exist is cured by the fix, and an update to one is stuck', async () => {
    await apply(graph({ ...ours, name: 'typo', tag: 'does-not-exist' }));
    const { findings } = await diagnosed('typo');
    expect(findings.map(({ code }) => code)).toEqual(['IMAGE_NOT_FOUND']);
    await follow(findings[0]?.fix);
    expect(await diagnosed('typo')).toMatchObject({ phase: 'Running', codes: [] });
    await apply(graph({ ...ours, name: 'typo', tag: 'does-not-exist' }));
    expect(await diagnosed('typo')).toMatchObject({ phase: 'Degraded', codes: ['IMAGE_NOT_FOUND', 'UPGRADE_STUCK'] });
    await remove('typo');
  });

  test('a Secret that comes after all lets the pod start', async () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'hf-token', namespace: ours.namespace } };
    await bench.call(tools.find(({ name }) => name === 'deploy_model') ?? diagnoseDeployment, {
      name: 'private',
      model,
      runtime: 'dynamo',
      hfTokenSecret: 'hf-token',
    });
    await bench.sandbox.settled();
    const { findings } = await diagnosed('private');
    expect(findings[0]).toMatchObject({
      code: 'SECRET_MISSING',
      fix: 'kubectl --context kubefoundry-sandbox create secret generic hf-token -n dynamo-system --from-literal=HF_TOKEN=<value>',
    });
    await apply({ ...secret, data: { HF_TOKEN: 'eA==' } });
    expect(await diagnosed('private')).toMatchObject({ phase: 'Running', codes: [] });
    await remove('private');
  });

  test('a finalizer that nobody takes away holds a deletion', async () => {
    await apply(graph({ ...ours, name: 'held', finalizers: ['example.com/backup'] }));
    await remove('held');
    const { findings, phase } = await diagnosed('held');
    expect({ phase, code: findings[0]?.code, line: findings[0]?.evidence.line }).toEqual({
      phase: 'Deleting',
      code: 'DELETION_HELD',
      line: expect.stringContaining('example.com/backup'),
    });
    expect(findings[0]?.title).toMatch(/takes away its finalizer example\.com\/backup\. The fix skips/);
  });
});

describe('where the operator does not act', () => {
  let lab: Lab;
  /** Milliseconds that the program's clock is ahead of the cluster's. */
  let later: number;
  beforeEach(async () => {
    later = 0;
    lab = await startLab({ now: () => new Date(Date.now() + later) });
    await lab.apply(namespace('team'));
  });
  afterEach(() => lab.stop());

  const operator: KubernetesObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'kuberay-operator', namespace: 'kuberay-system' },
  };
  const service = rayService({ name: 'chat', namespace: 'team', model, managed: true });
  const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
  const cluster: KubernetesObject = {
    apiVersion: 'ray.io/v1',
    kind: 'RayCluster',
    metadata: {
      name: 'chat-abcde',
      namespace: 'team',
      labels: { 'ray.io/originated-from-crd': 'RayService', 'ray.io/originated-from-cr-name': 'chat' },
    },
    spec: service.spec === undefined ? {} : Reflect.get(Object(service.spec), 'rayClusterConfig'),
  };
  const pod = (role: string): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `chat-abcde-${role}`,
      namespace: 'team',
      labels: {
        'ray.io/cluster': 'chat-abcde',
        'ray.io/node-type': role,
        'ray.io/group': role === 'head' ? 'headgroup' : 'gpu',
        'ray.io/serve': 'true',
      },
    },
    spec: { nodeName: 'gpu-1', containers: [{ name: 'ray', image: 'rayproject/ray-llm:2.58.0-py312-cu130' }] },
  });
  /** A pod that has run for an hour. */
  const running = (ready: boolean, since = hourAgo) => ({
    phase: 'Running',
    conditions: [
      { type: 'PodScheduled', status: 'True' },
      { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: since },
    ],
    containerStatuses: [
      { name: 'ray', image: 'x', imageID: 'x', ready, restartCount: 0, state: { running: { startedAt: since } } },
    ],
  });
  const status = (ready: string, side: string) => ({
    observedGeneration: 1,
    numServeEndpoints: ready === 'True' ? 1 : 0,
    conditions: [{ type: 'Ready', status: ready, reason: 'x', message: 'x', lastTransitionTime: hourAgo }],
    [side]: { rayClusterName: 'chat-abcde' },
  });
  const diagnosed = async () => {
    const result = await lab.call('diagnose_deployment', { name: 'chat' });
    return diagnoseDeployment.output.parse(dataOf(result));
  };

  test('it waits for the operator as long as that is normal, told in ten requests of a client that knows nothing yet', async () => {
    await lab.apply(service);
    lab.api.clearRequests();
    const { findings, waiting } = await diagnosed();
    expect(lab.api.requests.length).toBeLessThanOrEqual(10);
    expect(findings).toEqual([]);
    expect(waiting).toMatchObject({ code: 'OPERATOR_ACTS', normal: 30 });
  });

  test('an operator that is down, one that is gone, and one that looks elsewhere are three causes', async () => {
    await lab.apply(service);
    await lab.setStatus(operator, { ...operatorStatus, readyReplicas: 0, availableReplicas: 0 });
    expect((await diagnosed()).findings[0]).toMatchObject({
      code: 'OPERATOR_DOWN',
      fix: 'kubectl --context kubefoundry-sandbox rollout restart deployment/kuberay-operator -n kuberay-system',
    });
    await lab.remove(operator);
    expect((await diagnosed()).findings[0]).toMatchObject({
      code: 'OPERATOR_MISSING',
      fix: 'install_runtime {"runtime":"kuberay"}',
    });
    const selector = { 'app.kubernetes.io/name': 'kuberay-operator' };
    const elsewhere: KubernetesObject = {
      ...operator,
      metadata: { ...operator.metadata, labels: { ...selector, 'helm.sh/chart': 'kuberay-operator-1.7.0' } },
      spec: {
        replicas: 1,
        selector: { matchLabels: selector },
        template: {
          metadata: { labels: selector },
          spec: {
            containers: [
              { name: 'manager', image: 'quay.io/kuberay/operator:v1.7.0', args: ['--watch-namespace=elsewhere'] },
            ],
          },
        },
      },
    };
    await lab.apply(elsewhere);
    await lab.setStatus(elsewhere, operatorStatus);
    expect((await diagnosed()).findings[0]).toMatchObject({ code: 'NAMESPACE_NOT_WATCHED' });
  });

  test('a conversion webhook that is down hides the parts, and is told', async () => {
    await lab.apply(graph({ name: 'chat', namespace: 'team', model, managed: true }));
    const message =
      'conversion webhook for nvidia.com/v1alpha1, Kind=DynamoComponentDeployment failed: Post "https://dynamo-webhook.dynamo-system.svc:443/convert?timeout=30s": connection refused';
    lab.api.faults.add({
      match: { path: /dynamocomponentdeployments/ },
      action: { kind: 'status', status: 500, body: { kind: 'Status', apiVersion: 'v1', code: 500, message } },
    });
    expect((await diagnosed()).findings[0]).toMatchObject({ code: 'CONVERSION_DOWN' });
  });

  test('a model that loads for an hour loads too long, and a head that is lost is told', async () => {
    await lab.apply(service);
    const [head, worker] = [pod('head'), pod('worker')];
    await lab.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'team' } });
    await lab.apply(cluster, head, worker);
    await lab.setStatus(head, running(true));
    await lab.setStatus(worker, running(false));
    await lab.setStatus(service, status('False', 'pendingServiceStatus'));
    expect((await diagnosed()).findings[0]).toMatchObject({
      code: 'LOADING_TOO_LONG',
      title: 'Its model loads longer than any should: 60m so far.',
    });
    await lab.setStatus(head, running(false));
    await lab.setStatus(worker, running(true));
    await lab.setStatus(service, { ...status('True', 'activeServiceStatus'), pendingServiceStatus: null });
    expect((await diagnosed()).findings.map(({ code }) => code)).toEqual(['HEAD_LOST']);
  });

  test('pods that are ready are noticed within a minute, or the operator is silent', async () => {
    await lab.apply(service);
    const [head, worker] = [pod('head'), pod('worker')];
    await lab.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'team' } });
    await lab.apply(cluster, head, worker);
    for (const one of [head, worker]) await lab.setStatus(one, running(true, new Date().toISOString()));
    await lab.setStatus(service, status('False', 'pendingServiceStatus'));
    expect(await diagnosed()).toMatchObject({
      findings: [],
      waiting: { code: 'OPERATOR_NOTICES', since: expect.any(Number), normal: 60 },
    });
    for (const one of [head, worker]) await lab.setStatus(one, running(true));
    expect(await diagnosed()).toMatchObject({
      findings: [
        {
          code: 'OPERATOR_SILENT',
          title: 'Its operator runs and has not noticed that its pods are ready: 60m so far.',
          fix: 'kubectl --context kubefoundry-sandbox logs deployment/kuberay-operator -n kuberay-system --tail 50',
        },
      ],
      waiting: null,
    });
    const application = { rayClusterName: 'chat-abcde', applicationStatuses: { llms: { status: 'DEPLOYING' } } };
    await lab.setStatus(service, { pendingServiceStatus: application });
    for (const one of [head, worker]) await lab.setStatus(one, running(true, new Date().toISOString()));
    expect(await diagnosed()).toMatchObject({ findings: [], waiting: { code: 'MODEL_LOADS', normal: 1800 } });
    await lab.setStatus(operator, { ...operatorStatus, readyReplicas: 0, availableReplicas: 0 });
    expect((await diagnosed()).findings[0]).toMatchObject({ code: 'OPERATOR_DOWN' });
  });

  test('pods that are missing are waited for since the last change, and no longer than is normal', async () => {
    const two = rayService({ name: 'chat', namespace: 'team', model, managed: true, replicas: 2 });
    const grown: KubernetesObject = { ...cluster, spec: valueAt(two, 'spec', 'rayClusterConfig') };
    await lab.apply(two);
    const [head, worker] = [pod('head'), pod('worker')];
    await lab.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'team' } });
    await lab.apply(grown, head, worker);
    for (const one of [head, worker]) await lab.setStatus(one, running(true));
    await lab.setStatus(two, status('True', 'activeServiceStatus'));
    expect(await diagnosed()).toMatchObject({
      findings: [],
      waiting: { code: 'PODS_APPEAR', what: 'more pods to be made: 1 of 2 worker replicas are ready' },
    });
    later = 600_000;
    expect((await diagnosed()).findings[0]).toMatchObject({
      code: 'OPERATOR_SILENT',
      title: 'Its operator runs and has not made all of its pods: 10m so far.',
    });
  });
});
