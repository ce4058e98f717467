import { type KubernetesObject, listAt, textAt, valueAt } from '../../../kubernetes.ts';
import { isMap, labelOf, type Wanted, withTransitions } from '../objects.ts';
import { runtimeNamespace } from './children.ts';
import { isRolledOut, replicaCounts } from './component-controller.ts';
import { type Component, isV1alpha1, isWorker } from './components.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface Outcome {
  readonly state: 'pending' | 'successful' | 'failed';
  readonly reason: string;
  readonly message: string;
}

const readyCondition = (graph: KubernetesObject, { state, reason, message }: Outcome, now: Date) =>
  withTransitions(
    listAt(graph, 'status', 'conditions'),
    [
      {
        type: 'Ready',
        status: state === 'successful' ? 'True' : 'False',
        reason,
        message,
        observedGeneration: graph.metadata.generation,
      } satisfies Wanted,
    ],
    now,
  );

/** A failed reconcile: the rest of the status stays, observedGeneration too. */
export function failedStatus(graph: KubernetesObject, outcome: Outcome, now: Date): Fields {
  const before = isMap(graph.status) ? graph.status : {};
  return { ...before, state: 'failed', conditions: readyCondition(graph, outcome, now) };
}

type Counts = ReturnType<typeof replicaCounts>;

/** Old and new Deployments of one component added up; what is updated runs the newest hash. */
function added(all: readonly Counts[], newest: Counts): Counts {
  const sum = (field: 'replicas' | 'readyReplicas' | 'availableReplicas') =>
    all.reduce((total, counts) => total + counts[field], 0);
  return {
    ...newest,
    componentNames: all.flatMap((counts) => counts.componentNames).sort(),
    replicas: sum('replicas'),
    readyReplicas: sum('readyReplicas'),
    availableReplicas: sum('availableReplicas'),
  };
}

/** Counts per component name, from the Deployments that exist. */
export function componentCounts(
  graph: KubernetesObject,
  components: readonly Component[],
  deployments: readonly KubernetesObject[],
  hash: string,
  current: string,
): Fields {
  const entries = components.flatMap((component) => {
    const mine = deployments.filter((each) => labelOf(each, 'nvidia.com/dynamo-component') === component.name);
    const suffix = isWorker(component) ? `-${current}` : '';
    const namespace = isV1alpha1(graph) ? undefined : `${runtimeNamespace(graph)}${suffix}`;
    const counts = mine.map((deployment) => replicaCounts(deployment, namespace));
    const newest =
      counts[isWorker(component) ? mine.findIndex(({ metadata }) => metadata.name.endsWith(`-${hash}`)) : 0];
    return newest === undefined ? [] : [[component.name, added(counts, newest)] as const];
  });
  return Object.fromEntries(entries);
}

/** Pending until every Deployment has rolled out, in the operator's words. */
export function outcomeOf(
  names: readonly string[],
  deployments: readonly KubernetesObject[],
  rolling: boolean,
): Outcome {
  if (rolling) return { state: 'pending', reason: 'rolling_update_in_progress', message: 'Rolling update in progress' };
  const unready = names.filter((name) => {
    const deployment = deployments.find(({ metadata }) => metadata.name === name);
    return deployment === undefined || !isRolledOut(deployment);
  });
  if (unready.length === 0) {
    return { state: 'successful', reason: 'all_resources_are_ready', message: 'All resources are ready' };
  }
  const each = unready.map((name) => `${name}: Component deployment not ready - Available condition not true`);
  return {
    state: 'pending',
    reason: 'some_resources_are_not_ready',
    message: `Resources not ready: ${each.join('; ')}`,
  };
}

/** The whole status of a graph whose reconcile went through. */
export function graphStatus(
  graph: KubernetesObject,
  outcome: Outcome,
  counts: Fields,
  progress: { readonly rollingUpdate: unknown; readonly restart: unknown },
  now: Date,
): Fields {
  return {
    state: outcome.state,
    observedGeneration: graph.metadata.generation,
    conditions: readyCondition(graph, outcome, now),
    [isV1alpha1(graph) ? 'services' : 'components']: counts,
    ...(progress.rollingUpdate === undefined ? {} : { rollingUpdate: progress.rollingUpdate }),
    ...(progress.restart === undefined ? {} : { restart: progress.restart }),
  };
}

/** `status.rollingUpdate` after this reconcile; it stays once there was one. */
export function rollingUpdateOf(
  graph: KubernetesObject,
  inProgress: boolean,
  updated: readonly string[],
  now: string,
): Fields | undefined {
  const before = valueAt(graph, 'status', 'rollingUpdate');
  const phase = textAt(before, 'phase');
  if (inProgress) {
    return {
      phase: 'InProgress',
      startTime: (phase === 'InProgress' ? textAt(before, 'startTime') : undefined) ?? now,
    };
  }
  if (phase !== 'InProgress') return isMap(before) ? before : undefined;
  const list = isV1alpha1(graph) ? 'updatedServices' : 'updatedComponents';
  return { phase: 'Completed', startTime: textAt(before, 'startTime'), endTime: now, [list]: updated };
}
