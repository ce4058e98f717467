import { booleanAt, conditionOf, listAt, textAt, textsAt, valueAt } from '../../kubernetes.ts';
import type { Cause } from '../pods.ts';
import type { RoleStatus, Snapshot, Status } from '../provider.ts';
import type { Phase } from '../spec.ts';
import { applicationIn } from './applications.ts';
import type { Cluster } from './clusters.ts';
import { asksForNothing } from './parse.ts';
import { unreadableField } from './shape.ts';
import { degradation, lasting, waitingFor } from './troubles.ts';
import { unscaledCluster } from './unscaled.ts';
import { about, heads, isServing, isShort, readyReplicas, type View, viewOf, workersOf } from './view.ts';

interface Verdict extends Cause {
  readonly phase: Phase;
}

function deleting({ primary }: View): Verdict | undefined {
  const since = valueAt(primary, 'metadata', 'deletionTimestamp') ?? undefined;
  if (since === undefined) return undefined;
  const finalizers = textsAt(primary, 'metadata', 'finalizers');
  const waits = finalizers.length === 0 ? '' : `; waits for ${finalizers.join(', ')}`;
  return {
    phase: 'Deleting',
    reason: 'Deleting',
    message: `being deleted since ${typeof since === 'string' ? since : '?'}${waits}`,
  };
}

/** A RayCluster's word. Its `state` stays at suspended after a resume, until all pods are ready: the conditions count first. */
function isSuspended({ object }: Cluster): boolean {
  if (object === undefined) return false;
  const conditions = [conditionOf(object, 'RayClusterSuspended'), conditionOf(object, 'RayClusterSuspending')];
  if (conditions.some((condition) => condition !== undefined))
    return conditions.some((condition) => condition?.status === 'True');
  return textAt(object, 'status', 'state') === 'suspended' && booleanAt(object, 'spec', 'suspend') === true;
}

function suspended(view: View): Verdict | undefined {
  const { primary, config, ready } = view;
  const phase = 'Suspended';
  const words = [conditionOf(primary, 'Suspended'), conditionOf(primary, 'Suspending')];
  const word =
    words.find((condition) => condition?.status === 'True') ??
    (ready?.status === 'False' && ready.reason?.startsWith('Suspend') ? ready : undefined);
  if (word !== undefined)
    return { phase, reason: word.reason ?? phase, message: word.message || 'the operator suspended it' };
  const cluster = [view.active, view.pending].find((candidate) => candidate !== undefined && isSuspended(candidate));
  if (cluster !== undefined)
    return { phase, reason: 'RayClusterSuspended', message: `its RayCluster ${cluster.name} is suspended` };
  if (asksForNothing(primary)) return { phase, reason: phase, message: 'its spec asks for suspension' };
  const configs = config.parsed ? config.configs : [];
  const none = configs.length > 0 && configs.every(({ autoscaled, replicas }) => !autoscaled && replicas === 0);
  return none ? { phase, reason: 'NoReplicas', message: 'no replica is asked for' } : undefined;
}

const counted = (view: View): string =>
  view.roles
    .map((role) => {
      const name = role.role === 'worker' ? '' : `${role.role} `;
      return role.desired === null || !view.podsKnown
        ? 'serving'
        : `${Math.min(role.desired, readyReplicas(view, role))} of ${role.desired} ${name}replicas ready`;
    })
    .join(', ');

function whileServing(view: View): Verdict {
  const trouble = degradation(view);
  if (trouble !== undefined) return { phase: 'Degraded', ...trouble };
  const short = view.roles.filter((role) => isShort(view, role));
  if (short.length > 0) {
    const starting = short.flatMap((role) => workersOf(role, view.serving)).find((pod) => !pod.ready);
    const cause = unscaledCluster(view) ?? (starting?.waiting && about(starting, starting.waiting));
    return {
      phase: 'Deploying',
      reason: cause?.reason ?? 'ReplicasStarting',
      message: [counted(view), cause?.message].filter((word) => word !== undefined).join('; '),
    };
  }
  const change = isUpgrading(view) ? '; a change is being rolled out' : '';
  return { phase: 'Running', reason: view.ready?.reason ?? 'Ready', message: `${counted(view)}${change}` };
}

