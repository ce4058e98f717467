import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../src/kubernetes.ts';
import { gpusOf, isQuotaDenial, judgePod } from '../../src/providers/pods.ts';
import { type PodState, podStates } from './pod-states.ts';

const pod = (status: unknown, metadata: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'worker-0', ...metadata },
  status,
});
const judged = (state: PodState) => judgePod(pod(podStates[state]));

describe('a pod', () => {
  test('that is ready needs no further word', () => {
    expect(judged('ready')).toEqual({ name: 'worker-0', gone: false, ready: true, wasReady: false, scheduled: true });
  });

  test.each([
    ['pullBackOff', 'ImagePullBackOff', /absent:1\.0\.0/],
    ['badConfig', 'CreateContainerConfigError', /hf-token-secret/],
    ['crashLoop', 'CrashLoopBackOff', /OOMKilled, exit code 137/],
    ['restartedTwice', 'Error', /restarted 2 times: Error, exit code 1/],
    ['initFails', 'CrashLoopBackOff', /container fetch/],
  ] as const)('%s is failing, and says why', (state, reason, message) => {
    expect(judged(state)).toMatchObject({ ready: false, failing: { reason, message: expect.stringMatching(message) } });
  });

  test.each([
    'new',
    'creating',
    'pullingFails',
    'loading',
    'restartedOnce',
    'endedWell',
    'initSucceededAtLast',
    'sidecarLoads',
    'lost',
    'crashedAfterReady',
  ] as const)('%s is not failing: it may still become ready by waiting', (state) => {
    expect(judged(state).failing).toBeUndefined();
    expect(judged(state).waiting).toBeDefined();
  });

  test.each([
    ['lost', true],
    ['crashedAfterReady', true],
    ['loading', false],
    ['restartedTwice', false],
    ['crashLoop', false],
    ['new', false],
  ] as const)('%s: was it ready before? %s', (state, wasReady) => {
    expect(judged(state).wasReady).toBe(wasReady);
  });

  test('without a node is unschedulable only when the scheduler says so', () => {
    expect(judged('unschedulable')).toMatchObject({ scheduled: false, unschedulable: { reason: 'Unschedulable' } });
    expect(judged('gated')).toMatchObject({ scheduled: false, waiting: { reason: 'SchedulingGated' } });
    expect(judged('gated').unschedulable).toBeUndefined();
    expect(judged('new')).toMatchObject({ scheduled: false, waiting: { reason: 'NotScheduled' } });
  });

  test('that is being deleted, was evicted or has completed is gone', () => {
    expect(judgePod(pod(podStates.ready, { deletionTimestamp: '2026-11-01T12:00:00Z' })).gone).toBe(true);
    expect(judged('evicted').gone).toBe(true);
    expect(judgePod(pod({ phase: 'Succeeded' })).gone).toBe(true);
    expect(judged('crashLoop').gone).toBe(false);
  });

  test.each([undefined, null, 'Running', 7, [], { conditions: 'none', containerStatuses: { main: 1 } }])(
    'whose status is %j is only not ready',
    (status) => {
      expect(judgePod(pod(status))).toMatchObject({ ready: false, gone: false, scheduled: false });
    },
  );
});

test('GPUs are counted from limits, else from requests', () => {
  const container = (limits: object, requests: object) => gpusOf({ resources: { limits, requests } });
  expect(container({ 'nvidia.com/gpu': '4' }, { 'nvidia.com/gpu': '2' })).toBe(4);
  expect(container({ cpu: '4' }, { 'nvidia.com/gpu': 2 })).toBe(2);
  expect(container({}, {})).toBe(0);
  expect(container({ 'nvidia.com/gpu': 'many' }, {})).toBeNull();
});

test('a refusal for want of quota is told from other refusals', () => {
  const quota = 'pods "x" is forbidden: exceeded quota: gpus, requested: requests.nvidia.com/gpu=1';
  expect(isQuotaDenial(quota)).toBe(true);
  expect(isQuotaDenial('pods "x" is forbidden: violates PodSecurity "restricted:latest"')).toBe(false);
});
