import { describe, expect, test } from 'vitest';
import {
  application,
  clusterSpecOf,
  firstDeploy,
  head,
  pod,
  rayCluster,
  rayService,
  type ServiceFields,
  starting,
  statusOf,
  upgrading,
} from './fixtures.ts';

const crashing = {
  ready: false,
  since: 2,
  created: 1,
  waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' },
  restarts: 3,
};
const lost = { ready: false, since: 8 };
const denied = (reason: string, message: string) => ({
  conditions: [{ type: 'ReplicaFailure', status: 'True', reason, message: `${reason}\n${message}` }],
});

test('where neither pods nor RayClusters can be read, nothing is said of them', () => {
  const deploying = firstDeploy({ pending: { applicationStatuses: application('DEPLOYING') } });
  for (const unreadable of [['Pod'], ['Pod', 'RayCluster']]) {
    const status = statusOf(deploying, [rayCluster()], unreadable);
    expect(status).toMatchObject({ phase: 'Deploying', replicas: { desired: 1, ready: null } });
    expect(status.message).not.toContain('no pods');
  }
});

describe('a deployment that serves', () => {
  test('is Running when every desired replica is ready', () => {
    const status = statusOf(rayService({ spec: { replicas: 2 } }), [
      rayCluster('qwen-a', { spec: clusterSpecOf({ replicas: 2 }) }),
      head(),
      pod('a'),
      pod('b'),
    ]);
    expect(status).toMatchObject({
      phase: 'Running',
      message: '2 of 2 replicas ready',
      replicas: { desired: 2, ready: 2 },
    });
    expect(status.roles).toEqual([
      { role: 'head', desired: 1, ready: 1, gpus: 0 },
      { role: 'worker', desired: 2, ready: 2, gpus: 1 },
    ]);
  });

  test('is Deploying while a replacement starts, Degraded when a replica that was ready is not', () => {
    const primary = rayService({ spec: { replicas: 2 } });
    expect(statusOf(primary, [rayCluster(), head(), pod('a'), pod('b', starting)])).toMatchObject({
      phase: 'Deploying',
      reason: 'ContainerCreating',
      replicas: { desired: 2, ready: 1 },
    });
    expect(statusOf(primary, [rayCluster(), head(), pod('a'), pod('b', lost)]).phase).toBe('Degraded');
  });

  test('tells that its RayCluster was never scaled, which no waiting mends', () => {
    const primary = rayService({ spec: { replicas: 2 } });
    const serving = [rayCluster(), head(), pod('a')];
    const unscaled = 'RayService asks for 2 workers (2 replicas), its RayCluster qwen-a has 1';
    expect(statusOf(primary, serving)).toMatchObject({
      phase: 'Deploying',
      reason: 'ClusterNotScaled',
      message: `1 of 2 replicas ready; ${unscaled}`,
    });
    expect(statusOf(firstDeploy({ spec: { replicas: 2 } }), serving)).toMatchObject({
      phase: 'Deploying',
      reason: 'ClusterNotScaled',
      message: unscaled,
    });
    const scaled = rayCluster('qwen-a', { spec: clusterSpecOf({ replicas: 2 }) });
    expect(statusOf(primary, [scaled, head(), pod('a')]).reason).toBe('ReplicasStarting');
    const unseen = rayService({ spec: { replicas: 2 }, metadata: { generation: 3 } });
    expect(statusOf(unseen, serving).reason).toBe('ReplicasStarting');
    const apart = { mode: 'disaggregated', decodeReplicas: 2 };
    const split = rayCluster('qwen-a', { spec: clusterSpecOf({ mode: 'disaggregated' }) });
    const workers = [pod('p', { group: 'prefill' }), pod('d', { group: 'decode' })];
    expect(statusOf(rayService({ spec: apart }), [split, head(), ...workers]).message).toContain(
      'RayService asks for 2 decode workers (2 replicas), its RayCluster qwen-a has 1',
    );
  });

  test('knows that a pod made before its cluster was provisioned has been ready', () => {
    const restarted = { created: 1, ready: false, since: 1, waiting: { reason: 'ContainerCreating' } };
    const primary = rayService({ spec: { replicas: 2 } });
    expect(statusOf(primary, [rayCluster(), head(), pod('a'), pod('b', restarted)]).phase).toBe('Degraded');
    expect(
      statusOf(primary, [rayCluster(), head(), pod('a'), pod('b', { ...restarted, created: 6, since: 6 })]).phase,
    ).toBe('Deploying');
  });

  test('is Degraded when a needed replica finds no node, fails, or may not be created', () => {
    const primary = rayService({ spec: { replicas: 2 } });
    const others = [rayCluster(), head(), pod('a')];
    expect(statusOf(primary, [...others, pod('b', { scheduled: false })])).toMatchObject({
      phase: 'Degraded',
      reason: 'Unschedulable',
    });
    expect(statusOf(primary, [...others, pod('b', crashing)])).toMatchObject({
      phase: 'Degraded',
      reason: 'CrashLoopBackOff',
    });
    const quota = rayCluster('qwen-a', denied('FailedCreateWorkerPod', 'exceeded quota: gpus'));
    expect(statusOf(primary, [quota, head(), pod('a')])).toMatchObject({
      phase: 'Degraded',
      message: 'exceeded quota: gpus',
    });
  });

  test('does not miss workers that hold no replica, whatever becomes of them', () => {
    const spec = { replicas: 3 };
    const cluster = rayCluster('qwen-a', { spec: clusterSpecOf(spec) });
    const status = statusOf(rayService(), [cluster, head(), pod('a'), pod('b', lost), pod('c', { scheduled: false })]);
    expect(status).toMatchObject({ phase: 'Running', replicas: { desired: 1, ready: 1 } });
  });

  test('is Degraded without a ready head, though requests are still answered', () => {
    expect(statusOf(rayService(), [rayCluster(), pod('a')])).toMatchObject({
      phase: 'Degraded',
      reason: 'HeadPodNotFound',
    });
    expect(statusOf(rayService(), [rayCluster(), head('qwen-a-head-2', starting), pod('a')])).toMatchObject({
      phase: 'Degraded',
      reason: 'ContainerCreating',
      replicas: { desired: 1, ready: 1 },
    });
  });

  test('is Degraded by an application that failed or is unhealthy, and says its cause without the traceback', () => {
    const message =
      'Deploying failed:\nTraceback (most recent call last):\n  File "a.py", line 3\n    raise\nValueError: no room for the cache';
    const failed = rayService({ active: { applicationStatuses: application('DEPLOY_FAILED', message) } });
    expect(statusOf(failed, [rayCluster(), head(), pod('a')])).toMatchObject({
      phase: 'Degraded',
      reason: 'DEPLOY_FAILED',
      message: 'application llms: Deploying failed: ValueError: no room for the cache',
    });
    const ill = rayService({ active: { applicationStatuses: application('UNHEALTHY') } });
    expect(statusOf(ill, [rayCluster(), head(), pod('a')]).reason).toBe('UNHEALTHY');
  });

  test('is Degraded by an edit that the operator refused or cannot read', () => {
    const objects = [rayCluster(), head(), pod('a')];
    const refused = rayService({
      conditions: { Ready: ['False', 'ValidationFailed', 'The RayService spec is invalid: minReplicas'] },
      metadata: { generation: 3 },
    });
    expect(statusOf(refused, objects)).toMatchObject({ phase: 'Degraded', reason: 'ValidationFailed', stale: true });
    const annotated = rayService({
      conditions: { Ready: ['False', 'ValidationFailed', 'The RayService metadata is invalid: annotations'] },
    });
    expect(statusOf(annotated, objects)).toMatchObject({ phase: 'Degraded', replicas: { desired: 1, ready: 1 } });
    const broken = rayService({ over: { serveConfigV2: 'applications: [' } });
    expect(statusOf(broken, objects)).toMatchObject({
      phase: 'Degraded',
      reason: 'InvalidServeConfig',
      replicas: { desired: null },
    });
  });

  test('stays Running through a rollout, until that is stuck', () => {
    const primary = rayService({ conditions: upgrading, pending: { rayClusterName: 'qwen-b' } });
    const old = [rayCluster(), head(), pod('a'), rayCluster('qwen-b')];
    const newHead = head('qwen-b-head', { cluster: 'qwen-b' });
    expect(statusOf(primary, [...old, newHead, pod('b', { ...starting, cluster: 'qwen-b' })])).toMatchObject({
      phase: 'Running',
      upgrading: true,
    });
    const image = { ...starting, cluster: 'qwen-b', waiting: { reason: 'ImagePullBackOff', message: 'not found' } };
    expect(statusOf(primary, [...old, newHead, pod('b', image)])).toMatchObject({
      phase: 'Degraded',
      reason: 'ImagePullBackOff',
    });
    const noRoom = pod('b', { cluster: 'qwen-b', scheduled: false });
    expect(statusOf(primary, [...old, newHead, noRoom])).toMatchObject({ phase: 'Degraded', reason: 'Unschedulable' });
  });

  test('keeps serving from the old cluster while a new one with other GPUs per replica is made', () => {
    const primary = rayService({ spec: { gpus: 4 }, conditions: upgrading, pending: { rayClusterName: 'qwen-b' } });
    const objects = [rayCluster(), head(), pod('a'), rayCluster('qwen-b', { spec: clusterSpecOf({ gpus: 4 }) })];
    expect(statusOf(primary, objects)).toMatchObject({ phase: 'Running', upgrading: true });
  });

  test('is upgrading while an application is deployed anew in place', () => {
    const primary = rayService({ active: { applicationStatuses: application('DEPLOYING') } });
    expect(statusOf(primary, [rayCluster(), head(), pod('a')])).toMatchObject({ phase: 'Running', upgrading: true });
  });

  test('is Degraded by a failure that the operator goes on telling of', () => {
    const event = (count: number, minute: string, message: string) => ({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `qwen.${count}`, namespace: 'models' },
      involvedObject: { kind: 'RayService', name: 'qwen', uid: 'u-1' },
      type: 'Warning',
      reason: 'FailedToCreateRayCluster',
      message,
      count,
      lastTimestamp: `2026-11-25T10:${minute}:00Z`,
    });
    const objects = [rayCluster(), head(), pod('a')];
    const forbidden = 'rayclusters is forbidden by policy';
    expect(statusOf(rayService(), [...objects, event(4, '29', forbidden)])).toMatchObject({
      phase: 'Degraded',
      message: forbidden,
    });
    expect(statusOf(rayService(), [...objects, event(1, '29', forbidden)]).phase).toBe('Running');
    expect(statusOf(rayService(), [...objects, event(4, '05', forbidden)]).phase).toBe('Running');
    expect(statusOf(rayService(), [...objects, event(4, '29', 'rayclusters "qwen-a" already exists')]).phase).toBe(
      'Running',
    );
  });
});

