import { describe, expect, test } from 'vitest';
import { component, componentObject, graph, pod, reported, statusOf, withComponents, workload } from './fixtures.ts';

const two = withComponents(component('Frontend', 'frontend'), component('worker', 'worker', { replicas: 2 }));
const frontend = () => pod('Frontend', 'ready');
const apart = (prefill: number, decode: number) =>
  withComponents(
    component('Frontend', 'frontend'),
    component('prefill', 'prefill', { replicas: prefill }),
    component('decode', 'decode', { replicas: decode }),
  );
const denied = (message: string) => ({ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message });
const quota = denied('pods "w" is forbidden: exceeded quota: gpus, requested: requests.nvidia.com/gpu=1');

describe('Deleting and Suspended come before everything else', () => {
  test('a deletion counts whatever the status claims', () => {
    const deleting = { deletionTimestamp: '2026-11-01T11:59:00Z', finalizers: ['nvidia.com/finalizer'] };
    const status = statusOf(graph({ metadata: deleting, status: reported('successful', 'all_resources_are_ready') }), [
      frontend(),
      pod('worker', 'ready'),
    ]);
    expect(status).toMatchObject({ phase: 'Deleting', message: expect.stringContaining('nvidia.com/finalizer') });
  });

  test('no model replica asked for is Suspended, though the operator calls it successful', () => {
    const idle = graph({
      spec: { components: [component('Frontend', 'frontend'), component('worker', 'worker', { replicas: 0 })] },
      status: reported('successful', 'all_resources_are_ready'),
    });
    expect(statusOf(idle, [frontend()])).toMatchObject({ phase: 'Suspended', replicas: { desired: 0, ready: 0 } });
  });
});

