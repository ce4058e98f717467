import {
  conditionOf,
  entriesAt,
  type KubernetesObject,
  listAt,
  numberAt,
  textAt,
  textsAt,
  valueAt,
} from '../../kubernetes.ts';
import type { Cause } from '../pods.ts';
import { isMap, misfit } from './graph.ts';

/** An update that lost a race is repeated at once; it is no failure. */
const lostRace = /the object has been modified/i;

const generationOf = ({ metadata }: KubernetesObject): number | undefined => numberAt(metadata, 'generation');

/**
 * The newest generation that the operator has looked at. After a failure it advances only the condition's
 * (operator 1.5); without a status there is none.
 */
function observedGeneration(primary: KubernetesObject): number | undefined {
  const status = numberAt(primary, 'status', 'observedGeneration');
  const condition = conditionOf(primary, 'Ready')?.observedGeneration;
  if (status === undefined || condition === undefined) return status ?? condition;
  return Math.max(status, condition);
}

/** Whether the operator has not looked at the newest spec yet, though it reported on an older one. */
export function isStale(primary: KubernetesObject): boolean {
  const observed = observedGeneration(primary);
  const generation = generationOf(primary);
  return observed !== undefined && generation !== undefined && observed < generation;
}

/**
 * Whether what it says is of an older spec. A failure without a generation of its own is not known to be: of operators that
 * date the status alone, one that cannot carry out the newest spec leaves the older date.
 */
function saysOfOlder(primary: KubernetesObject): boolean {
  const isUndated = conditionOf(primary, 'Ready')?.observedGeneration === undefined;
  return isStale(primary) && !(isUndated && textAt(primary, 'status', 'state') === 'failed');
}

/** What the operator says of the deployment as a whole; undefined where it has not said anything. */
export function readyWords(primary: KubernetesObject): Cause | undefined {
  const ready = conditionOf(primary, 'Ready');
  if (ready)
    return { reason: ready.reason ?? `Ready=${ready.status}`, message: ready.message ?? `Ready is ${ready.status}.` };
  const state = textAt(primary, 'status', 'state');
  return state === undefined ? undefined : { reason: state, message: `The operator calls it ${state}.` };
}

function callsItReady(primary: KubernetesObject): boolean {
  const ready = conditionOf(primary, 'Ready');
  return ready ? ready.status === 'True' : textAt(primary, 'status', 'state') === 'successful';
}

/**
 * What the operator says of the newest spec where a replica is not ready: what it said of an older one says nothing of
 * it, and that all is ready is no reason.
 */
export function currentWords(primary: KubernetesObject, words: Cause): Cause {
  if (saysOfOlder(primary))
    return { reason: 'NotObserved', message: 'The Dynamo operator has not looked at the newest spec yet.' };
  return callsItReady(primary) ? { reason: 'NotReady', message: `The operator still says: ${words.message}` } : words;
}

const failedReasons = /^(failed_|no_multinode_orchestrator|rolling_?update_?failed|ValidationFailed)/i;

/** What it still says right after the last pod became ready, after a lost race, or of an older spec: no word for what serves. */
export const isOutdated = ({ reason }: Cause): boolean =>
  reason === 'some_resources_are_not_ready' || failedReasons.test(reason);

/** Why the operator cannot carry out the spec; undefined when it can, or when it said so of an older one. */
function primaryFailure(primary: KubernetesObject): Cause | undefined {
  const ready = conditionOf(primary, 'Ready');
  const failed = textAt(primary, 'status', 'state') === 'failed';
  const reason = ready?.status === 'True' ? undefined : ready?.reason;
  if (!failed && !failedReasons.test(reason ?? '')) return undefined;
  if (saysOfOlder(primary)) return undefined;
  const message = ready?.message ?? 'The operator failed to reconcile it.';
  return lostRace.test(message) ? undefined : { reason: reason ?? 'failed', message };
}

/** Reasons of the Available condition that say more than that pods are not ready yet. */
const refusedReasons = /^Invalid|Conflict/;

