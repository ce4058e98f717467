import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { conditionOf, listAt, textAt, valueAt } from '../../src/kubernetes.ts';
import { graph, oldGraph } from '../../src/sandbox/scenarios/manifests.ts';
import { kinds, type Lab, openLab } from './lab.ts';

const namespace = 'dynamo-system';
const qwen = { name: 'qwen', namespace, model: 'Qwen/Qwen3-0.6B', managed: true } as const;

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ scenario: 'dynamo' });
});
afterEach(() => lab.clear());
afterAll(() => lab.close());

describe('the simulated Dynamo operator', () => {
  it('restarts one component after the other, in the order of their names, without another worker hash', async () => {
    await lab.cluster.apply(graph(qwen));
    await lab.sandbox.settled();
    const before = await lab.get('graph', namespace, 'qwen');
    const restart = (id: string) => lab.cluster.patch(kinds.graph, before.metadata, { spec: { restart: { id } } });
    const stop = lab.fail('qwen', 'not-ready');
    await restart('first');
    await expect
      .poll(async () => (await lab.get('graph', namespace, 'qwen')).status, { timeout: 10_000 })
      .toMatchObject({ restart: { observedID: 'first', phase: 'Restarting', inProgress: ['Frontend'] } });
    stop();
    await expect
      .poll(async () => valueAt((await lab.get('graph', namespace, 'qwen')).status, 'restart'), { timeout: 10_000 })
      .toEqual({ observedID: 'first', phase: 'Completed' });
    await lab.sandbox.settled();
    const after = await lab.get('graph', namespace, 'qwen');
    expect(after.metadata.annotations).toEqual(before.metadata.annotations);
    const pods = (await lab.list('pod', namespace)).filter((pod) => pod.metadata.deletionTimestamp === undefined);
    const marks = pods.flatMap(({ metadata }) => metadata.annotations?.['nvidia.com/restartAt'] ?? []);
    expect(marks).toEqual(['first', 'first']);
  });

  it('makes of a graph what the real one makes, and brings it to life', async () => {
    await lab.cluster.apply(graph({ ...qwen, replicas: 2 }));
    await lab.sandbox.settled();

    const made = await lab.get('graph', namespace, 'qwen');
    const hash = made.metadata.annotations?.['nvidia.com/current-worker-hash-v2'] ?? '';
    expect(hash).toMatch(/^[0-9a-f]{8}$/);
    expect(made.metadata.finalizers).toEqual(['nvidia.com/finalizer']);
    expect(made.metadata.generation).toBe(1);
    expect(made.status).toMatchObject({
      state: 'successful',
      observedGeneration: 1,
      components: {
        Frontend: {
          componentKind: 'Deployment',
          componentNames: ['qwen-frontend'],
          replicas: 1,
          updatedReplicas: 1,
          readyReplicas: 1,
          availableReplicas: 1,
          runtimeNamespace: 'dynamo-system-qwen',
        },
        worker: {
          componentNames: [`qwen-worker-${hash}`],
          replicas: 2,
          runtimeNamespace: `dynamo-system-qwen-${hash}`,
        },
      },
    });
    expect(conditionOf(made, 'Ready')).toMatchObject({
      status: 'True',
      reason: 'all_resources_are_ready',
      message: 'All resources are ready',
      observedGeneration: 1,
    });

    const parts = ['qwen-frontend', `qwen-worker-${hash}`];
    expect(await lab.names('component', namespace)).toEqual(parts);
    expect(await lab.names('deployment', namespace)).toEqual(expect.arrayContaining(parts));
    expect(await lab.names('service', namespace)).toEqual(parts);
    const frontend = await lab.get('service', namespace, 'qwen-frontend');
    expect(frontend.spec).toMatchObject({
      selector: { 'nvidia.com/dynamo-component': 'Frontend', 'nvidia.com/dynamo-component-type': 'frontend' },
      ports: [{ name: 'http', port: 8000 }],
    });

    const pods = (await lab.list('pod', namespace)).filter((pod) => pod.metadata.name.startsWith('qwen-worker'));
    expect(pods).toHaveLength(2);
    for (const pod of pods) {
      expect(pod.metadata.labels).toMatchObject({
        'app.kubernetes.io/managed-by': 'kubefoundry',
        'nvidia.com/dynamo-graph-deployment-name': 'qwen',
        'nvidia.com/dynamo-component': 'worker',
        'nvidia.com/dynamo-component-type': 'worker',
        'nvidia.com/dynamo-worker-hash': hash,
        'nvidia.com/selector': `qwen-worker-${hash}`,
      });
      expect(textAt(pod, 'status', 'phase')).toBe('Running');
    }
  });

  it('owns pod by ReplicaSet by Deployment by component by graph', async () => {
    await lab.cluster.apply(graph(qwen));
    await lab.sandbox.settled();
    const chain: string[] = [];
    const [pod] = (await lab.list('pod', namespace)).filter((each) => each.metadata.name.startsWith('qwen-frontend'));
    let owner = pod?.metadata.ownerReferences?.[0];
    const next = {
      ReplicaSet: 'replicaSet',
      Deployment: 'deployment',
      DynamoComponentDeployment: 'component',
    } as const;
    while (owner !== undefined) {
      const { kind, name } = owner;
      chain.push(kind);
      if (kind !== 'ReplicaSet' && kind !== 'Deployment' && kind !== 'DynamoComponentDeployment') break;
      owner = (await lab.get(next[kind], namespace, name)).metadata.ownerReferences?.[0];
    }
    expect(chain).toEqual(['ReplicaSet', 'Deployment', 'DynamoComponentDeployment', 'DynamoGraphDeployment']);
  });

  it('takes its time: pending, then deploying, then running', async () => {
    const lab = await openLab({ scenario: 'dynamo', speed: 40 });
    onTestFinished(() => lab.close());
    await lab.cluster.apply(graph(qwen));
    const phases = await lab.phases('qwen', 'Running', 'Failed', 'Degraded');
    expect(phases.at(-1)).toBe('Running');
    expect(phases).toContain('Deploying');
    expect((await lab.deployment('qwen')).endpoint).toEqual({ service: 'qwen-frontend', namespace, port: 8000 });
  });

  it('scales to nothing and says successful all the same', async () => {
    await lab.cluster.apply(graph(qwen));
    await lab.sandbox.settled();
    await lab.cluster.apply(graph({ ...qwen, replicas: 0 }));
    await lab.sandbox.settled();
    const scaled = await lab.get('graph', namespace, 'qwen');
    expect(valueAt(scaled, 'status', 'components', 'worker')).toMatchObject({ replicas: 0, readyReplicas: 0 });
    expect(textAt(scaled, 'status', 'state')).toBe('successful');
    expect(await lab.deployment('qwen')).toMatchObject({ phase: 'Suspended' });
  });

  it('rolls an edit of the workers out under a second hash, and takes the first one away', async () => {
    await lab.cluster.apply(graph({ ...qwen, replicas: 2 }));
    await lab.sandbox.settled();
    const before = (await lab.get('graph', namespace, 'qwen')).metadata.annotations;
    await lab.cluster.apply(graph({ ...qwen, replicas: 2, tag: '1.6.2' }));
    await lab.sandbox.settled();
    const after = await lab.get('graph', namespace, 'qwen');
    const hash = after.metadata.annotations?.['nvidia.com/current-worker-hash-v2'];
    expect(hash).not.toBe(before?.['nvidia.com/current-worker-hash-v2']);
    expect(await lab.names('component', namespace)).toEqual(['qwen-frontend', `qwen-worker-${hash}`]);
    expect(valueAt(after, 'status', 'rollingUpdate')).toMatchObject({
      phase: 'Completed',
      updatedComponents: ['worker'],
    });
    expect(await lab.events(after)).toEqual(
      expect.arrayContaining([
        `RollingUpdateStarted: Starting rolling update to worker hash ${hash}`,
        `RollingUpdateCompleted: Rolling update completed, worker hash ${hash}`,
      ]),
    );
  });

  it('keeps the old workers serving while an update is stuck, and heals when the old manifest comes back', async () => {
    await lab.cluster.apply(graph(qwen));
    await lab.sandbox.settled();
    await lab.cluster.apply(graph({ ...qwen, tag: 'does-not-exist' }));
    await lab.sandbox.settled();
    const stuck = await lab.get('graph', namespace, 'qwen');
    expect(conditionOf(stuck, 'Ready')?.reason).toBe('rolling_update_in_progress');
    expect(valueAt(stuck, 'status', 'components', 'worker')).toMatchObject({
      replicas: 2,
      updatedReplicas: 1,
      readyReplicas: 1,
    });
    expect(await lab.deployment('qwen')).toMatchObject({ phase: 'Degraded', upgrading: true });

    await lab.cluster.apply(graph(qwen));
    await lab.sandbox.settled();
    expect(await lab.deployment('qwen')).toMatchObject({ phase: 'Running', upgrading: false });
  });

  it('makes prefill and decode of a disaggregated graph', async () => {
    await lab.cluster.apply(graph({ ...qwen, mode: 'disaggregated' }));
    await lab.sandbox.settled();
    const types = (await lab.list('pod', namespace)).map(
      (pod) => pod.metadata.labels?.['nvidia.com/dynamo-component-type'],
    );
    expect(types.filter((type) => type !== undefined).sort()).toEqual(['decode', 'frontend', 'prefill']);
    expect(await lab.deployment('qwen')).toMatchObject({ phase: 'Running', replicas: { desired: 2, ready: 2 } });
  });

  it('refuses a multinode component without an orchestrator, and makes nothing of it', async () => {
    const wanted = graph(qwen);
    const components = listAt(wanted, 'spec', 'components').map((component) =>
      textAt(component, 'type') === 'worker' ? { ...Object(component), multinode: { nodeCount: 2 } } : component,
    );
    await lab.cluster.apply({ ...wanted, spec: { ...Object(wanted.spec), components } });
    await lab.sandbox.settled();
    const failed = await lab.get('graph', namespace, 'qwen');
    expect(textAt(failed, 'status', 'state')).toBe('failed');
    expect(conditionOf(failed, 'Ready')?.reason).toBe('no_multinode_orchestrator_available');
    expect(await lab.names('component', namespace)).toEqual([]);
  });

  it('gives a component its scaling adapter, which scales it', async () => {
    const wanted = graph(qwen);
    const components = listAt(wanted, 'spec', 'components').map((component) =>
      textAt(component, 'type') === 'worker' ? { ...Object(component), scalingAdapter: {} } : component,
    );
    await lab.cluster.apply({ ...wanted, spec: { ...Object(wanted.spec), components } });
    await lab.sandbox.settled();
    expect(await lab.names('adapter', namespace)).toEqual(['qwen-worker']);
    const adapter = { group: 'nvidia.com', kind: 'DynamoGraphDeploymentScalingAdapter' };
    await lab.cluster.patch(adapter, { namespace, name: 'qwen-worker' }, { spec: { replicas: 3 } });
    await lab.sandbox.settled();
    expect((await lab.deployment('qwen')).replicas).toEqual({ desired: 3, ready: 3 });
  });

  it('lets go of a deleted graph, and nothing of it is left', async () => {
    await lab.cluster.apply(graph(qwen));
    await lab.sandbox.settled();
    await lab.cluster.delete({ group: 'nvidia.com', kind: 'DynamoGraphDeployment' }, qwen);
    await lab.sandbox.settled();
    for (const kind of ['graph', 'component', 'service', 'slice'] as const)
      expect(await lab.names(kind, namespace)).toEqual([]);
    expect((await lab.names('pod', namespace)).filter((name) => name.startsWith('qwen'))).toEqual([]);
  });

  it('reads v1alpha1 graphs where an old operator is installed', async () => {
    const lab = await openLab({ scenario: 'legacy' });
    onTestFinished(() => lab.close());
    await lab.cluster.apply(oldGraph({ name: 'old', namespace, model: 'Qwen/Qwen3-8B', mode: 'disaggregated' }));
    await lab.sandbox.settled();
    const old = await lab.get('graph', namespace, 'old');
    expect(old.apiVersion).toBe('nvidia.com/v1alpha1');
    const hash = old.metadata.annotations?.['nvidia.com/current-worker-hash-v2'];
    expect(valueAt(old, 'status', 'services', 'VllmDecodeWorker')).toMatchObject({
      componentName: `old-vllmdecodeworker-${hash}`,
      readyReplicas: 1,
    });
    const [pod] = (await lab.list('pod', namespace)).filter((each) => each.metadata.name.startsWith('old-vllmdecode'));
    expect(pod?.metadata.labels).toMatchObject({
      'nvidia.com/dynamo-component-type': 'worker',
      'nvidia.com/dynamo-sub-component-type': 'decode',
    });
    expect(valueAt(pod, 'spec', 'containers', 0, 'resources', 'limits')).toEqual({ 'nvidia.com/gpu': '1' });
    expect(await lab.deployment('old')).toMatchObject({ phase: 'Running', mode: 'disaggregated', managed: false });
  });
});
