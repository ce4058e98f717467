/** `status` of a pod in a state that kubelets and schedulers write; its containers start one minute after it was made. */
const made = '2026-11-01T10:00:00Z';
const started = '2026-11-01T10:01:00Z';
const later = '2026-11-01T11:00:00Z';

const condition = (type: string, status: 'True' | 'False', time: string, more: object = {}) => ({
  type,
  status,
  lastTransitionTime: time,
  ...more,
});
const scheduled = condition('PodScheduled', 'True', made);
const unready = (time: string) =>
  condition('Ready', 'False', time, {
    reason: 'ContainersNotReady',
    message: 'containers with unready status: [main]',
  });
const running = (at = started) => ({ running: { startedAt: at } });
const ended = (reason: string, exitCode: number, from: string, to: string) => ({
  terminated: { reason, exitCode, startedAt: from, finishedAt: to },
});

function onNode(
  state: object,
  more: { readonly ready?: object; readonly restarts?: number; readonly last?: object } = {},
) {
  const container = { name: 'main', state, lastState: more.last ?? {}, restartCount: more.restarts ?? 0 };
  return { phase: 'Running', conditions: [scheduled, more.ready ?? unready(made)], containerStatuses: [container] };
}

const waiting = (reason: string, message: string) => ({ waiting: { reason, message } });

/** Every way a pod can be that changes what is said of its deployment. */
export const podStates = {
  new: { phase: 'Pending' },
  unschedulable: {
    phase: 'Pending',
    conditions: [
      condition('PodScheduled', 'False', made, {
        reason: 'Unschedulable',
        message: '0/3 nodes are available: 3 Insufficient nvidia.com/gpu.',
      }),
    ],
  },
  gated: {
    phase: 'Pending',
    conditions: [
      condition('PodScheduled', 'False', made, { reason: 'SchedulingGated', message: 'waits for its gang' }),
    ],
  },
  creating: onNode(waiting('ContainerCreating', 'ContainerCreating')),
  pullingFails: onNode(waiting('ErrImagePull', 'not found')),
  pullBackOff: onNode(waiting('ImagePullBackOff', 'Back-off pulling image "registry.example.com/absent:1.0.0"')),
  badConfig: onNode(waiting('CreateContainerConfigError', 'secret "hf-token-secret" not found')),
  crashLoop: onNode(waiting('CrashLoopBackOff', 'back-off 40s restarting failed container=main'), {
    restarts: 4,
    last: ended('OOMKilled', 137, later, later),
  }),
  restartedTwice: onNode(running(later), { restarts: 2, last: ended('Error', 1, started, later) }),
  restartedOnce: onNode(running(later), { restarts: 1, last: ended('Error', 1, started, later) }),
  endedWell: onNode(running(later), { restarts: 3, last: ended('Completed', 0, started, later) }),
  loading: onNode(running()),
  lost: onNode(running(), { ready: unready(later) }),
  crashedAfterReady: onNode(running('2026-11-01T11:00:05Z'), {
    ready: unready(later),
    restarts: 3,
    last: ended('Error', 1, started, later),
  }),
  ready: onNode(running(), { ready: condition('Ready', 'True', later) }),
  evicted: { phase: 'Failed', reason: 'Evicted', conditions: [scheduled] },
  initFails: {
    phase: 'Pending',
    conditions: [scheduled, unready(made)],
    initContainerStatuses: [
      { name: 'fetch', state: waiting('CrashLoopBackOff', 'back-off restarting'), lastState: {}, restartCount: 3 },
    ],
    containerStatuses: [
      { name: 'main', state: waiting('PodInitializing', 'PodInitializing'), lastState: {}, restartCount: 0 },
    ],
  },
  initSucceededAtLast: {
    ...onNode(running()),
    initContainerStatuses: [
      {
        name: 'fetch',
        state: ended('Completed', 0, started, later),
        lastState: ended('Error', 1, made, started),
        restartCount: 3,
      },
    ],
  },
  sidecarLoads: {
    phase: 'Running',
    conditions: [scheduled, unready(made)],
    containerStatuses: [
      {
        name: 'main',
        ready: true,
        state: running(later),
        lastState: ended('Error', 1, made, started),
        restartCount: 2,
      },
      { name: 'sidecar', ready: false, state: running(later), lastState: {}, restartCount: 0 },
    ],
  },
} as const;

export type PodState = keyof typeof podStates;