describe('a deployment that does not serve', () => {
  test('is Pending until its operator acts, and while there are no pods', () => {
    const untouched = { ...firstDeploy(), status: undefined };
    expect(statusOf(untouched, [])).toMatchObject({
      phase: 'Pending',
      reason: 'NoStatus',
      stale: false,
      replicas: { desired: 1, ready: 0 },
    });
    expect(statusOf(firstDeploy(), [])).toMatchObject({ phase: 'Pending', reason: 'Initializing' });
  });

  test('is Pending for want of a node or of quota, in the words of who knows', () => {
    expect(statusOf(firstDeploy(), [rayCluster(), head(), pod('a', { scheduled: false })])).toMatchObject({
      phase: 'Pending',
      message: 'worker a: 0/3 nodes are available: 3 Insufficient nvidia.com/gpu.',
    });
    const quota = rayCluster('qwen-a', denied('FailedCreateHeadPod', 'exceeded quota: memory'));
    expect(statusOf(firstDeploy(), [quota])).toMatchObject({
      phase: 'Pending',
      reason: 'FailedCreateHeadPod',
      message: 'exceeded quota: memory',
    });
  });

  test('is Failed when pods are refused for another reason', () => {
    const cluster = rayCluster('qwen-a', denied('FailedCreateWorkerPod', 'Pod "qwen-a_gpu" is invalid'));
    expect(statusOf(firstDeploy(), [cluster, head()])).toMatchObject({
      phase: 'Failed',
      message: 'Pod "qwen-a_gpu" is invalid',
    });
  });

  test('is Deploying while pods start, and names the port that is missing for ever', () => {
    const objects = [rayCluster(), head(), pod('a', starting)];
    expect(statusOf(firstDeploy(), objects)).toMatchObject({ phase: 'Deploying', reason: 'Initializing' });
    const spec = JSON.parse(JSON.stringify(firstDeploy().spec));
    spec.rayClusterConfig.headGroupSpec.template.spec.containers[0].ports = [{ name: 'serve', containerPort: 8000 }];
    expect(statusOf(firstDeploy({ over: spec }), objects)).toMatchObject({
      phase: 'Deploying',
      reason: 'MissingHeadPort',
      message: expect.stringContaining('none named dashboard'),
    });
  });

  test('is Failed only when no replica of a needed role can come up', () => {
    const primary = firstDeploy({ spec: { replicas: 2 } });
    expect(statusOf(primary, [rayCluster(), head(), pod('a', crashing), pod('b', crashing)])).toMatchObject({
      phase: 'Failed',
      reason: 'CrashLoopBackOff',
      message: expect.stringContaining('OOMKilled'),
    });
    expect(statusOf(primary, [rayCluster(), head(), pod('a', crashing), pod('b', starting)]).phase).toBe('Deploying');
    expect(statusOf(primary, [rayCluster(), head('h', crashing), pod('a', starting)]).phase).toBe('Failed');
  });

  test('is Failed when an application failed, or is unhealthy without an endpoint', () => {
    for (const word of ['DEPLOY_FAILED', 'UNHEALTHY']) {
      const primary = firstDeploy({ pending: { applicationStatuses: application(word) } });
      expect(statusOf(primary, [rayCluster(), head(), pod('a', starting)])).toMatchObject({
        phase: 'Failed',
        reason: word,
      });
    }
  });

  test('is Failed when the operator refused it or gave up, but not by a refusal that was mended', () => {
    const invalid = ['False', 'ValidationFailed', 'The RayService metadata is invalid'] as const;
    const refused = firstDeploy({
      conditions: { Ready: invalid },
      status: { observedGeneration: undefined, pendingServiceStatus: {} },
    });
    expect(statusOf(refused, [])).toMatchObject({ phase: 'Failed', reason: 'ValidationFailed', stale: true });
    const mended = firstDeploy({ conditions: { Ready: invalid } });
    expect(statusOf(mended, [rayCluster(), head(), pod('a', starting)])).toMatchObject({
      phase: 'Deploying',
      reason: 'Starting',
    });
    const refusedOf = (observedGeneration: number, fields: ServiceFields = {}) => {
      const conditions = [
        { type: 'Ready', status: 'False', reason: 'ValidationFailed', message: 'x', observedGeneration },
      ];
      return firstDeploy({ ...fields, status: { conditions, ...fields.status } });
    };
    // An annotation that was refused while it came up: no new generation.
    expect(statusOf(refusedOf(2), [rayCluster(), head(), pod('a', starting)])).toMatchObject({ phase: 'Failed' });
    const editedSince = refusedOf(2, { metadata: { generation: 5 }, status: { observedGeneration: 4 } });
    expect(statusOf(editedSince, [rayCluster(), head(), pod('a', starting)])).toMatchObject({ phase: 'Deploying' });
    const late = firstDeploy({
      conditions: { Ready: ['False', 'InitializingTimeout', 'not ready within 15s'] },
      metadata: { generation: 3 },
    });
    expect(statusOf(late, [])).toMatchObject({
      phase: 'Failed',
      reason: 'InitializingTimeout',
      message: 'not ready within 15s',
    });
  });

  test('is Failed when its serveConfigV2 is no YAML, even before the operator says so', () => {
    const primary = {
      ...firstDeploy({ over: { serveConfigV2: 'applications:\n- name: llms\n  args: {llm_configs: [\n' } }),
      status: undefined,
    };
    expect(statusOf(primary, [])).toMatchObject({
      phase: 'Failed',
      reason: 'InvalidServeConfig',
      message: expect.stringContaining('not valid YAML'),
    });
  });

  test('does not serve when its pods show less than its status claims', () => {
    expect(statusOf(rayService(), [rayCluster(), head(), pod('a', lost)])).toMatchObject({
      phase: 'Deploying',
      reason: 'NoReadyReplica',
      replicas: { desired: 1, ready: 0 },
    });
    expect(statusOf(rayService(), [rayCluster(), head(), pod('a', { deleting: true })])).toMatchObject({
      replicas: { ready: 0 },
    });
  });
});

