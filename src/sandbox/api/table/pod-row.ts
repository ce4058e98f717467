import { at, isText, type Json, listOr, textOr } from '../objects/json.ts';
import type { ApiObject } from '../objects/object.ts';
import { age } from './age.ts';

const reasonOf = (state: Json | undefined): string => textOr(at(state, 'reason'));

/** How a container ended, as kubectl words it. */
function ending(terminated: Json): string {
  const reason = reasonOf(terminated);
  if (reason !== '') return reason;
  const signal = at(terminated, 'signal');
  return typeof signal === 'number' && signal !== 0
    ? `Signal:${signal}`
    : `ExitCode:${String(at(terminated, 'exitCode') ?? 0)}`;
}

/** The init container that still holds the pod up, as kubectl words it. */
function initialization(pod: ApiObject): string | undefined {
  const statuses = listOr(at(pod, 'status', 'initContainerStatuses'));
  const total = listOr(at(pod, 'spec', 'initContainers')).length;
  for (const [index, status] of statuses.entries()) {
    const terminated = at(status, 'state', 'terminated');
    if (terminated !== undefined && at(terminated, 'exitCode') === 0) continue;
    if (terminated !== undefined) return `Init:${ending(terminated)}`;
    const waiting = reasonOf(at(status, 'state', 'waiting'));
    return waiting !== '' && waiting !== 'PodInitializing' ? `Init:${waiting}` : `Init:${index}/${total}`;
  }
  return undefined;
}

function containersState(pod: ApiObject, phase: string): string {
  let shown = phase;
  let hasRunning = false;
  for (const status of [...listOr(at(pod, 'status', 'containerStatuses'))].reverse()) {
    const waiting = reasonOf(at(status, 'state', 'waiting'));
    const terminated = at(status, 'state', 'terminated');
    if (waiting !== '') shown = waiting;
    else if (terminated !== undefined) shown = ending(terminated);
    else if (at(status, 'ready') === true && at(status, 'state', 'running') !== undefined) hasRunning = true;
  }
  if (shown !== 'Completed' || !hasRunning) return shown;
  const ready = listOr(at(pod, 'status', 'conditions')).some(
    (condition) => at(condition, 'type') === 'Ready' && at(condition, 'status') === 'True',
  );
  return ready ? 'Running' : 'NotReady';
}

/** The one word that `kubectl get pods` shows for a pod's state. */
function podState(pod: ApiObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) {
    return at(pod, 'status', 'reason') === 'NodeLost' ? 'Unknown' : 'Terminating';
  }
  const reason = textOr(at(pod, 'status', 'reason'));
  const phase = reason === '' ? textOr(at(pod, 'status', 'phase')) : reason;
  const gated = listOr(at(pod, 'status', 'conditions')).some(
    (condition) => at(condition, 'reason') === 'SchedulingGated',
  );
  return initialization(pod) ?? containersState(pod, gated ? 'SchedulingGated' : phase);
}

function restarts(pod: ApiObject): string {
  const statuses = listOr(at(pod, 'status', 'containerStatuses'));
  const count = statuses.reduce<number>((total, status) => {
    const own = at(status, 'restartCount');
    return total + (typeof own === 'number' ? own : 0);
  }, 0);
  const ends = statuses.map((status) => at(status, 'lastState', 'terminated', 'finishedAt')).filter(isText);
  const last = ends.sort().at(-1);
  return count === 0 || last === undefined ? String(count) : `${count} (${age(last)} ago)`;
}

/** The cells of a pod. */
export function podRow(pod: ApiObject): readonly Json[] {
  const total = listOr(at(pod, 'spec', 'containers')).length;
  const ready = listOr(at(pod, 'status', 'containerStatuses')).filter((status) => at(status, 'ready') === true).length;
  const orNone = (value: Json | undefined): string => textOr(value) || '<none>';
  return [
    pod.metadata.name,
    `${ready}/${total}`,
    podState(pod),
    restarts(pod),
    age(pod.metadata.creationTimestamp),
    orNone(at(pod, 'status', 'podIP')),
    orNone(at(pod, 'spec', 'nodeName')),
    orNone(at(pod, 'status', 'nominatedNodeName')),
    '<none>',
  ];
}
