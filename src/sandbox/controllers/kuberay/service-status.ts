import { conditionOf, type KubernetesObject, listAt, textAt, valueAt } from '../../../kubernetes.ts';
import type { ApplicationState } from '../../containers/ray-serve.ts';
import { isMap, type Wanted, withTransitions } from '../objects.ts';

type Fields = Readonly<Record<string, unknown>>;

/** One side of a RayService: the cluster that serves, or the one that is to. */
export interface Side {
  readonly name?: string;
  readonly cluster?: KubernetesObject;
  readonly applications?: Readonly<Record<string, ApplicationState>>;
}

export interface ServiceState {
  readonly active: Side;
  readonly pending: Side;
  readonly endpoints: number;
}

const emptyCluster = { desiredCPU: '0', desiredGPU: '0', desiredMemory: '0', desiredTPU: '0', head: {} };

function sideStatus({ name, cluster, applications }: Side): Fields {
  return {
    ...(applications === undefined || Object.keys(applications).length === 0
      ? {}
      : { applicationStatuses: applications }),
    ...(name === undefined ? {} : { rayClusterName: name }),
    rayClusterStatus: isMap(cluster?.status) ? cluster.status : emptyCluster,
  };
}

const emptySide = sideStatus({});

/** The name of the cluster on one side, as the status holds it. */
export const clusterNameOf = (service: KubernetesObject, side: 'active' | 'pending'): string | undefined =>
  textAt(service, 'status', `${side}ServiceStatus`, 'rayClusterName') || undefined;

function readyCondition(service: KubernetesObject, endpoints: number, generation: unknown): Wanted {
  const type = 'Ready';
  const observed = { observedGeneration: generation };
  if (endpoints > 0) {
    const message = 'Number of serve endpoints is greater than 0';
    return { type, status: 'True', reason: 'NonZeroServeEndpoints', message, ...observed };
  }
  const before = conditionOf(service, type);
  if (before !== undefined && (before.reason === 'NonZeroServeEndpoints' || before.reason === 'ZeroServeEndpoints')) {
    const message = 'Number of serve endpoints dropped to 0';
    return { type, status: 'False', reason: 'ZeroServeEndpoints', message, ...observed };
  }
  return { type, status: 'False', reason: 'Initializing', message: initializing(service), ...observed };
}

const initializing = (service: KubernetesObject): string =>
  conditionOf(service, 'Suspended') === undefined
    ? 'RayService is initializing'
    : 'RayService is initializing after resuming from suspend.';

function upgradeCondition(service: KubernetesObject, { active, pending }: ServiceState, generation: unknown): Wanted {
  const type = 'UpgradeInProgress';
  const observed = { observedGeneration: generation };
  if (active.name !== undefined && pending.name !== undefined) {
    const message = 'Both active and pending Ray clusters exist';
    return { type, status: 'True', reason: 'BothActivePendingClustersExist', message, ...observed };
  }
  if (active.name !== undefined) {
    const message = 'Active Ray cluster exists and no pending Ray cluster';
    return { type, status: 'False', reason: 'NoPendingCluster', message, ...observed };
  }
  return { type, status: 'False', reason: 'Initializing', message: initializing(service), ...observed };
}

/** Conditions of others kinds, kept as they are, with those of suspending brought to an end. */
function kept(service: KubernetesObject): readonly Wanted[] {
  const generation = service.metadata.generation;
  return listAt(service, 'status', 'conditions').flatMap((condition): Wanted[] => {
    const type = textAt(condition, 'type') ?? '';
    if (!isMap(condition) || type === 'Ready' || type === 'UpgradeInProgress') return [];
    if (type === 'Suspended' && textAt(condition, 'status') === 'True') {
      const message = 'Spec.Suspend is false; RayService has resumed.';
      return [{ type, status: 'False', reason: 'RayServiceResumed', message, observedGeneration: generation }];
    }
    const { lastTransitionTime, ...rest } = condition;
    const status = textAt(condition, 'status') === 'True' ? 'True' : 'False';
    return [{ ...rest, type, status }];
  });
}

/** The status of a RayService that is neither refused nor suspended, without the time at which it is written. */
export function serviceStatus(service: KubernetesObject, state: ServiceState, now: Date): Fields {
  const { generation } = service.metadata;
  const conditions = [
    readyCondition(service, state.endpoints, generation),
    upgradeCondition(service, state, generation),
    ...kept(service),
  ];
  const upgrading = state.active.name !== undefined && state.pending.name !== undefined;
  return {
    activeServiceStatus: sideStatus(upgrading ? { ...state.active, applications: {} } : state.active),
    pendingServiceStatus: sideStatus(state.pending),
    conditions: withTransitions(listAt(service, 'status', 'conditions'), conditions, now),
    observedGeneration: generation,
    ...(state.endpoints > 0 ? { numServeEndpoints: state.endpoints, serviceStatus: 'Running' } : {}),
  };
}

/** The status of a RayService that the operator's own validation refuses: the rest of it stays. */
export function refusedStatus(service: KubernetesObject, message: string, now: Date): Fields {
  const before = isMap(service.status)
    ? service.status
    : { activeServiceStatus: emptySide, pendingServiceStatus: emptySide };
  const others = listAt(service, 'status', 'conditions').filter((condition) => textAt(condition, 'type') !== 'Ready');
  const observed = valueAt(service, 'status', 'observedGeneration');
  const refused = {
    type: 'Ready',
    status: 'False',
    reason: 'ValidationFailed',
    message,
    ...(observed === undefined ? {} : { observedGeneration: observed }),
  } as const;
  return {
    ...before,
    conditions: [...withTransitions(listAt(service, 'status', 'conditions'), [refused], now), ...others],
  };
}

/** The status while a RayService goes to sleep, and when nothing of it is left. */
export function suspendedStatus(service: KubernetesObject, done: boolean, now: Date): Fields {
  const reason = done ? 'SuspendComplete' : 'SuspendInProgress';
  const observed = { observedGeneration: service.metadata.generation };
  const state = (type: string, on: boolean, message: string): Wanted => ({
    type,
    status: on ? 'True' : 'False',
    reason,
    message,
    ...observed,
  });
  const gone = 'All owned resources have been deleted.';
  const going = 'Deleting owned resources.';
  const conditions = [
    state('Ready', false, done ? 'RayService is suspended.' : 'RayService is suspending.'),
    state('UpgradeInProgress', false, 'No upgrade in progress.'),
    state('Suspending', !done, done ? gone : going),
    state('RollbackInProgress', false, 'No rollback in progress.'),
    ...(done ? [state('Suspended', true, gone)] : []),
  ];
  return {
    activeServiceStatus: emptySide,
    pendingServiceStatus: emptySide,
    conditions: withTransitions(listAt(service, 'status', 'conditions'), conditions, now),
    observedGeneration: service.metadata.generation,
  };
}