describe('a deployment that shall not serve', () => {
  test('is Deleting whatever its status claims', () => {
    const primary = rayService({
      metadata: { deletionTimestamp: '2026-11-25T10:20:00Z', finalizers: ['ray.io/rayservice-finalizer'] },
    });
    expect(statusOf(primary, [rayCluster(), head(), pod('a')])).toMatchObject({
      phase: 'Deleting',
      message: 'being deleted since 2026-11-25T10:20:00Z; waits for ray.io/rayservice-finalizer',
    });
  });

  test('is Suspended when its spec or its operator says so', () => {
    const objects = [rayCluster(), head(), pod('a')];
    const asked = rayService({ spec: { replicas: 0 } });
    expect(statusOf(asked, objects)).toMatchObject({ phase: 'Suspended', replicas: { desired: 0, ready: 0 } });
    const going = rayService({ conditions: { Suspending: ['True', 'SuspendInProgress', 'Deleting owned resources'] } });
    expect(statusOf(going, objects)).toMatchObject({ phase: 'Suspended', reason: 'SuspendInProgress' });
    const cluster = rayCluster('qwen-a', { conditions: [{ type: 'RayClusterSuspended', status: 'True' }] });
    expect(statusOf(firstDeploy(), [cluster])).toMatchObject({ phase: 'Suspended', reason: 'RayClusterSuspended' });
    const resumed = rayService({
      conditions: { Suspended: ['False', 'RayServiceResumed'], Suspending: ['False', 'SuspendComplete'] },
    });
    expect(statusOf(resumed, objects).phase).toBe('Running');
  });

  test('is not Suspended by an autoscaling floor of 0', () => {
    const config = (deployment: string) =>
      `applications:\n- args:\n    llm_configs:\n    - model_loading_config: {model_id: a}\n      deployment_config: ${deployment}\n`;
    const idle = rayCluster('qwen-a', { spec: { workerGroupSpecs: [] } });
    const floor = rayService({
      over: { serveConfigV2: config('{autoscaling_config: {min_replicas: 0, max_replicas: 3}}') },
    });
    expect(statusOf(floor, [idle, head()])).toMatchObject({ phase: 'Running' });
    const none = rayService({ over: { serveConfigV2: config('{num_replicas: 0}') } });
    expect(statusOf(none, [idle, head()])).toMatchObject({ phase: 'Suspended', reason: 'NoReplicas' });
  });
});