describe('a deployment that serves', () => {
  test('is Running when every replica is ready, with the operator’s word for it', () => {
    const successful = graph({ status: reported('successful', 'all_resources_are_ready') });
    expect(statusOf(successful, [frontend(), pod('worker', 'ready')])).toMatchObject({
      phase: 'Running',
      reason: 'all_resources_are_ready',
      replicas: { desired: 1, ready: 1 },
      roles: [
        { role: 'frontend', desired: 1, ready: 1, gpus: 0 },
        { role: 'worker', desired: 1, ready: 1, gpus: 0 },
      ],
    });
  });

  test.each([
    'lost',
    'crashedAfterReady',
    'crashLoop',
    'pullBackOff',
    'badConfig',
    'restartedTwice',
    'unschedulable',
  ] as const)('is Degraded when a needed worker is %s', (state) => {
    const status = statusOf(two, [frontend(), pod('worker', 'ready'), pod('worker', state)]);
    expect(status).toMatchObject({ phase: 'Degraded', replicas: { desired: 2, ready: 1 } });
    expect(status.message).toMatch(/^worker pod worker-\d+: /);
  });

  test.each(['new', 'gated', 'creating', 'pullingFails', 'loading', 'restartedOnce'] as const)(
    'is Deploying when the missing worker is only %s',
    (state) => {
      expect(statusOf(two, [frontend(), pod('worker', 'ready'), pod('worker', state)])).toMatchObject({
        phase: 'Deploying',
        message: expect.stringMatching(/^1 of 2 worker replicas ready; /),
      });
    },
  );

  test('is Deploying while a scale is being carried out', () => {
    const scaled = graph({
      metadata: { generation: 2 },
      spec: { components: [component('Frontend', 'frontend'), component('worker', 'worker', { replicas: 3 })] },
      status: reported('successful', 'all_resources_are_ready'),
    });
    expect(statusOf(scaled, [frontend(), pod('worker', 'ready')])).toMatchObject({
      phase: 'Deploying',
      stale: true,
      replicas: { desired: 3, ready: 1 },
    });
  });

  test('does not count pods that are being deleted or were evicted', () => {
    const objects = [frontend(), pod('worker', 'ready'), pod('worker', 'ready'), pod('worker', 'evicted')];
    const going = {
      ...pod('worker', 'lost'),
      metadata: { ...pod('worker', 'lost').metadata, deletionTimestamp: '2026-11-01T11:59:00Z' },
    };
    expect(statusOf(two, [...objects, going])).toMatchObject({ phase: 'Running', replicas: { desired: 2, ready: 2 } });
  });

  test('never has more ready than desired replicas', () => {
    const status = statusOf(graph(), [
      frontend(),
      pod('worker', 'ready'),
      pod('worker', 'ready'),
      pod('worker', 'ready'),
    ]);
    expect(status).toMatchObject({ phase: 'Running', replicas: { desired: 1, ready: 1 } });
  });

  test('is Degraded when its second frontend fails, and Running when that one only starts', () => {
    const pair = withComponents(component('Frontend', 'frontend', { replicas: 2 }), component('worker', 'worker'));
    expect(statusOf(pair, [frontend(), pod('Frontend', 'crashLoop'), pod('worker', 'ready')]).phase).toBe('Degraded');
    expect(statusOf(pair, [frontend(), pod('Frontend', 'loading'), pod('worker', 'ready')]).phase).toBe('Running');
  });

  test('is Degraded when a needed replica is denied by quota', () => {
    const status = statusOf(two, [frontend(), pod('worker', 'ready'), workload('worker', quota)]);
    expect(status).toMatchObject({ phase: 'Degraded', message: expect.stringContaining('exceeded quota') });
  });

  test('is Degraded when the operator fails to reconcile it', () => {
    const failed = graph({ status: reported('failed', 'failed_to_reconcile_the_resources') });
    expect(statusOf(failed, [frontend(), pod('worker', 'ready')])).toMatchObject({
      phase: 'Degraded',
      reason: 'failed_to_reconcile_the_resources',
    });
  });

  test('without a frontend of its own serves by its workers', () => {
    expect(statusOf(withComponents(component('worker', 'worker')), [pod('worker', 'ready')]).phase).toBe('Running');
  });

  test('stays Running while a rollout replaces healthy replicas, and says upgrading', () => {
    const rolling = graph({
      status: reported('pending', 'rolling_update_in_progress', { rollingUpdate: { phase: 'InProgress' } }),
    });
    const status = statusOf(rolling, [frontend(), pod('worker', 'ready'), pod('worker', 'loading')]);
    expect(status).toMatchObject({ phase: 'Running', upgrading: true, reason: 'rolling_update_in_progress' });
  });

  test('is Degraded while a rollout is denied its pods, though every desired replica is ready', () => {
    const rolling = graph({
      status: reported('pending', 'rolling_update_in_progress', { rollingUpdate: { phase: 'InProgress' } }),
    });
    expect(statusOf(rolling, [frontend(), pod('worker', 'ready'), workload('worker', quota)])).toMatchObject({
      phase: 'Degraded',
      upgrading: true,
      replicas: { desired: 1, ready: 1 },
      message: expect.stringContaining('exceeded quota'),
    });
  });

  test('is Degraded while a rollout is stuck', () => {
    const rolling = graph({
      status: reported('pending', 'rolling_update_in_progress', { rollingUpdate: { phase: 'InProgress' } }),
    });
    const status = statusOf(rolling, [frontend(), pod('worker', 'ready'), pod('worker', 'pullBackOff')]);
    expect(status).toMatchObject({ phase: 'Degraded', upgrading: true, reason: 'ImagePullBackOff' });
  });
});