/** Why an owned DynamoComponentDeployment could not be carried out: it stands nowhere else (operator 1.5). */
function componentFailure(component: KubernetesObject): Cause | undefined {
  if (component.metadata.deletionTimestamp !== undefined) return undefined;
  const available = conditionOf(component, 'Available');
  if (available?.status !== 'False') return undefined;
  const { reason = 'Reconciling', message = '' } = available;
  if (!refusedReasons.test(reason) && !/^failed to reconcile/i.test(message)) return undefined;
  return lostRace.test(message) ? undefined : { reason, message: `${component.metadata.name}: ${message}` };
}

/** A failed reconcile, of the deployment or of one of its component objects. */
export function reconcileFailure(primary: KubernetesObject, objects: readonly KubernetesObject[]): Cause | undefined {
  const components = objects.filter(({ kind }) => kind === 'DynamoComponentDeployment');
  return primaryFailure(primary) ?? components.map(componentFailure).find((cause) => cause !== undefined);
}

const componentStatuses = (primary: KubernetesObject) => [
  ...entriesAt(primary, 'status', 'components'),
  ...entriesAt(primary, 'status', 'services'),
];

/** Grove makes PodCliques, of several nodes inside a PodCliqueScalingGroup (`<group>-<replica>-<clique>`), and writes there why it cannot make pods. */
export function owns(primary: KubernetesObject, object: { readonly kind: string; readonly name: string }): boolean {
  return componentStatuses(primary).some(([, status]) => {
    const names = textsAt(status, 'componentNames');
    const isGroup = textAt(status, 'componentKind') === 'PodCliqueScalingGroup';
    if (object.kind === textAt(status, 'componentKind') && names.includes(object.name)) return true;
    return isGroup && object.kind === 'PodClique' && names.some((name) => object.name.startsWith(`${name}-`));
  });
}

/** Whether pods are being replaced: by a rolling update, a restart, or (Grove) until all are of the newest revision. */
export function isUpgrading(primary: KubernetesObject): boolean {
  const update = textAt(primary, 'status', 'rollingUpdate', 'phase');
  if (update === 'Pending' || update === 'InProgress') return true;
  const restart = textAt(primary, 'status', 'restart', 'phase');
  if (
    restart === 'Pending' ||
    restart === 'Restarting' ||
    listAt(primary, 'status', 'restart', 'inProgress').length > 0
  )
    return true;
  return componentStatuses(primary).some(([, status]) => {
    const updated = numberAt(status, 'updatedReplicas');
    const replicas = numberAt(status, 'replicas');
    return updated !== undefined && replicas !== undefined && updated < replicas;
  });
}

/** What in the status has another type than the API says, as sentences that name the path. */
export function unreadableStatus(primary: KubernetesObject): readonly string[] {
  const { status } = primary;
  if (status === undefined) return [];
  if (!isMap(status)) return [misfit('status', status, 'an object')];
  const found: string[] = [];
  const expect = (path: readonly string[], wanted: string, holds: (value: unknown) => boolean) => {
    const value = valueAt(status, ...path);
    if (value !== undefined && !holds(value)) found.push(misfit(['status', ...path].join('.'), value, wanted));
  };
  const isNumber = (value: unknown) => typeof value === 'number';
  expect(['state'], 'a string', (value) => typeof value === 'string');
  expect(['observedGeneration'], 'a number', isNumber);
  expect(['conditions'], 'a list', Array.isArray);
  for (const field of ['components', 'services', 'rollingUpdate', 'restart']) expect([field], 'an object', isMap);
  for (const field of ['components', 'services']) {
    for (const [name, component] of entriesAt(status, field)) {
      expect([field, name], 'an object', isMap);
      for (const count of ['replicas', 'readyReplicas', 'availableReplicas', 'updatedReplicas']) {
        if (valueAt(component, count) !== undefined) expect([field, name, count], 'a number', isNumber);
      }
    }
  }
  return found;
}
