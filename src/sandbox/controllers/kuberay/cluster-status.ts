import { conditionOf, type KubernetesObject, listAt, textAt } from '../../../kubernetes.ts';
import { isReady, textsAt, timestamp, type Wanted, withTransitions } from '../objects.ts';
import { bytes } from '../quantity.ts';
import { desired, portsOf, type WorkerGroup } from './ray-groups.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What went wrong with the creation of pods. */
export interface ReplicaFailure {
  readonly reason: 'FailedCreateHeadPod' | 'FailedCreateWorkerPod';
  readonly message: string;
}

export interface ClusterState {
  readonly head: KubernetesObject | undefined;
  readonly workers: readonly KubernetesObject[];
  readonly groups: readonly WorkerGroup[];
  readonly suspended: 'no' | 'suspending' | 'suspended';
  readonly failure: ReplicaFailure | undefined;
}

const isRunning = (pod: KubernetesObject): boolean => textAt(pod, 'status', 'phase') === 'Running';

/** HeadPodReady in the operator's words: the reason of the container that waits, else of the pod's own condition. */
function headCondition(head: KubernetesObject | undefined): Wanted {
  const type = 'HeadPodReady';
  if (head === undefined) {
    return { type, status: 'False', reason: 'HeadPodNotFound', message: 'Head Pod not found' };
  }
  if (isReady(head)) return { type, status: 'True', reason: 'HeadPodRunningAndReady', message: '' };
  const ready = conditionOf(head, 'Ready');
  const waiting = [
    ...listAt(head, 'status', 'initContainerStatuses'),
    ...listAt(head, 'status', 'containerStatuses'),
  ].find((status) => textAt(status, 'state', 'waiting', 'reason') !== undefined);
  const own = ready?.message ?? '';
  const detail = textAt(waiting, 'state', 'waiting', 'message');
  const message = detail === undefined ? own : `${own}; ${textAt(waiting, 'name')}: ${detail}`;
  return {
    type,
    status: 'False',
    reason: textAt(waiting, 'state', 'waiting', 'reason') ?? ready?.reason ?? 'Unknown',
    message,
  };
}

function provisioned(cluster: KubernetesObject, { suspended }: ClusterState, all: boolean): Wanted {
  const type = 'RayClusterProvisioned';
  const before = conditionOf(cluster, type);
  if (suspended === 'suspended') {
    return { type, status: 'False', reason: 'RayClusterPodsProvisioning', message: 'RayCluster has been suspended' };
  }
  if (before?.status === 'True' || all) {
    const message = 'All Ray Pods are ready for the first time';
    return { type, status: 'True', reason: 'AllPodRunningAndReadyFirstTime', message };
  }
  const message = 'RayCluster Pods are being provisioned for first time';
  return { type, status: 'False', reason: 'RayClusterPodsProvisioning', message };
}

/** The status of a RayCluster as KubeRay writes it; counts of zero are left out. */
export function clusterStatus(cluster: KubernetesObject, state: ClusterState, now: Date): Fields {
  const { head, workers, groups, suspended, failure } = state;
  const wanted = groups.reduce((sum, group) => sum + group.pods, 0);
  const ready = workers.filter(isReady).length;
  const pods = head === undefined ? workers : [head, ...workers];
  const all =
    suspended === 'no' &&
    head !== undefined &&
    pods.every(isReady) &&
    (workers.length >= wanted || failure !== undefined);
  const was = textAt(cluster, 'status', 'state');
  const phase =
    suspended === 'suspended'
      ? 'suspended'
      : all && failure === undefined
        ? 'ready'
        : was === 'suspended'
          ? undefined
          : was;
  const times = textsAt(cluster, 'status', 'stateTransitionTimes');
  const flag = (type: string, on: boolean): Wanted => ({
    type,
    status: on ? 'True' : 'False',
    reason: type,
    message: '',
  });
  const conditions = [
    ...(failure === undefined ? [] : [{ type: 'ReplicaFailure', status: 'True', ...failure } as const]),
    headCondition(head),
    provisioned(cluster, state, all),
    flag('RayClusterSuspended', suspended === 'suspended'),
    flag('RayClusterSuspending', suspended === 'suspending'),
  ];
  const { cpu, memory, gpu } = desired(cluster);
  const counts = {
    readyWorkerReplicas: ready,
    availableWorkerReplicas: workers.filter(isRunning).length,
    desiredWorkerReplicas: groups.reduce((sum, group) => sum + Math.max(group.pods, group.least), 0),
    minWorkerReplicas: groups.reduce((sum, group) => sum + group.least, 0),
    maxWorkerReplicas: Math.min(
      groups.reduce((sum, group) => sum + group.most, 0),
      2147483647,
    ),
  };
  const podIP = head === undefined ? undefined : textAt(head, 'status', 'podIP');
  const status: Fields = {
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    conditions: withTransitions(listAt(cluster, 'status', 'conditions'), conditions, now),
    desiredCPU: String(cpu),
    desiredGPU: String(gpu),
    desiredMemory: bytes(memory),
    desiredTPU: '0',
    endpoints: Object.fromEntries(portsOf(cluster).map(({ name, port }) => [name, String(port)])),
    head: {
      ...(podIP === undefined ? {} : { podIP, serviceIP: podIP }),
      ...(head === undefined ? {} : { podName: head.metadata.name }),
      serviceName: `${cluster.metadata.name}-head-svc`,
    },
    observedGeneration: cluster.metadata.generation,
    ...(phase === undefined ? {} : { state: phase }),
    ...(phase === undefined || phase === was
      ? Object.keys(times).length > 0
        ? { stateTransitionTimes: times }
        : {}
      : { stateTransitionTimes: { ...times, [phase]: timestamp(now) } }),
  };
  return status;
}
