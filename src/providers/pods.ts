import { booleanAt, conditionOf, entriesAt, type KubernetesObject, listAt, numberAt, textAt } from '../kubernetes.ts';

/** A reason in Kubernetes' own word, and the sentence that goes with it. */
export interface Cause {
  readonly reason: string;
  readonly message: string;
}

/** What a pod's status says about it, the same for every runtime (design §4). */
export interface PodJudgement {
  readonly name: string;
  /** It is being deleted, or has ended for good (evicted, completed): it does not count any more. */
  readonly gone: boolean;
  readonly ready: boolean;
  /** Not ready, but it was: its Ready condition turned False after its containers started. */
  readonly wasReady: boolean;
  readonly scheduled: boolean;
  /** Why it will not become ready by waiting: crash loop, image, container configuration, restarts that fail. */
  readonly failing?: Cause;
  /** Why the scheduler finds no place for it. */
  readonly unschedulable?: Cause;
  /** What a pod that is not ready waits for; absent on ready pods. */
  readonly waiting?: Cause;
}

/** Waiting reasons that do not pass by themselves. ErrImagePull alone may: it becomes ImagePullBackOff when it does not. */
const failingReasons: ReadonlySet<string> = new Set([
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

/** Restarts that failed, from which on a pod counts as failing although it runs at this moment. */
const failedRestarts = 2;

/** Whether the API server refused to create something for want of quota. */
export const isQuotaDenial = (message: string): boolean => /exceeded quota|quota exceeded/i.test(message);

interface ContainerState {
  readonly name: string;
  readonly restarts: number;
  readonly waiting?: Cause;
  readonly startedAt?: number;
  /** How the last run that ended did end; absent when none did, when it ended well, or where the container is ready since. */
  readonly failure?: Cause;
}

function timeAt(value: unknown, ...path: readonly string[]): number | undefined {
  const time = Date.parse(textAt(value, ...path) ?? '');
  return Number.isNaN(time) ? undefined : time;
}

function failureAt(status: unknown, state: string): Cause | undefined {
  const exitCode = numberAt(status, state, 'terminated', 'exitCode');
  if (exitCode === undefined || exitCode === 0) return undefined;
  const reason = textAt(status, state, 'terminated', 'reason') ?? 'Error';
  return { reason, message: `${reason}, exit code ${exitCode}` };
}

/** The kubelet's words on a back-off end with the pod and its uid, which whoever reads this knows. */
const shorter = (message: string): string => message.replace(/ pod=\S+\([-0-9a-f]+\)$/, '');

function containerState(status: unknown): ContainerState {
  const starts = [
    timeAt(status, 'lastState', 'terminated', 'startedAt'),
    timeAt(status, 'state', 'terminated', 'startedAt'),
    timeAt(status, 'state', 'running', 'startedAt'),
  ].filter((time) => time !== undefined);
  const reason = textAt(status, 'state', 'waiting', 'reason');
  const recovered = booleanAt(status, 'ready') === true || numberAt(status, 'state', 'terminated', 'exitCode') === 0;
  return {
    name: textAt(status, 'name') ?? '',
    restarts: numberAt(status, 'restartCount') ?? 0,
    waiting:
      reason === undefined
        ? undefined
        : { reason, message: shorter(textAt(status, 'state', 'waiting', 'message') ?? reason) },
    startedAt: starts.length === 0 ? undefined : Math.min(...starts),
    failure: recovered ? undefined : (failureAt(status, 'state') ?? failureAt(status, 'lastState')),
  };
}

function containerFailure(container: ContainerState, wasReady: boolean): Cause | undefined {
  const { name, restarts, waiting, failure } = container;
  if (waiting && failingReasons.has(waiting.reason)) {
    const ending = failure ? `; the last run ended with ${failure.message}` : '';
    return { reason: waiting.reason, message: `container ${name}: ${waiting.message}${ending}` };
  }
  if (failure && restarts >= failedRestarts && !wasReady) {
    return { reason: failure.reason, message: `container ${name} restarted ${restarts} times: ${failure.message}` };
  }
  return undefined;
}

/** Judges one pod from its own status, without a clock. Fields of wrong types count as absent. */
export function judgePod(pod: KubernetesObject): PodJudgement {
  const name = pod.metadata.name;
  const phase = textAt(pod, 'status', 'phase');
  const gone = pod.metadata.deletionTimestamp !== undefined || phase === 'Failed' || phase === 'Succeeded';
  const readiness = conditionOf(pod, 'Ready');
  const scheduling = conditionOf(pod, 'PodScheduled');
  const scheduled = scheduling?.status === 'True' || textAt(pod, 'spec', 'nodeName') !== undefined;
  if (readiness?.status === 'True') return { name, gone, ready: true, wasReady: false, scheduled: true };

  const containers = listAt(pod, 'status', 'containerStatuses').map(containerState);
  const initContainers = listAt(pod, 'status', 'initContainerStatuses').map(containerState);
  const starts = containers.map((container) => container.startedAt).filter((time) => time !== undefined);
  const turnedFalse = readiness?.status === 'False' ? Date.parse(readiness.lastTransitionTime ?? '') : Number.NaN;
  const wasReady = starts.length > 0 && turnedFalse > Math.min(...starts);

  const all = [...initContainers, ...containers];
  const failing = all.map((container) => containerFailure(container, wasReady)).find((cause) => cause !== undefined);
  const refused = scheduling?.status === 'False' ? scheduling : undefined;
  const placing: Cause | undefined = refused && {
    reason: refused.reason ?? 'Unschedulable',
    message: refused.message ?? 'it has no node yet',
  };
  const waiting: Cause =
    failing ??
    placing ??
    all.find((container) => container.waiting !== undefined)?.waiting ??
    (scheduled
      ? { reason: readiness?.reason ?? 'NotReady', message: readiness?.message ?? 'its containers are not ready yet' }
      : { reason: 'NotScheduled', message: 'it has no node yet' });
  return {
    name,
    gone,
    ready: false,
    wasReady,
    scheduled,
    failing,
    unschedulable: placing?.reason === 'Unschedulable' ? placing : undefined,
    waiting,
  };
}

/** An amount of GPUs; null where it is none. */
export function gpuCount(amount: unknown): number | null {
  const count = typeof amount === 'string' || typeof amount === 'number' ? Number(amount) : Number.NaN;
  return Number.isInteger(count) && count >= 0 ? count : null;
}

/** GPUs that a container asks for: `nvidia.com/gpu` in its limits, else its requests; 0 where it asks for none, null where that is unreadable. */
export function gpusOf(container: unknown): number | null {
  for (const kind of ['limits', 'requests']) {
    for (const [resource, amount] of entriesAt(container, 'resources', kind)) {
      if (resource !== 'nvidia.com/gpu') continue;
      return gpuCount(amount);
    }
  }
  return 0;
}
