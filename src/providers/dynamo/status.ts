import { type KubernetesObject, textsAt } from '../../kubernetes.ts';
import { type Cause, isQuotaDenial, type PodJudgement } from '../pods.ts';
import type { Snapshot, Status } from '../provider.ts';
import type { Phase, Role } from '../spec.ts';
import { type Graph, readGraph } from './graph.ts';
import {
  currentWords,
  isOutdated,
  isStale,
  isUpgrading,
  readyWords,
  reconcileFailure,
  unreadableStatus,
} from './operator-words.ts';
import { canRead, isModelRole, podsOf, type RoleState, roleStatuses, rolesOf } from './roles.ts';

type Verdict = Cause & { readonly phase: Phase };

const verdict = (phase: Phase, { reason, message }: Cause): Verdict => ({ phase, reason, message });

/** A pod's trouble, in a sentence that says whose it is. */
const ofPod = (role: Role, pod: PodJudgement, cause: Cause): Cause => ({
  reason: cause.reason,
  message: `${role} pod ${pod.name}: ${cause.message}`,
});

/** The first pod of the roles for which there is something to say. */
function firstOfPods(roles: readonly RoleState[], about: (pod: PodJudgement) => Cause | undefined): Cause | undefined {
  for (const { role, replicas } of roles) {
    for (const pod of replicas.flatMap((replica) => replica.pods)) {
      const cause = about(pod);
      if (cause) return ofPod(role, pod, cause);
    }
  }
  return undefined;
}

/** Decode workers prefill for themselves when no prefill worker is asked for; every other role must be there. */
const isMet = ({ role, desired, ready }: RoleState): boolean => ready > 0 || (role === 'prefill' && desired === 0);

const behind = ({ message }: Cause): Cause => ({
  reason: 'Serving',
  message: `Every replica is ready; the operator still says: ${message}`,
});

/** Phase 3 of design §4: it serves. */
function servingVerdict(snapshot: Snapshot, roles: readonly RoleState[]): Verdict {
  const { primary, objects } = snapshot;
  const trouble =
    firstOfPods(roles, ({ failing, unschedulable }) => failing ?? unschedulable) ??
    firstOfPods(roles, ({ wasReady, waiting }) => (wasReady ? waiting : undefined)) ??
    // Of a rollout too: what is denied then is only the replacement.
    roles.find(({ refusal }) => refusal !== undefined)?.refusal ??
    reconcileFailure(primary, objects);
  if (trouble) return verdict('Degraded', trouble);

  const missing = roles.filter(({ role, desired, ready }) => isModelRole(role) && ready < desired);
  const words = readyWords(primary) ?? { reason: 'Serving', message: 'Every replica is ready.' };
  const [first] = missing;
  if (!first) return verdict('Running', isOutdated(words) ? behind(words) : words);
  const { reason, message } = firstOfPods(missing, ({ waiting }) => waiting) ?? currentWords(primary, words);
  const counts = missing.map(({ role, desired, ready }) => `${ready} of ${desired} ${role} replicas ready`).join(', ');
  return verdict('Deploying', {
    reason,
    message: `${counts}; ${message}`,
  });
}

/** What will not heal by waiting, while it does not serve. */
function failureOf({ primary, objects }: Snapshot, unmet: readonly RoleState[]): Cause | undefined {
  const failure = reconcileFailure(primary, objects);
  if (failure) return failure;
  for (const state of unmet) {
    const { replicas, refusal } = state;
    if (replicas.length > 0 && replicas.every(({ pods }) => pods.some(({ failing }) => failing !== undefined))) {
      return firstOfPods([state], ({ failing }) => failing);
    }
    if (refusal && !isQuotaDenial(refusal.message)) return refusal;
  }
  return undefined;
}

/** What has yet to begin, while it does not serve. */
function waitOf(snapshot: Snapshot, roles: readonly RoleState[], unmet: readonly RoleState[]): Cause | undefined {
  const said = readyWords(snapshot.primary);
  if (!said) return { reason: 'NoStatus', message: 'The Dynamo operator has not reported on it yet.' };
  const words = currentWords(snapshot.primary, said);
  const denied = unmet.find(({ refusal }) => refusal !== undefined)?.refusal;
  const unplaced = denied ?? firstOfPods(roles, (pod) => pod.unschedulable);
  if (unplaced) return unplaced;
  if (!canRead(snapshot, 'Pod')) return words.reason === 'insufficient_capacity' ? words : undefined;
  const idle = unmet.find(({ replicas }) => !replicas.some(({ scheduled }) => scheduled));
  if (!idle) return undefined;
  const waiting = firstOfPods([idle], (pod) => pod.waiting);
  if (idle.desired === 0) return { reason: 'ScaledToZero', message: `No ${idle.role} replica is asked for.` };
  // A gate tells only that the pod waits; what for, Grove has told the operator.
  if (waiting?.reason === 'SchedulingGated' && words.reason === 'insufficient_capacity')
    return { reason: words.reason, message: `${words.message}; ${waiting.message}` };
  const lack = idle.replicas.length === 0 ? 'There are no' : 'Not all are there of its';
  return waiting ?? { reason: words.reason, message: `${lack} ${idle.role} pods yet. ${words.message}` };
}

