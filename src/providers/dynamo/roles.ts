import { conditionOf, type KubernetesObject, numberAt, textAt, valueAt } from '../../kubernetes.ts';
import { type Cause, judgePod, type PodJudgement } from '../pods.ts';
import type { RoleStatus, Snapshot } from '../provider.ts';
import { type Role, type WorkerRole, workerRoles } from '../spec.ts';
import type { Graph, GraphComponent } from './graph.ts';
import { componentLabel, replicaLabels } from './labels.ts';

/** One replica of a component: one pod, or the pods of a multinode replica. */
interface Replica {
  readonly pods: readonly PodJudgement[];
  readonly ready: boolean;
  readonly scheduled: boolean;
}

/** All components that do the same, taken together. */
export interface RoleState {
  readonly role: Role;
  readonly desired: number;
  /** Ready replicas, at most as many as are desired; judged by pods where they can be read, else what the status claims. */
  readonly ready: number;
  readonly replicas: readonly Replica[];
  /** Why pods that are missing cannot be created. */
  readonly refusal: Cause | undefined;
  readonly gpus: number | null;
}

const isOfKind =
  (kind: string) =>
  (object: KubernetesObject): boolean =>
    object.kind === kind;

export const canRead = ({ unread }: Snapshot, kind: string): boolean =>
  !unread.some(({ query }) => query.kind === kind);

/** Components are matched whatever the case of their name: the operator lowers it in most places. */
const componentOf = (object: KubernetesObject): string =>
  (textAt(object, 'metadata', 'labels', componentLabel) ?? '').toLowerCase();

export function podsOf(snapshot: Snapshot, { name }: GraphComponent): readonly KubernetesObject[] {
  return snapshot.objects.filter(isOfKind('Pod')).filter((pod) => componentOf(pod) === name.toLowerCase());
}

function replicasOf(component: GraphComponent, pods: readonly KubernetesObject[]): readonly Replica[] {
  const groups = new Map<string, PodJudgement[]>();
  for (const pod of pods) {
    const judgement = judgePod(pod);
    if (judgement.gone) continue;
    const labels = replicaLabels.map((label) => pod.metadata.labels?.[label] ?? '');
    const key = component.nodes === 1 ? judgement.name : labels.join('/');
    const group = groups.get(key);
    if (group) group.push(judgement);
    else groups.set(key, [judgement]);
  }
  return [...groups.values()].map((group) => {
    const complete = group.length >= component.nodes;
    return {
      pods: group,
      ready: complete && group.every(({ ready }) => ready),
      scheduled: complete && group.every(({ scheduled }) => scheduled),
    };
  });
}

/** What the operator counts as ready, under the name that the component's kind has for it (operator 1.5). */
function claimedReady(primary: KubernetesObject, { name }: GraphComponent): number {
  const status = valueAt(primary, 'status', 'components', name) ?? valueAt(primary, 'status', 'services', name);
  return numberAt(status, 'readyReplicas') ?? numberAt(status, 'availableReplicas') ?? 0;
}

/** Why the pods of a component's Kubernetes Deployments cannot be created. */
function refusalOf({ objects }: Snapshot, { name }: GraphComponent): Cause | undefined {
  for (const workload of objects.filter(isOfKind('Deployment'))) {
    if (componentOf(workload) !== name.toLowerCase()) continue;
    const failure = conditionOf(workload, 'ReplicaFailure');
    if (failure?.status !== 'True') continue;
    return { reason: failure.reason ?? 'FailedCreate', message: failure.message ?? 'its pods cannot be created' };
  }
  return undefined;
}

export const isModelRole = (role: Role | null): role is WorkerRole => workerRoles.some((worker) => worker === role);

/** Desired replicas of a component, for judging: one that cannot be read is taken for the API's default. */
const wantedOf = ({ replicas }: GraphComponent): number => replicas ?? 1;

/** The roles of a deployment, in the order of the spec. Components without a role (planner, endpoint picker) do not count. */
export function rolesOf(snapshot: Snapshot, graph: Graph): readonly RoleState[] {
  const podsRead = canRead(snapshot, 'Pod');
  const roles = new Set(graph.components.map(({ role }) => role).filter((role) => role !== null));
  return [...roles].map((role): RoleState => {
    const components = graph.components.filter((component) => component.role === role);
    const wanted = components.filter((component) => wantedOf(component) > 0);
    let ready = 0;
    const replicas: Replica[] = [];
    for (const component of wanted) {
      const own = replicasOf(component, podsOf(snapshot, component));
      const count = podsRead
        ? own.filter((replica) => replica.ready).length
        : claimedReady(snapshot.primary, component);
      ready += Math.min(count, wantedOf(component));
      replicas.push(...own);
    }
    const gpus = new Set(components.map((component) => component.gpus));
    return {
      role,
      desired: wanted.reduce((sum, component) => sum + wantedOf(component), 0),
      ready,
      replicas,
      refusal: wanted.map((component) => refusalOf(snapshot, component)).find((cause) => cause !== undefined),
      gpus: gpus.size === 1 ? ([...gpus][0] ?? null) : null,
    };
  });
}

/** How many replicas there are to say: null for what could not be read. */
export function roleStatuses(snapshot: Snapshot, graph: Graph, roles: readonly RoleState[]): readonly RoleStatus[] {
  const podsRead = canRead(snapshot, 'Pod');
  return roles.map(({ role, desired, ready, gpus }) => {
    const known = graph.components.every((component) => component.role !== role || component.replicas !== null);
    return { role, desired: known ? desired : null, ready: podsRead ? ready : null, gpus };
  });
}