describe('a deployment that does not serve', () => {
  test('but claims to is not Running: pods decide', () => {
    const boasting = graph({
      status: reported('successful', 'all_resources_are_ready', { components: { worker: { readyReplicas: 1 } } }),
    });
    expect(statusOf(boasting, [frontend()])).toMatchObject({ phase: 'Pending', replicas: { ready: 0 } });
  });

  test('needs a ready replica in every role', () => {
    const objects = [frontend(), pod('decode', 'ready'), pod('decode', 'ready')];
    expect(statusOf(apart(1, 2), [...objects, pod('prefill', 'loading')]).phase).toBe('Deploying');
    expect(statusOf(apart(1, 2), [...objects, pod('prefill', 'crashLoop')]).phase).toBe('Failed');
    expect(statusOf(apart(1, 2), [...objects, pod('prefill', 'ready')]).phase).toBe('Running');
  });

  test('with no prefill workers asked for, decode workers suffice; not the other way round', () => {
    expect(statusOf(apart(0, 1), [frontend(), pod('decode', 'ready')]).phase).toBe('Running');
    expect(statusOf(apart(1, 0), [frontend(), pod('prefill', 'ready')])).toMatchObject({
      phase: 'Pending',
      reason: 'ScaledToZero',
    });
  });

  test.each(['pullBackOff', 'badConfig', 'crashLoop', 'restartedTwice', 'initFails'] as const)(
    'is Failed when every replica of a role is %s',
    (state) => {
      expect(statusOf(two, [frontend(), pod('worker', state), pod('worker', state)]).phase).toBe('Failed');
      expect(statusOf(two, [frontend(), pod('worker', state), pod('worker', 'loading')]).phase).toBe('Deploying');
      expect(statusOf(graph(), [pod('Frontend', state), pod('worker', 'ready')]).phase).toBe('Failed');
    },
  );

  test.each(['lost', 'loading', 'pullingFails', 'creating', 'restartedOnce'] as const)(
    'is Deploying, never Degraded, when its only worker is %s',
    (state) => {
      expect(statusOf(graph(), [frontend(), pod('worker', state)]).phase).toBe('Deploying');
    },
  );

  test.each([
    ['unschedulable', 'Unschedulable'],
    ['gated', 'SchedulingGated'],
    ['new', 'NotScheduled'],
  ] as const)('is Pending when its worker is %s', (state, reason) => {
    expect(statusOf(graph(), [frontend(), pod('worker', state)])).toMatchObject({ phase: 'Pending', reason });
  });

  test('is not told by what the operator said of an older spec', () => {
    const scaledUp = graph({
      metadata: { generation: 2 },
      spec: { components: [component('Frontend', 'frontend'), component('worker', 'worker', { replicas: 2 })] },
      status: reported('successful', 'all_resources_are_ready'),
    });
    const notObserved = { reason: 'NotObserved', stale: true, message: expect.stringContaining('not looked at') };
    expect(statusOf(scaledUp, [frontend(), pod('worker', 'ready')])).toMatchObject({
      phase: 'Deploying',
      ...notObserved,
    });
    expect(statusOf(scaledUp, [frontend()])).toMatchObject({ phase: 'Pending', ...notObserved });
    const mended = graph({
      metadata: { generation: 2 },
      status: reported('failed', 'failed_to_reconcile_the_resources'),
    });
    expect(statusOf(mended, [frontend(), pod('worker', 'ready')])).toMatchObject({
      phase: 'Running',
      reason: 'Serving',
    });
  });

  test.each(['failed_to_reconcile_the_resources', 'insufficient_capacity'])(
    'is not told either by %s of an older spec where its pods say little or cannot be read',
    (reason) => {
      const edited = graph({ metadata: { generation: 2 }, status: reported('failed', reason) });
      expect(statusOf(edited, [], ['Pod'])).toMatchObject({
        phase: 'Deploying',
        reason: 'NotObserved',
        message: expect.stringMatching(/not looked at .* Its pods cannot be read\.$/),
      });
      expect(statusOf(edited, [frontend(), pod('worker', 'gated')])).toMatchObject({
        phase: 'Pending',
        reason: 'SchedulingGated',
      });
    },
  );

  test('is Pending for what the operator says its gang waits for, where the pods only say that they are gated', () => {
    const short = graph({ status: reported('pending', 'insufficient_capacity') });
    expect(statusOf(short, [frontend(), pod('worker', 'gated')])).toMatchObject({
      phase: 'Pending',
      reason: 'insufficient_capacity',
      message: expect.stringMatching(/^insufficient capacity; worker pod worker-\d+: waits for its gang$/),
    });
  });

  test('is Pending when one of two needed replicas finds no place and the other loads', () => {
    const status = statusOf(two, [frontend(), pod('worker', 'loading'), pod('worker', 'unschedulable')]);
    expect(status).toMatchObject({
      phase: 'Pending',
      message: expect.stringContaining('3 Insufficient nvidia.com/gpu'),
    });
  });

  test('is Pending without a status, and without pods', () => {
    expect(statusOf(graph({ status: undefined }))).toMatchObject({
      phase: 'Pending',
      reason: 'NoStatus',
      stale: false,
    });
    expect(statusOf(graph({ status: undefined }), [frontend(), pod('worker', 'loading')]).phase).toBe('Pending');
    expect(statusOf(graph())).toMatchObject({ phase: 'Pending', reason: 'some_resources_are_not_ready' });
  });

  test('that all is ready is no reason to wait: the operator’s words stay in the message', () => {
    const successful = graph({ status: reported('successful', 'all_resources_are_ready') });
    expect(statusOf(successful)).toMatchObject({
      phase: 'Pending',
      reason: 'NotReady',
      message: expect.stringMatching(/^There are no frontend pods yet\. The operator still says: \S/),
    });
  });

  test('is Pending for want of quota, and Failed when its pods are refused for another reason', () => {
    expect(statusOf(graph(), [frontend(), workload('worker', quota)])).toMatchObject({
      phase: 'Pending',
      reason: 'FailedCreate',
      message: expect.stringContaining('exceeded quota'),
    });
    const security = denied('pods "w" is forbidden: violates PodSecurity "restricted:latest"');
    expect(statusOf(graph(), [frontend(), workload('worker', security)])).toMatchObject({
      phase: 'Failed',
      message: expect.stringContaining('PodSecurity'),
    });
    expect(statusOf(two, [frontend(), pod('worker', 'loading'), workload('worker', quota)]).phase).toBe('Pending');
    expect(statusOf(two, [frontend(), pod('worker', 'loading'), workload('worker', security)]).phase).toBe('Failed');
  });

  test('is Failed when the operator failed, unless it failed an older spec or lost a race', () => {
    const failure = reported('failed', 'no_multinode_orchestrator_available');
    expect(statusOf(graph({ status: failure }))).toMatchObject({
      phase: 'Failed',
      reason: 'no_multinode_orchestrator_available',
    });
    expect(statusOf(graph({ status: failure, metadata: { generation: 2 } }))).toMatchObject({
      phase: 'Pending',
      stale: true,
    });
    const race = reported('failed', 'failed_to_reconcile_the_resources', {
      conditions: [
        { type: 'Ready', status: 'False', message: 'the object has been modified; please apply your changes' },
      ],
    });
    expect(statusOf(graph({ status: race }))).toMatchObject({ phase: 'Pending' });
  });

  test('a failure without a generation of its own counts, though the status is of an older spec', () => {
    const undated = {
      state: 'failed',
      observedGeneration: 1,
      conditions: [
        { type: 'Ready', status: 'False', reason: 'failed_to_reconcile_the_resources', message: 'volume is gone' },
      ],
    };
    const edited = graph({ metadata: { generation: 2 }, status: undated });
    expect(statusOf(edited)).toMatchObject({ phase: 'Failed', message: 'volume is gone', stale: true });
    expect(statusOf(edited, [frontend(), pod('worker', 'ready')])).toMatchObject({
      phase: 'Degraded',
      reason: 'failed_to_reconcile_the_resources',
    });
  });

  test('is Failed when a component object cannot be carried out, which stands nowhere else', () => {
    const message =
      'Failed to reconcile DynamoComponentDeployment: Service "x" is invalid: must be no more than 63 characters';
    const status = statusOf(graph(), [componentObject('worker', { reason: 'Reconciling', message })]);
    expect(status).toMatchObject({ phase: 'Failed', message: expect.stringContaining('63 characters') });
    const waits = componentObject('worker', { reason: 'DeploymentNotReady', message: 'Deployment is not ready' });
    expect(statusOf(graph(), [waits]).phase).toBe('Pending');
  });

  test('is Failed without any component: nothing will ever run', () => {
    expect(statusOf(withComponents())).toMatchObject({ phase: 'Failed', reason: 'NoComponents' });
  });
});