/** Phase 4 of design §4: it does not serve, and is never Degraded. */
function waitingVerdict(snapshot: Snapshot, roles: readonly RoleState[]): Verdict {
  const unmet = roles.filter((state) => !isMet(state));
  const failure = failureOf(snapshot, unmet);
  if (failure) return verdict('Failed', failure);
  const wait = waitOf(snapshot, roles, unmet);
  if (wait) return verdict('Pending', wait);
  const starting = firstOfPods(unmet, (pod) => pod.waiting);
  const said = readyWords(snapshot.primary) ?? { reason: 'Starting', message: 'Its pods are starting.' };
  const words = currentWords(snapshot.primary, said);
  const blind = canRead(snapshot, 'Pod') ? '' : ' Its pods cannot be read.';
  return verdict('Deploying', starting ?? { ...words, message: `${words.message}${blind}` });
}

function verdictOf(snapshot: Snapshot, graph: Graph, roles: readonly RoleState[]): Verdict {
  const { primary } = snapshot;
  if (primary.metadata.deletionTimestamp !== undefined) {
    const finalizers = textsAt(primary, 'metadata', 'finalizers').join(', ');
    const waits = finalizers === '' ? '' : ` It waits for ${finalizers}.`;
    return verdict('Deleting', { reason: 'Deleting', message: `It is being deleted.${waits}` });
  }
  if (graph.components.length === 0) {
    return verdict('Failed', {
      reason: 'NoComponents',
      message: 'Its spec has no components, so nothing will ever run.',
    });
  }
  if (!roles.some(({ role, desired }) => isModelRole(role) && desired > 0)) {
    return verdict('Suspended', { reason: 'ScaledToZero', message: 'No model replica is asked for.' });
  }
  return roles.every(isMet) ? servingVerdict(snapshot, roles) : waitingVerdict(snapshot, roles);
}

/** The sum of what is known of every part, null when one is not. */
const total = (counts: readonly (number | null)[]): number | null =>
  counts.reduce((sum: number | null, count) => (sum === null || count === null ? null : sum + count), 0);

/** The phase table of design §4 for one deployment, judged by its pods where they can be read. */
export function status(snapshot: Snapshot): Status {
  const { primary } = snapshot;
  const graph = readGraph(primary);
  const roles = rolesOf(snapshot, graph);
  const { phase, reason, message } = verdictOf(snapshot, graph, roles);
  const unreadable = [...graph.unreadable, ...unreadableStatus(primary)];
  const statuses = roleStatuses(snapshot, graph, roles);
  const models = statuses.filter(({ role }) => isModelRole(role));
  const nothingRead = graph.components.length === 0;
  return {
    phase,
    reason: unreadable.length === 0 ? reason : 'Unreadable',
    message: unreadable.length === 0 ? message : `${unreadable.slice(0, 3).join('; ')}. ${message}`,
    upgrading: isUpgrading(primary),
    stale: isStale(primary),
    replicas: {
      desired: nothingRead && unreadable.length > 0 ? null : total(models.map(({ desired }) => desired)),
      ready: canRead(snapshot, 'Pod') ? total(models.map(({ ready }) => ready)) : null,
    },
    roles: statuses,
  };
}

/** The pods of a deployment with what they do; null for components that serve no model, and for strays. */
export function pods(snapshot: Snapshot): readonly { readonly pod: KubernetesObject; readonly role: Role | null }[] {
  const roleOf = new Map<KubernetesObject, Role | null>();
  for (const component of readGraph(snapshot.primary).components) {
    for (const pod of podsOf(snapshot, component)) roleOf.set(pod, component.role);
  }
  return snapshot.objects.filter(({ kind }) => kind === 'Pod').map((pod) => ({ pod, role: roleOf.get(pod) ?? null }));
}
