import { conditionOf, numberAt, textAt } from '../../kubernetes.ts';
import { type Cause, isQuotaDenial } from '../pods.ts';
import { applicationIn } from './applications.ts';
import { type Cluster, isUnread, type RayPod } from './clusters.ts';
import { about, hasReadyEndpoint, heads, isShort, replicaFailure, type View, workersOf } from './view.ts';

/** Warning events of the RayService itself, newest first. Since 1.7 they carry eventTime and series instead of lastTimestamp and count. */
function warnings({ snapshot }: View): readonly {
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly at: number;
}[] {
  return snapshot.objects
    .filter(
      (event) =>
        event.kind === 'Event' &&
        textAt(event, 'involvedObject', 'kind') === 'RayService' &&
        textAt(event, 'type') === 'Warning',
    )
    .map((event) => {
      const times = [
        textAt(event, 'series', 'lastObservedTime'),
        textAt(event, 'lastTimestamp'),
        textAt(event, 'eventTime'),
        textAt(event, 'metadata', 'creationTimestamp'),
      ];
      return {
        reason: textAt(event, 'reason') ?? '',
        message: textAt(event, 'message') ?? '',
        count: numberAt(event, 'series', 'count') ?? numberAt(event, 'count') ?? 1,
        // A status is dated in whole seconds, newer events more finely: of the same second, none is the later one.
        at: Math.floor(Date.parse(times.find((time) => time !== undefined) ?? '') / 1000) * 1000,
      };
    })
    .toSorted((one, other) => other.at - one.at);
}

/** The operator tries again within seconds; an event of before has no meaning any more. */
const recentMilliseconds = 10 * 60_000;

/** Races between the operator's own writes, which the next try settles. */
const race = /object has been modified|already exists/;

/** A failure of the operator on the RayService that goes on: its event was repeated, not long ago and after the status was last written. */
function failedReconcile(view: View): Cause | undefined {
  const written = Date.parse(textAt(view.primary, 'status', 'lastUpdateTime') ?? '');
  const since = Math.max(Number.isNaN(written) ? 0 : written, view.snapshot.now.getTime() - recentMilliseconds);
  const found = warnings(view).find(
    ({ reason, message, count, at }) =>
      /^(FailedTo|Invalid)/.test(reason) && !race.test(message) && count > 1 && at > since,
  );
  return found && { reason: found.reason, message: found.message };
}

/** serveConfigV2 that the operator cannot read either, in its own words where it has said so. */
function unreadableConfig(view: View): Cause | undefined {
  if (view.config.parsed) return undefined;
  const said = warnings(view).find(({ reason }) => reason === 'FailedToUpdateServeApplications');
  return said
    ? { reason: said.reason, message: said.message }
    : { reason: 'InvalidServeConfig', message: `spec.serveConfigV2 is not valid YAML: ${view.config.message}` };
}

const refusedEdit = (view: View): Cause | undefined =>
  view.refused
    ? { reason: 'ValidationFailed', message: view.ready?.message ?? 'the operator refused the spec' }
    : undefined;

const first = <Item>(items: readonly Item[], cause: (item: Item) => Cause | undefined): Cause | undefined => {
  for (const item of items) {
    const found = cause(item);
    if (found !== undefined) return found;
  }
  return undefined;
};

const failure = (pod: RayPod): Cause | undefined => pod.failing && about(pod, pod.failing);
const noPlace = (pod: RayPod): Cause | undefined => pod.unschedulable && about(pod, pod.unschedulable);
const lost = (pod: RayPod): Cause | undefined =>
  pod.wasReady ? about(pod, pod.waiting ?? { reason: 'NotReady', message: 'it is no longer ready' }) : undefined;

/** The head of a cluster that serves: without it nothing is repaired or scaled, so anything but a ready one is trouble. */
function headTrouble(view: View): Cause | undefined {
  const cluster = view.active;
  const said = cluster?.object && conditionOf(cluster.object, 'HeadPodReady');
  const word: Cause = {
    reason: said?.reason ?? 'HeadPodNotFound',
    message: said?.message || 'the head pod is missing',
  };
  if (!view.podsKnown) return said?.status === 'False' ? word : undefined;
  const [head] = heads(cluster).toSorted((one, other) => Number(other.ready) - Number(one.ready));
  if (head === undefined)
    return said?.status === 'True' ? { reason: 'HeadPodNotFound', message: 'the head pod is missing' } : word;
  return head.ready ? undefined : (failure(head) ?? noPlace(head) ?? about(head, head.waiting ?? word));
}

/** Why the cluster that shall take over does not get on: on a failure, or for want of room. */
function stuckPending({ primary, pending }: View): Cause | undefined {
  if (pending === undefined) return undefined;
  return (
    first(pending.pods, failure) ??
    applicationIn(primary, 'pendingServiceStatus', ['DEPLOY_FAILED', 'UNHEALTHY']) ??
    replicaFailure(pending) ??
    first(pending.pods, noPlace)
  );
}