describe('a replica of several nodes', () => {
  const multinode = withComponents(
    component('Frontend', 'frontend'),
    component('worker', 'worker', { replicas: 2, multinode: { nodeCount: 2 } }),
  );
  const of = (replica: string, state: Parameters<typeof pod>[1]) =>
    pod('worker', state, { labels: { 'grove.io/podcliquescalinggroup-replica-index': replica } });

  test('is ready when all its pods are', () => {
    const status = statusOf(multinode, [
      frontend(),
      of('0', 'ready'),
      of('0', 'ready'),
      of('1', 'ready'),
      of('1', 'loading'),
    ]);
    expect(status).toMatchObject({ phase: 'Deploying', replicas: { desired: 2, ready: 1 } });
  });

  test('is failing when one of its pods is', () => {
    const objects = [frontend(), of('0', 'loading'), of('0', 'crashLoop'), of('1', 'pullBackOff'), of('1', 'loading')];
    expect(statusOf(multinode, objects)).toMatchObject({ phase: 'Failed', reason: 'CrashLoopBackOff' });
  });
});

describe('where pods cannot be read', () => {
  const claimed = (ready: number) => ({
    components: { Frontend: { readyReplicas: 1 }, worker: { availableReplicas: ready } },
  });

  test('the status is believed, and ready counts are unknown', () => {
    const successful = graph({ status: reported('successful', 'all_resources_are_ready', claimed(1)) });
    expect(statusOf(successful, [], ['Pod'])).toMatchObject({
      phase: 'Running',
      replicas: { desired: 1, ready: null },
      roles: [{ ready: null }, { ready: null }],
    });
  });

  test('nothing is guessed about why it does not serve', () => {
    const waiting = graph({ status: reported('pending', 'some_resources_are_not_ready', claimed(0)) });
    expect(statusOf(waiting, [], ['Pod'])).toMatchObject({
      phase: 'Deploying',
      message: expect.stringContaining('cannot be read'),
    });
    const full = graph({ status: reported('pending', 'insufficient_capacity', claimed(0)) });
    expect(statusOf(full, [], ['Pod']).phase).toBe('Pending');
    expect(statusOf(graph({ status: undefined }), [], ['Pod']).phase).toBe('Pending');
    expect(statusOf(waiting, [workload('worker', quota)], ['Pod']).phase).toBe('Pending');
  });
});