/** Ports without which the operator waits for ever and says so only in its log. */
function missingPort(view: View): Cause | undefined {
  const ports = listAt(
    view.primary,
    'spec',
    'rayClusterConfig',
    'headGroupSpec',
    'template',
    'spec',
    'containers',
    0,
    'ports',
  );
  const names = ports.map((port) => textAt(port, 'name') ?? '');
  if (names.length === 0) return undefined;
  const missing = ['dashboard', 'serve'].find(
    (wanted) => !names.some((name) => name === wanted || (wanted === 'serve' && name.startsWith('serve-'))),
  );
  return missing === undefined
    ? undefined
    : {
        reason: 'MissingHeadPort',
        message: `the head container declares ports but none named ${missing}: the operator waits for it and says so only in its log`,
      };
}

function whileDown(view: View): Verdict {
  const failed = lasting(view);
  if (failed !== undefined) return { phase: 'Failed', ...failed };
  const waiting = waitingFor(view);
  if (waiting !== undefined) return { phase: 'Pending', ...waiting };
  const pods = [
    ...heads(view.pending),
    ...heads(view.active),
    ...(view.pending?.pods ?? []),
    ...(view.active?.pods ?? []),
  ];
  const pod = pods.find((candidate) => !candidate.ready);
  const starting = pod?.waiting && about(pod, pod.waiting);
  const states = ['DEPLOYING', 'NOT_STARTED'];
  const application =
    applicationIn(view.primary, 'pendingServiceStatus', states) ??
    applicationIn(view.primary, 'activeServiceStatus', states);
  const image = starting?.reason === 'ErrImagePull' ? starting : undefined;
  const claims = view.ready?.status === 'True';
  const word: Cause = {
    reason: claims ? 'NoReadyReplica' : (view.ready?.reason ?? 'Starting'),
    message:
      [claims ? 'its operator says it serves, but no replica is ready' : view.ready?.message, starting?.message]
        .filter((part) => part)
        .join('; ') || 'its pods are starting',
  };
  return { phase: 'Deploying', ...(missingPort(view) ?? unscaledCluster(view) ?? image ?? application ?? word) };
}

const isUpgrading = ({ primary, ready }: View): boolean =>
  conditionOf(primary, 'UpgradeInProgress')?.status === 'True' ||
  (ready?.status === 'True' && applicationIn(primary, 'activeServiceStatus', ['DEPLOYING']) !== undefined);

function rolesOf(view: View, serving: boolean): readonly RoleStatus[] {
  const stopped = asksForNothing(view.primary);
  const head: RoleStatus = {
    role: 'head',
    desired: stopped ? 0 : 1,
    ready: view.podsKnown ? Math.min(1, heads(view.active ?? view.pending).filter((pod) => pod.ready).length) : null,
    gpus: 0,
  };
  const workers = view.roles.map((role): RoleStatus => {
    const ready = serving ? readyReplicas(view, role) : 0;
    return {
      role: role.role,
      desired: role.desired,
      ready: role.desired === null || !view.podsKnown ? null : Math.min(role.desired, ready),
      gpus: role.gpus,
    };
  });
  return [head, ...workers];
}

const total = (numbers: readonly (number | null)[]): number | null =>
  numbers.reduce((sum, number) => (sum === null || number === null ? null : sum + number), 0);

/** The phase table of design §4 for one RayService. Never throws: a field of a wrong type is named in the answer. */
export function status(snapshot: Snapshot): Status {
  const view = viewOf(snapshot);
  const serving = isServing(view);
  const verdict = deleting(view) ?? suspended(view) ?? (serving ? whileServing(view) : whileDown(view));
  const wrong = unreadableField(snapshot);
  const roles = rolesOf(view, serving);
  const workers = roles.filter(({ role }) => role !== 'head');
  return {
    phase: verdict.phase,
    reason: wrong === undefined ? verdict.reason : 'Unreadable',
    message: wrong === undefined ? verdict.message : `${wrong}; ${verdict.message}`,
    upgrading: isUpgrading(view),
    stale: view.behind,
    replicas: {
      desired: total(workers.map(({ desired }) => desired)),
      ready: total(workers.map(({ ready }) => ready)),
    },
    roles,
  };
}