/** What is wrong with a deployment that serves; undefined where nothing is, or where replicas are merely starting. */
export function degradation(view: View): Cause | undefined {
  const needed = view.roles.filter((role) => isShort(view, role) || role.desired === null);
  const workers = needed.flatMap((role) => workersOf(role, view.serving));
  return (
    first([...heads(view.active), ...workers], failure) ??
    applicationIn(view.primary, 'activeServiceStatus', ['DEPLOY_FAILED', 'UNHEALTHY']) ??
    refusedEdit(view) ??
    unreadableConfig(view) ??
    headTrouble(view) ??
    replicaFailure(view.active) ??
    first(workers, noPlace) ??
    // Workers without a replica are not ready by design: where no number is known, none is missed.
    first(
      needed.filter((role) => role.desired !== null).flatMap((role) => workersOf(role, view.serving)),
      lost,
    ) ??
    stuckPending(view) ??
    failedReconcile(view)
  );
}

const clusters = (view: View): readonly Cluster[] =>
  [view.active, view.pending].filter((cluster) => cluster !== undefined);

const allPods = (view: View): readonly RayPod[] => clusters(view).flatMap((cluster) => cluster.pods);

/** A failure that leaves no replica of some needed role: the head, or a worker role. */
function hopelessRole(view: View): Cause | undefined {
  const pods = allPods(view);
  const roles = view.roles.filter((role) => role.desired !== 0);
  const parts = [
    { members: pods.filter((pod) => pod.role === 'head'), left: (left: readonly RayPod[]) => left.length },
    ...roles.map((role) => ({
      members: workersOf(role, pods),
      left: (left: readonly RayPod[]) => role.capacity(left),
    })),
  ];
  return first(parts, ({ members, left }) =>
    left(members.filter((pod) => pod.failing === undefined)) === 0 ? first(members, failure) : undefined,
  );
}

/** Why a deployment that does not serve will not come up by waiting. */
export function lasting(view: View): Cause | undefined {
  const { primary, ready } = view;
  const endpoints = view.podsKnown ? hasReadyEndpoint(view) : ready?.status === 'True';
  const states = endpoints ? ['DEPLOY_FAILED'] : ['DEPLOY_FAILED', 'UNHEALTHY'];
  const timedOut = ready?.status === 'False' && ready.reason === 'InitializingTimeout';
  const notQuota = (cause: Cause | undefined): Cause | undefined =>
    cause && !isQuotaDenial(cause.message) ? cause : undefined;
  return (
    refusedEdit(view) ??
    (timedOut
      ? {
          reason: 'InitializingTimeout',
          message: ready.message ?? 'it did not become ready within the configured time',
        }
      : undefined) ??
    unreadableConfig(view) ??
    hopelessRole(view) ??
    applicationIn(primary, 'pendingServiceStatus', states) ??
    applicationIn(primary, 'activeServiceStatus', states) ??
    first(clusters(view), (cluster) => notQuota(replicaFailure(cluster))) ??
    notQuota(failedReconcile(view))
  );
}

/** What a deployment that does not serve still waits for, before its pods can run. */
export function waitingFor(view: View): Cause | undefined {
  const { ready } = view;
  if (!view.hasStatus) return { reason: 'NoStatus', message: 'the operator has not acted on it yet' };
  const denied = first(clusters(view), replicaFailure) ?? failedReconcile(view);
  if (denied !== undefined) return denied;
  const pods = allPods(view);
  const needed = pods.filter((pod) => {
    const role = view.roles.find((candidate) => candidate.owns(pod));
    const placed =
      role && role.desired !== null ? role.capacity(workersOf(role, pods).filter(({ scheduled }) => scheduled)) : 0;
    return role === undefined ? pod.role === 'head' : role.desired === null || placed < role.desired;
  });
  const unplaced = (pod: RayPod): Cause | undefined =>
    pod.scheduled ? undefined : about(pod, pod.waiting ?? { reason: 'NotScheduled', message: 'it has no node yet' });
  const missing = view.podsKnown
    ? pods.length === 0
    : !isUnread(view.snapshot, 'RayCluster') && clusters(view).every((cluster) => cluster.object === undefined);
  const claims = ready?.status === 'True';
  const noPods: Cause = {
    reason: claims ? 'NoPods' : (ready?.reason ?? 'NoPods'),
    message: [claims ? 'its operator says it serves' : ready?.message, 'there are no pods']
      .filter((word) => word)
      .join('; '),
  };
  return first(needed, noPlace) ?? first(needed, unplaced) ?? (missing ? noPods : undefined);
}
