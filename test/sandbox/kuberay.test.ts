import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { FoundryError } from '../../src/errors.ts';
import { conditionOf, type KubernetesObject, listAt, textAt, valueAt } from '../../src/kubernetes.ts';
import { rayService, type Wanted } from '../../src/sandbox/scenarios/manifests.ts';
import { kinds, type Lab, openLab, withoutSuffix } from './lab.ts';

const namespace = 'kuberay-system';
const qwen = { name: 'qwen', namespace, model: 'Qwen/Qwen2.5-7B-Instruct', managed: true } as const;
const at = { namespace, name: 'qwen' };

/** The RayService with another spec field. */
const withSpec = (wanted: Wanted, spec: Readonly<Record<string, unknown>>): KubernetesObject => {
  const service = rayService(wanted);
  return { ...service, spec: { ...Object(service.spec), ...spec } };
};

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ scenario: 'kuberay' });
});
afterEach(() => lab.clear());
afterAll(() => lab.close());

describe('the simulated KubeRay operator', () => {
  it('makes of a RayService what the real one makes, and brings it to life', async () => {
    await lab.cluster.apply(rayService(qwen));
    await lab.sandbox.settled();

    const service = await lab.get('rayService', namespace, 'qwen');
    const cluster = textAt(service, 'status', 'activeServiceStatus', 'rayClusterName') ?? '';
    expect(cluster).toMatch(/^qwen-[a-z0-9]{5}$/);
    expect(service.status).toMatchObject({
      activeServiceStatus: {
        applicationStatuses: {
          llms: {
            status: 'RUNNING',
            serveDeploymentStatuses: {
              'LLMServer:Qwen--Qwen2_5-7B-Instruct': { status: 'HEALTHY' },
              OpenAiIngress: { status: 'HEALTHY' },
            },
          },
        },
      },
      pendingServiceStatus: { rayClusterStatus: { desiredCPU: '0', desiredGPU: '0', desiredMemory: '0', head: {} } },
      numServeEndpoints: 1,
      serviceStatus: 'Running',
      observedGeneration: 1,
    });
    expect(conditionOf(service, 'Ready')).toMatchObject({ status: 'True', reason: 'NonZeroServeEndpoints' });
    expect(conditionOf(service, 'UpgradeInProgress')).toMatchObject({ status: 'False', reason: 'NoPendingCluster' });

    const ray = await lab.get('rayCluster', namespace, cluster);
    expect(ray.metadata.labels).toMatchObject({
      'app.kubernetes.io/managed-by': 'kubefoundry',
      'ray.io/originated-from-cr-name': 'qwen',
      'ray.io/originated-from-crd': 'RayService',
    });
    expect(ray.status).toMatchObject({
      state: 'ready',
      desiredCPU: '10',
      desiredGPU: '1',
      desiredMemory: '40Gi',
      readyWorkerReplicas: 1,
      endpoints: { client: '10001', dashboard: '8265', 'gcs-server': '6379', metrics: '8080', serve: '8000' },
      head: { serviceName: `${cluster}-head-svc` },
    });
    expect(await lab.names('service', namespace)).toEqual(
      [`${cluster}-head-svc`, 'qwen-head-svc', 'qwen-serve-svc'].sort(),
    );
    expect(withoutSuffix((await lab.names('pod', namespace)).filter((name) => name.startsWith('qwen')))).toEqual([
      `${cluster}-gpu-worker-*`,
      `${cluster}-head-*`,
    ]);
    const [worker] = (await lab.list('pod', namespace)).filter((pod) => pod.metadata.name.includes('worker'));
    expect(worker?.metadata.labels).toMatchObject({
      'ray.io/cluster': cluster,
      'ray.io/group': 'gpu',
      'ray.io/node-type': 'worker',
      'ray.io/serve': 'true',
      'app.kubernetes.io/created-by': 'kuberay-operator',
    });
    expect(textAt(worker, 'status', 'initContainerStatuses', 0, 'state', 'terminated', 'reason')).toBe('Completed');
    expect(await lab.events(service)).toEqual(
      [
        `CreatedRayCluster: Created the RayCluster ${namespace}/${cluster}`,
        `UpdatedServeApplications: Updated serve applications to the RayCluster ${namespace}/${cluster}`,
        `CreatedService: Created the service ${namespace}/qwen-head-svc`,
        `CreatedService: Created the service ${namespace}/qwen-serve-svc`,
      ].sort(),
    );
  });

  it('keeps a first deployment under pending until its application runs', async () => {
    const lab = await openLab({ scenario: 'kuberay', speed: 40 });
    onTestFinished(() => lab.close());
    const seen: string[] = [];
    const live = lab.cluster.live(kinds.rayService, { namespace }, (service) => {
      const side = (name: string) => textAt(service, 'status', `${name}ServiceStatus`, 'rayClusterName') ?? '';
      const application = textAt(service, 'status', 'pendingServiceStatus', 'applicationStatuses', 'llms', 'status');
      const state = [side('pending') && 'pending', side('active') && 'active', application].filter(Boolean).join(' ');
      if (seen.at(-1) !== state) seen.push(state);
      return state;
    });
    const stop = live.subscribe(() => {});
    await lab.cluster.apply(rayService(qwen));
    expect((await lab.phases('qwen', 'Running', 'Failed', 'Degraded')).at(-1)).toBe('Running');
    stop();
    expect(seen).toEqual(['', 'pending', 'pending DEPLOYING', 'active']);
  });

  it('owns the worker groups of a manifest that lacks what Go types add, so that the next apply conflicts', async () => {
    const bare = rayService({ ...qwen, managed: false });
    await lab.cluster.apply(bare);
    await lab.sandbox.settled();
    const again: unknown = await lab.cluster.apply(bare).catch((error: unknown) => error);
    expect(again).toBeInstanceOf(FoundryError);
    expect(again).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('kuberay-operator') });

    const complete = rayService({ ...qwen, name: 'complete' });
    await lab.cluster.apply(complete);
    await lab.sandbox.settled();
    expect((await lab.cluster.apply(complete)).metadata.generation).toBe(1);
  });

  it('refuses by condition and event what admission let through', async () => {
    await lab.cluster.apply(withSpec(qwen, { upgradeStrategy: { type: 'RollingUpdate' } }));
    await lab.sandbox.settled();
    const refused = await lab.get('rayService', namespace, 'qwen');
    expect(conditionOf(refused, 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ValidationFailed',
      message: expect.stringContaining('Spec.UpgradeStrategy.Type value RollingUpdate is invalid'),
    });
    expect(valueAt(refused, 'status', 'observedGeneration')).toBeUndefined();
    expect(await lab.names('rayCluster', namespace)).toEqual([]);
    expect((await lab.events(refused)).join()).toMatch(/^InvalidRayServiceSpec: /);
    expect(await lab.deployment('qwen')).toMatchObject({ phase: 'Failed' });

    await lab.cluster.apply(rayService(qwen));
    await lab.sandbox.settled();
    const mended = await lab.get('rayService', namespace, 'qwen');
    expect(conditionOf(mended, 'Ready')).toMatchObject({ status: 'True', reason: 'NonZeroServeEndpoints' });
  });

  it('says of a serveConfigV2 that is no YAML nothing but an event', async () => {
    await lab.cluster.apply(withSpec(qwen, { serveConfigV2: 'applications: [llms' }));
    await lab.sandbox.settled();
    const silent = await lab.get('rayService', namespace, 'qwen');
    expect((await lab.events(silent)).join()).toContain('FailedToUpdateServeApplications: ');
    expect(conditionOf(silent, 'Ready')?.reason).toBe('Initializing');
    expect(await lab.deployment('qwen')).toMatchObject({ phase: 'Failed' });
  });

  it('never gets anywhere without a port named dashboard, and says nothing', async () => {
    const service = rayService(qwen);
    const head = valueAt(service, 'spec', 'rayClusterConfig', 'headGroupSpec', 'template', 'spec', 'containers', 0);
    const ports = [{ name: 'serve', containerPort: 8000, protocol: 'TCP' }];
    const config = {
      ...Object(valueAt(service, 'spec', 'rayClusterConfig')),
      headGroupSpec: {
        rayStartParams: {},
        template: { metadata: {}, spec: { containers: [{ ...Object(head), ports }] } },
      },
    };
    await lab.cluster.apply(withSpec(qwen, { rayClusterConfig: config }));
    await lab.sandbox.settled();
    const stuck = await lab.get('rayService', namespace, 'qwen');
    expect(listAt(stuck, 'status', 'conditions').map((condition) => textAt(condition, 'reason'))).toEqual([
      'Initializing',
      'Initializing',
    ]);
    const [cluster] = await lab.list('rayCluster', namespace);
    expect(conditionOf(cluster ?? stuck, 'HeadPodReady')?.status).toBe('True');
  });

  it('upgrades over a second cluster while the first one serves', async () => {
    await lab.cluster.apply(rayService(qwen));
    await lab.sandbox.settled();
    const first = textAt(
      await lab.get('rayService', namespace, 'qwen'),
      'status',
      'activeServiceStatus',
      'rayClusterName',
    );
    const stuck = lab.fail('qwen', 'not-ready');
    await lab.cluster.apply(rayService({ ...qwen, tag: '2.59.0-py312-cu130' }));
    await lab.sandbox.settled();
    const during = await lab.get('rayService', namespace, 'qwen');
    expect(conditionOf(during, 'UpgradeInProgress')).toMatchObject({
      status: 'True',
      reason: 'BothActivePendingClustersExist',
    });
    expect(textAt(during, 'status', 'activeServiceStatus', 'rayClusterName')).toBe(first);
    expect(valueAt(during, 'status', 'activeServiceStatus', 'applicationStatuses')).toBeUndefined();

    stuck();
    await lab.sandbox.settled();
    const after = await lab.get('rayService', namespace, 'qwen');
    expect(conditionOf(after, 'UpgradeInProgress')?.reason).toBe('NoPendingCluster');
    const second = textAt(after, 'status', 'activeServiceStatus', 'rayClusterName');
    expect(second).not.toBe(first);
    const serve = await lab.get('service', namespace, 'qwen-serve-svc');
    expect(valueAt(serve, 'spec', 'selector')).toEqual({ 'ray.io/cluster': second, 'ray.io/serve': 'true' });
  });

  it('changes an application in place when only serveConfigV2 changes', async () => {
    const service = rayService(qwen);
    await lab.cluster.apply(service);
    await lab.sandbox.settled();
    const clusters = await lab.names('rayCluster', namespace);
    const text = textAt(service, 'spec', 'serveConfigV2') ?? '';
    await lab.cluster.apply(withSpec(qwen, { serveConfigV2: `${text}# edited\n` }));
    await lab.sandbox.settled();
    expect(await lab.names('rayCluster', namespace)).toEqual(clusters);
    expect(await lab.deployment('qwen')).toMatchObject({ phase: 'Running', upgrading: false });
  });

  it('ignores replicas edited in the RayService, and follows those of the RayCluster', async () => {
    await lab.cluster.apply(rayService(qwen));
    await lab.sandbox.settled();
    const [cluster] = await lab.list('rayCluster', namespace);
    const groups = listAt(cluster, 'spec', 'workerGroupSpecs').map((group) => ({
      ...Object(group),
      replicas: 2,
      maxReplicas: 2,
    }));
    const workers = async () => (await lab.names('pod', namespace)).filter((name) => name.includes('worker')).length;
    await lab.cluster.patch(kinds.rayService, at, { spec: { rayClusterConfig: { workerGroupSpecs: groups } } });
    await lab.sandbox.settled();
    expect(await workers()).toBe(1);
    const place = { namespace, name: cluster?.metadata.name ?? '' };
    await lab.cluster.patch(kinds.rayCluster, place, { spec: { workerGroupSpecs: groups } });
    await lab.sandbox.settled();
    expect(await workers()).toBe(2);
  });

  it('suspends and resumes, as 1.7 can', async () => {
    await lab.cluster.apply(rayService(qwen));
    await lab.sandbox.settled();
    await lab.cluster.patch(kinds.rayService, at, { spec: { suspend: true } });
    await lab.sandbox.settled();
    const asleep = await lab.get('rayService', namespace, 'qwen');
    expect(conditionOf(asleep, 'Suspended')).toMatchObject({ status: 'True', reason: 'SuspendComplete' });
    expect(conditionOf(asleep, 'Ready')).toMatchObject({ status: 'False', reason: 'SuspendComplete' });
    expect(await lab.names('rayCluster', namespace)).toEqual([]);
    expect(await lab.names('service', namespace)).toEqual([]);
    expect(await lab.deployment('qwen')).toMatchObject({ phase: 'Suspended' });

    await lab.cluster.patch(kinds.rayService, at, { spec: { suspend: false } });
    await lab.sandbox.settled();
    const awake = await lab.get('rayService', namespace, 'qwen');
    expect(conditionOf(awake, 'Suspended')).toMatchObject({ status: 'False', reason: 'RayServiceResumed' });
    expect(await lab.deployment('qwen')).toMatchObject({ phase: 'Running' });
  });

  it('lets go of a deleted RayService, and nothing of it is left', async () => {
    await lab.cluster.apply(rayService(qwen));
    await lab.sandbox.settled();
    expect((await lab.get('rayService', namespace, 'qwen')).metadata.finalizers).toEqual([
      'ray.io/rayservice-finalizer',
    ]);
    await lab.cluster.delete(kinds.rayService, at);
    await lab.sandbox.settled();
    for (const kind of ['rayService', 'rayCluster', 'service', 'slice'] as const) {
      expect(await lab.names(kind, namespace)).toEqual([]);
    }
    expect((await lab.names('pod', namespace)).filter((name) => name.startsWith('qwen'))).toEqual([]);
  });
});
