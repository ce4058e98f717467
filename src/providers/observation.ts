import { booleanAt, type KubernetesObject, listAt, numberAt, textAt, valueAt } from '../kubernetes.ts';
import { type Cause, judgePod } from './pods.ts';
import type { Role } from './spec.ts';

interface PodOfRole {
  readonly pod: KubernetesObject;
  readonly role: Role | null;
}

interface PodTarget {
  readonly pod: string;
  readonly namespace: string;
  readonly role: Role | null;
  /** When its container started; null while it does not run. */
  readonly startedAt: string | null;
  /** What the pod waits for; absent on ready pods. */
  readonly waiting?: Cause;
}

/** A container that is worth reading. */
export interface LogTarget extends PodTarget {
  readonly container: string;
  /** It has not run yet, so there is nothing to read. */
  readonly unstarted: boolean;
  /** It will not run again. */
  readonly ended: boolean;
  /** How often it ran before; the last of these runs can be read too. */
  readonly restarts: number;
}

/** An endpoint that answers in the text format of Prometheus. */
export interface MetricTarget extends PodTarget {
  readonly port: number;
  readonly path: string;
}

const statusOf = (pod: KubernetesObject, list: string, name: string): unknown =>
  listAt(pod, 'status', list).find((status) => textAt(status, 'name') === name);

/** The init container that holds the others up: it runs, waits or failed. */
function initContainerInTheWay(pod: KubernetesObject): unknown {
  return listAt(pod, 'status', 'initContainerStatuses').find(
    (status) => numberAt(status, 'state', 'terminated', 'exitCode') !== 0 && booleanAt(status, 'started') !== true,
  );
}

const containerNames = (pod: KubernetesObject): readonly string[] =>
  listAt(pod, 'spec', 'containers').flatMap((container) => textAt(container, 'name') ?? []);

/** The container of that name, the first where there is none or where no name is given. */
const containerOf = (pod: KubernetesObject, wanted: string | undefined): string | undefined => {
  const names = containerNames(pod);
  return names.find((name) => name === wanted) ?? names[0];
};

function podTarget({ pod, role }: PodOfRole, status: unknown): PodTarget {
  const { waiting } = judgePod(pod);
  return {
    pod: pod.metadata.name,
    namespace: pod.metadata.namespace ?? '',
    role,
    startedAt: textAt(status, 'state', 'running', 'startedAt') ?? null,
    ...(waiting && { waiting }),
  };
}

/** One container per pod: while init containers hold it up, that one, else the one of this name, else the first. */
export function logTargetsOf(pods: readonly PodOfRole[], main?: string): readonly LogTarget[] {
  return pods.flatMap((one) => {
    const { pod } = one;
    const blocking = initContainerInTheWay(pod);
    const container = textAt(blocking, 'name') ?? containerOf(pod, main);
    if (container === undefined) return [];
    const status = blocking ?? statusOf(pod, 'containerStatuses', container);
    const ranBefore = valueAt(status, 'lastState', 'terminated') !== undefined;
    const now = valueAt(status, 'state', 'running') ?? valueAt(status, 'state', 'terminated');
    const phase = textAt(pod, 'status', 'phase');
    return {
      ...podTarget(one, status),
      container,
      unstarted: now === undefined && !ranBefore,
      ended: phase === 'Failed' || phase === 'Succeeded',
      restarts: ranBefore ? Math.max(1, numberAt(status, 'restartCount') ?? 0) : 0,
    };
  });
}

/** The port of that name in the pod's containers, else the usual one. */
export function metricTargetsOf(
  pods: readonly PodOfRole[],
  port: (role: Role) => { readonly name: string; readonly usual: number } | undefined,
): readonly MetricTarget[] {
  return pods.flatMap((one) => {
    const wanted = one.role === null ? undefined : port(one.role);
    if (wanted === undefined || judgePod(one.pod).gone) return [];
    const ports = listAt(one.pod, 'spec', 'containers').flatMap((container) => listAt(container, 'ports'));
    const named = ports.find((candidate) => textAt(candidate, 'name') === wanted.name);
    const status = listAt(one.pod, 'status', 'containerStatuses').find(
      (candidate) => valueAt(candidate, 'state', 'running') !== undefined,
    );
    return { ...podTarget(one, status), port: numberAt(named, 'containerPort') ?? wanted.usual, path: '/metrics' };
  });
}
