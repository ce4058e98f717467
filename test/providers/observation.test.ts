import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../src/kubernetes.ts';
import { logTargetsOf, metricTargetsOf } from '../../src/providers/observation.ts';
import type { Role } from '../../src/providers/spec.ts';
import { type PodState, podStates } from './pod-states.ts';

const pod = (state: PodState, more: { spec?: object; status?: object } = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `pod-${state}`, namespace: 'models' },
  spec: {
    nodeName: 'gpu-1',
    containers: [{ name: 'sidecar' }, { name: 'main', ports: [{ name: 'system', containerPort: 9191 }] }],
    ...more.spec,
  },
  status: { ...podStates[state], ...more.status },
});
const asWorker = (object: KubernetesObject) => [{ pod: object, role: 'worker' as Role }];
const logTarget = (object: KubernetesObject) => logTargetsOf(asWorker(object), 'main')[0];

describe('the container whose log tells how a pod does', () => {
  test.each([
    ['new', { unstarted: true, restarts: 0 }],
    ['unschedulable', { unstarted: true, waiting: { reason: 'Unschedulable' } }],
    ['pullBackOff', { unstarted: true, waiting: { reason: 'ImagePullBackOff' } }],
    ['crashLoop', { unstarted: false, restarts: 4, startedAt: null, waiting: { reason: 'CrashLoopBackOff' } }],
    ['restartedOnce', { unstarted: false, restarts: 1, startedAt: '2026-11-01T11:00:00Z' }],
  ] as const)('%s', (state, expected) => {
    expect(logTarget(pod(state))).toMatchObject({ container: 'main', role: 'worker', ended: false, ...expected });
  });

  test('is the named one, else the first', () => {
    const other = pod('new', { spec: { containers: [{ name: 'ray-worker' }, { name: 'logger' }] } });
    expect(logTarget(other)?.container).toBe('ray-worker');
    expect(logTarget(pod('new', { spec: { containers: [] } }))).toBeUndefined();
  });

  test('is the init container that holds the others up, until it has ended well', () => {
    const init = (state: object, more: object = {}) =>
      logTarget(pod('new', { status: { initContainerStatuses: [{ name: 'fetch', state, ...more }] } }));
    expect(init({ running: { startedAt: '2026-11-01T10:00:00Z' } }, { started: false })).toMatchObject({
      container: 'fetch',
      unstarted: false,
    });
    expect(init({ waiting: { reason: 'ErrImagePull' } })).toMatchObject({ container: 'fetch', unstarted: true });
    expect(init({ terminated: { exitCode: 1 } })).toMatchObject({ container: 'fetch', unstarted: false });
    expect(init({ terminated: { exitCode: 0 } })?.container).toBe('main');
    expect(init({ running: {} }, { started: true })?.container).toBe('main');
  });
});

test('metrics are on the named port where there is one, else on the usual one; pods that go away have none', () => {
  const targets = (object: KubernetesObject, name: string) =>
    metricTargetsOf(asWorker(object), () => ({ name, usual: 8080 }));
  expect(targets(pod('restartedOnce'), 'system')).toMatchObject([{ port: 9191, path: '/metrics' }]);
  expect(targets(pod('restartedOnce'), 'metrics')).toMatchObject([{ port: 8080, startedAt: '2026-11-01T11:00:00Z' }]);
  expect(targets(pod('pullBackOff'), 'metrics')).toMatchObject([{ startedAt: null }]);
  const leaving = pod('restartedOnce');
  expect(targets({ ...leaving, metadata: { ...leaving.metadata, deletionTimestamp: 'now' } }, 'metrics')).toEqual([]);
});