describe('upgrading and stale', () => {
  const upgrading = (fields: object) => statusOf(graph({ status: reported('pending', 'updating', fields) })).upgrading;

  test('a rolling update, a restart or replicas of an older revision are an upgrade', () => {
    expect(upgrading({ rollingUpdate: { phase: 'Pending' } })).toBe(true);
    expect(upgrading({ rollingUpdate: { phase: 'Completed' } })).toBe(false);
    expect(upgrading({ restart: { phase: 'Restarting' } })).toBe(true);
    expect(upgrading({ restart: { phase: 'Completed', inProgress: [] } })).toBe(false);
    expect(upgrading({ components: { worker: { replicas: 2, updatedReplicas: 1 } } })).toBe(true);
    expect(upgrading({ services: { worker: { replicas: 2, updatedReplicas: 2 } } })).toBe(false);
  });

  test('after a failure the condition’s generation counts, since the status’ own is not advanced', () => {
    const edited = { generation: 2 };
    const failed = {
      state: 'failed',
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          reason: 'failed_to_reconcile_the_resources',
          message: 'no',
          observedGeneration: 2,
        },
      ],
    };
    expect(statusOf(graph({ metadata: edited, status: failed }))).toMatchObject({ phase: 'Failed', stale: false });
    expect(statusOf(graph({ metadata: edited })).stale).toBe(true);
  });
});
