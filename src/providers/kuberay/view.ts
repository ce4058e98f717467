import { type Condition, conditionOf, entriesAt, type KubernetesObject, numberAt, textAt } from '../../kubernetes.ts';
import type { Cause } from '../pods.ts';
import type { Snapshot } from '../provider.ts';
import { type Cluster, clusterOf, isUnread, type RayPod } from './clusters.ts';
import { type RoleReplicas, roleReplicasOf } from './replicas.ts';
import { type ServeConfig, serveConfigOf } from './serve-config.ts';

/** A RayService and what lies below it, read once for every question about its status. */
export interface View {
  readonly primary: KubernetesObject;
  readonly snapshot: Snapshot;
  /** The operator has written a status. */
  readonly hasStatus: boolean;
  readonly config: ServeConfig;
  /** The Ready condition; an edit that was refused and mended since leaves an old one behind, which says nothing. */
  readonly ready: Condition | undefined;
  /** The operator has not acted on the newest spec. */
  readonly behind: boolean;
  /** The operator refused what it looked at last. */
  readonly refused: boolean;
  readonly active: Cluster | undefined;
  readonly pending: Cluster | undefined;
  readonly podsKnown: boolean;
  readonly roles: readonly RoleReplicas[];
  /** Pods that can answer requests: those of the active cluster, in an incremental upgrade those of both. */
  readonly serving: readonly RayPod[];
}

/** Operators before 1.3 wrote no conditions, only `serviceStatus`. */
function readyCondition(primary: KubernetesObject): Condition | undefined {
  const condition = conditionOf(primary, 'Ready');
  const word = textAt(primary, 'status', 'serviceStatus');
  return condition ?? (word === 'Running' ? { type: 'Ready', status: 'True', reason: word } : undefined);
}

/**
 * Whether a refusal holds, or was mended since. The operator (1.6.2) dates it by the status of before and leaves that as it was. What it
 * accepts later takes the status on, and with endpoints puts Ready=True in its place. An annotation is refused without a new generation.
 */
function holds(refusal: Condition, primary: KubernetesObject): boolean {
  const observed = numberAt(primary, 'status', 'observedGeneration') ?? 0;
  const endpoints = numberAt(primary, 'status', 'numServeEndpoints') ?? 0;
  return endpoints > 0 || (refusal.observedGeneration ?? 0) >= observed;
}

export function viewOf(snapshot: Snapshot): View {
  const { primary } = snapshot;
  const config = serveConfigOf(primary);
  const mode = config.parsed ? config.mode : null;
  const active = clusterOf(snapshot, 'activeServiceStatus', mode);
  const pending = clusterOf(snapshot, 'pendingServiceStatus', mode);
  const hasStatus = entriesAt(primary, 'status').length > 0;
  const behind =
    hasStatus &&
    (numberAt(primary, 'status', 'observedGeneration') ?? 0) < (numberAt(primary, 'metadata', 'generation') ?? 0);
  const condition = readyCondition(primary);
  const refusal = condition?.status === 'False' && condition.reason === 'ValidationFailed' ? condition : undefined;
  const refused = refusal !== undefined && holds(refusal, primary);
  const incremental = textAt(primary, 'spec', 'upgradeStrategy', 'type') === 'NewClusterWithIncrementalUpgrade';
  return {
    primary,
    snapshot,
    hasStatus,
    config,
    ready: refusal !== undefined && !refused ? undefined : condition,
    behind,
    refused,
    active,
    pending,
    podsKnown: !isUnread(snapshot, 'Pod'),
    roles: roleReplicasOf(primary, config, active, pending),
    serving: [...(active?.pods ?? []), ...(incremental ? (pending?.pods ?? []) : [])],
  };
}

export const workersOf = (role: RoleReplicas, pods: readonly RayPod[]): readonly RayPod[] => pods.filter(role.owns);

/**
 * Ready replicas of a role among the pods that serve. A cluster that is being replaced was laid out for the LLM configs of before:
 * while all of its pods are ready it holds a replica, whatever the new configs need.
 */
export function readyReplicas(view: View, role: RoleReplicas): number {
  const workers = workersOf(role, view.serving);
  const ready = workers.filter((pod) => pod.ready);
  const replaced = view.active !== undefined && view.pending !== undefined;
  return Math.max(role.capacity(ready), replaced && ready.length > 0 && ready.length === workers.length ? 1 : 0);
}

export const isShort = (view: View, role: RoleReplicas): boolean =>
  view.podsKnown && role.desired !== null && readyReplicas(view, role) < role.desired;

export const hasReadyEndpoint = (view: View): boolean => view.serving.some((pod) => pod.ready && pod.serves);

/** Whether requests are answered now: the operator's word, checked against the pods where they can be read. */
export function isServing(view: View): boolean {
  const endpoints = numberAt(view.primary, 'status', 'numServeEndpoints') ?? 0;
  if (view.ready?.status !== 'True' && !(view.refused && endpoints > 0)) return false;
  if (!view.podsKnown) return true;
  if (view.config.parsed && view.config.configs.length > 0)
    return view.roles.every((role) => role.desired === 0 || readyReplicas(view, role) > 0);
  return hasReadyEndpoint(view);
}

export const about = (pod: RayPod, cause: Cause): Cause => ({
  reason: cause.reason,
  message: `${pod.role ?? 'pod'} ${pod.name}: ${cause.message}`,
});

export const heads = (cluster: Cluster | undefined): readonly RayPod[] =>
  (cluster?.pods ?? []).filter((pod) => pod.role === 'head');

/** The word of a RayCluster about pods that it could not create or delete. */
export function replicaFailure(cluster: Cluster | undefined): Cause | undefined {
  const condition = cluster?.object && conditionOf(cluster.object, 'ReplicaFailure');
  if (condition?.status === 'True') {
    const reason = condition.reason ?? 'ReplicaFailure';
    const words = (condition.message ?? '').split('\n').filter((line) => line !== '' && line !== reason);
    return { reason, message: words.join(' ') || reason };
  }
  const reason = textAt(cluster?.object, 'status', 'reason');
  return textAt(cluster?.object, 'status', 'state') === 'failed'
    ? { reason: 'Failed', message: reason ?? 'the RayCluster failed' }
    : undefined;
}
