import { type KubernetesObject, listAt, textAt } from '../../kubernetes.ts';
import { pullFailures } from '../mishaps/pull-failures.ts';
import { timestamp, type Wanted, withTransitions } from './objects.ts';
import { containersOf, initContainersOf, qosClass } from './pods.ts';

/** Where the containers of a pod stand. */
type Stage =
  | 'creating'
  | 'pull-failed'
  | 'pull-backoff'
  | 'config-error'
  | 'initializing'
  | 'running'
  | 'ready'
  | 'terminated'
  | 'crash-backoff';

export interface Run {
  readonly stage: Stage;
  readonly startTime: Date;
  /** When the containers started last. */
  readonly startedAt?: Date;
  /** How they ended last. */
  readonly last?: { readonly cause: keyof typeof exitCode; readonly startedAt: Date; readonly finishedAt: Date };
  readonly restarts: number;
  readonly pulls: number;
  readonly pullFailure?: keyof typeof pullFailures;
  /** What its containers refer to and does not exist, in the kubelet's words. */
  readonly missing?: string;
  readonly podIP: string;
  readonly hostIP: string;
  readonly containerID: string;
}

/** Seconds that a container waits before its next start: none, 10, 20, … 300. */
export const backOff = (restarts: number): number => (restarts < 1 ? 0 : Math.min(10 * 2 ** (restarts - 1), 300));

const duration = (seconds: number): string => {
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds}s` : `${minutes}m${seconds % 60}s`;
};

const repository = (image: string): string => (/^[^/]+[.:][^/]*\//.test(image) ? image : `docker.io/${image}`);

/** Why its image cannot be pulled; on request (`image-pull` and its like), else because it is not there. */
export const pullError = (image: string, { pullFailure = 'image-pull' }: Run): string =>
  pullFailures[pullFailure](image);

const exitCode = { Error: 1, OOMKilled: 137, Killed: 137 } as const;

type State = Readonly<Record<string, unknown>>;

function terminated({ last, containerID }: Run): State {
  if (last === undefined) return {};
  const { cause, startedAt, finishedAt } = last;
  return {
    terminated: {
      exitCode: exitCode[cause],
      reason: cause === 'Killed' ? 'Error' : cause,
      startedAt: timestamp(startedAt),
      finishedAt: timestamp(finishedAt),
      containerID,
    },
  };
}

function mainState(pod: KubernetesObject, name: string, image: string, run: Run): State {
  const waiting = (reason: string, message?: string): State => ({
    waiting: { reason, ...(message === undefined ? {} : { message }) },
  });
  const initialized = initContainersOf(pod).length === 0;
  switch (run.stage) {
    case 'creating':
      return waiting(initialized ? 'ContainerCreating' : 'PodInitializing');
    case 'initializing':
      return waiting('PodInitializing');
    case 'pull-failed':
      return initialized ? waiting('ErrImagePull', pullError(image, run)) : waiting('PodInitializing');
    case 'pull-backoff':
      return initialized
        ? waiting('ImagePullBackOff', `Back-off pulling image "${image}": ErrImagePull: ${pullError(image, run)}`)
        : waiting('PodInitializing');
    case 'config-error':
      return initialized ? waiting('CreateContainerConfigError', run.missing) : waiting('PodInitializing');
    case 'terminated':
      return terminated(run);
    case 'crash-backoff':
      return waiting(
        'CrashLoopBackOff',
        `back-off ${duration(backOff(run.restarts))} restarting failed container=${name} pod=${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`,
      );
    default:
      return { running: { startedAt: timestamp(run.startedAt ?? run.startTime) } };
  }
}

function containerStatus(pod: KubernetesObject, container: unknown, run: Run): State {
  const name = textAt(container, 'name') ?? '';
  const image = textAt(container, 'image') ?? '';
  const started = run.startedAt !== undefined;
  return {
    name,
    image,
    imageID: started ? `${repository(image)}@sha256:${run.containerID.slice(-64)}` : '',
    ...(started ? { containerID: run.containerID } : {}),
    state: mainState(pod, name, image, run),
    lastState: run.stage === 'terminated' ? {} : terminated(run),
    ready: run.stage === 'ready',
    started: run.stage === 'ready' || run.stage === 'running',
    restartCount: run.restarts,
  };
}

function initStatus(container: unknown, run: Run): State {
  const name = textAt(container, 'name') ?? '';
  const image = textAt(container, 'image') ?? '';
  const base = { name, image, lastState: {}, restartCount: 0, ready: false, started: false, imageID: '' };
  const done = run.startedAt !== undefined;
  if (done) {
    const times = { startedAt: timestamp(run.startTime), finishedAt: timestamp(run.startedAt ?? run.startTime) };
    return { ...base, ready: true, state: { terminated: { exitCode: 0, reason: 'Completed', ...times } } };
  }
  switch (run.stage) {
    case 'pull-failed':
      return { ...base, state: { waiting: { reason: 'ErrImagePull', message: pullError(image, run) } } };
    case 'pull-backoff': {
      const message = `Back-off pulling image "${image}": ErrImagePull: ${pullError(image, run)}`;
      return { ...base, state: { waiting: { reason: 'ImagePullBackOff', message } } };
    }
    case 'config-error':
      return { ...base, state: { waiting: { reason: 'CreateContainerConfigError', message: run.missing } } };
    case 'initializing':
      return { ...base, started: true, state: { running: { startedAt: timestamp(run.startTime) } } };
    default:
      return { ...base, state: { waiting: { reason: 'PodInitializing' } } };
  }
}

/** The status that a kubelet reports for a pod whose containers stand there. */
export function podStatus(pod: KubernetesObject, run: Run, now: Date): Readonly<Record<string, unknown>> {
  const containers = containersOf(pod);
  const initContainers = initContainersOf(pod);
  const initialized = run.startedAt !== undefined || initContainers.length === 0;
  const ready = run.stage === 'ready';
  const names = (list: readonly unknown[]) => list.map((container) => textAt(container, 'name')).join(' ');
  const notReady = ready
    ? {}
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${names(containers)}]` };
  const state = (type: string, value: boolean, more: State = {}): Wanted => ({
    type,
    status: value ? 'True' : 'False',
    ...more,
  });
  const notInitialized = {
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${names(initContainers)}]`,
  };
  const conditions = [
    state('PodReadyToStartContainers', true),
    state('Initialized', initialized, initialized ? {} : notInitialized),
    state('Ready', ready, notReady),
    state('ContainersReady', ready, notReady),
    state('PodScheduled', true),
  ].map((condition) => ({ ...condition, lastProbeTime: null }));
  return {
    phase: run.startedAt === undefined ? 'Pending' : 'Running',
    conditions: withTransitions(listAt(pod, 'status', 'conditions'), conditions, now),
    hostIP: run.hostIP,
    hostIPs: [{ ip: run.hostIP }],
    podIP: run.podIP,
    podIPs: [{ ip: run.podIP }],
    startTime: timestamp(run.startTime),
    qosClass: qosClass(pod),
    containerStatuses: containers.map((container) => containerStatus(pod, container, run)),
    ...(initContainers.length > 0
      ? { initContainerStatuses: initContainers.map((container) => initStatus(container, run)) }
      : {}),
  };
}
