import { conditionOf, type KubernetesObject, textAt } from '../../kubernetes.ts';
import { judgePod, type PodJudgement } from '../pods.ts';
import type { Snapshot } from '../provider.ts';
import type { Mode, Role, WorkerRole } from '../spec.ts';
import { label } from './reads.ts';

export interface RayPod extends PodJudgement {
  readonly role: Role | null;
  /** The group it is of; `headgroup` for the head. */
  readonly group: string;
  /** Whether the serve Service sends requests to it once it is ready. */
  readonly serves: boolean;
}

/** One of the RayClusters below a RayService, with its pods that count. */
export interface Cluster {
  readonly name: string;
  /** The RayCluster itself; the copy of its status in the RayService is often old. */
  readonly object?: KubernetesObject;
  readonly pods: readonly RayPod[];
}

/** Whether a kind could not be read. */
export const isUnread = (snapshot: Snapshot, kind: string): boolean =>
  snapshot.unread.some(({ query }) => query.kind === kind);

/** A worker's role: in a disaggregated deployment its group's name tells. Redis clean-up pods have none. */
export function roleOf(pod: KubernetesObject, mode: Mode | null): Role | null {
  const type = textAt(pod, 'metadata', 'labels', label.nodeType);
  if (type === 'head') return 'head';
  if (type !== 'worker') return null;
  return workerRole(textAt(pod, 'metadata', 'labels', label.group) ?? '', mode);
}

export function workerRole(group: string, mode: Mode | null): WorkerRole {
  const [named] = mode === 'disaggregated' ? (/prefill|decode/i.exec(group) ?? []) : [];
  return named === undefined ? 'worker' : named.toLowerCase() === 'prefill' ? 'prefill' : 'decode';
}

/**
 * The cluster of one side of a RayService's status, or undefined where it names none.
 * A pod made before its cluster was provisioned for the first time has been ready, whatever its own conditions tell.
 */
export function clusterOf(
  snapshot: Snapshot,
  side: 'activeServiceStatus' | 'pendingServiceStatus',
  mode: Mode | null,
): Cluster | undefined {
  const name = textAt(snapshot.primary, 'status', side, 'rayClusterName');
  if (name === undefined || name === '') return undefined;
  const object = snapshot.objects.find(
    (candidate) => candidate.kind === 'RayCluster' && candidate.metadata.name === name,
  );
  const provisioned = object && conditionOf(object, 'RayClusterProvisioned');
  const since = provisioned?.status === 'True' ? Date.parse(provisioned.lastTransitionTime ?? '') : Number.NaN;
  const pods = snapshot.objects
    .filter((pod) => pod.kind === 'Pod' && textAt(pod, 'metadata', 'labels', label.cluster) === name)
    .map((pod) => {
      const judged = judgePod(pod);
      const wasReady = !judged.ready && (judged.wasReady || Date.parse(pod.metadata.creationTimestamp ?? '') < since);
      const group = textAt(pod, 'metadata', 'labels', label.group) ?? '';
      const serves = textAt(pod, 'metadata', 'labels', label.serve) === 'true';
      return { ...judged, wasReady, role: roleOf(pod, mode), group, serves };
    })
    .filter((pod) => !pod.gone);
  return { name, object, pods };
}
