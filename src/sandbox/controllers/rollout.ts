import { conditionOf, type KubernetesObject, listAt, numberAt, textAt } from '../../kubernetes.ts';
import { timestamp } from './objects.ts';

export const replicasOf = (set: KubernetesObject): number => numberAt(set, 'spec', 'replicas') ?? 1;
const count = (set: KubernetesObject, field: string): number => numberAt(set, 'status', field) ?? 0;
const sum = (sets: readonly KubernetesObject[], field: string): number =>
  sets.reduce((total, set) => total + count(set, field), 0);

/** How many pods the Deployment asks for. */
export const wantedReplicas = (deployment: KubernetesObject): number => numberAt(deployment, 'spec', 'replicas') ?? 1;

/** How many pods of it may run at once. */
export function mostReplicas(deployment: KubernetesObject): number {
  const wanted = wantedReplicas(deployment);
  return textAt(deployment, 'spec', 'strategy', 'type') === 'Recreate' ? wanted : wanted + Math.ceil(wanted * 0.25);
}

export interface Scale {
  readonly set: KubernetesObject;
  readonly replicas: number;
}

/**
 * What the ReplicaSets should hold next. RollingUpdate with the default 25 %: one more pod than wanted may run, and
 * (below four replicas) none less may be available. Recreate first empties the old ones.
 */
export function rollout(
  deployment: KubernetesObject,
  fresh: KubernetesObject,
  old: readonly KubernetesObject[],
): readonly Scale[] {
  const wanted = wantedReplicas(deployment);
  const before = old.reduce((total, set) => total + replicasOf(set), 0);
  if (textAt(deployment, 'spec', 'strategy', 'type') === 'Recreate') {
    const emptied = before === 0 && sum(old, 'replicas') === 0;
    return [
      ...old.map((set) => ({ set, replicas: 0 })),
      { set: fresh, replicas: emptied ? wanted : replicasOf(fresh) },
    ];
  }
  const unavailable = Math.floor(wanted * 0.25);
  const next =
    old.length === 0 ? wanted : Math.min(wanted, Math.max(replicasOf(fresh), mostReplicas(deployment) - before));
  let spare = Math.max(0, sum([...old, fresh], 'availableReplicas') - (wanted - unavailable));
  // Old pods that never became available can go at once.
  const scales = old.map((set) => {
    const broken = Math.max(0, replicasOf(set) - count(set, 'availableReplicas'));
    const going = Math.min(replicasOf(set), broken + spare);
    spare -= Math.max(0, going - broken);
    return { set, replicas: before + next <= wanted ? replicasOf(set) : replicasOf(set) - going };
  });
  return [{ set: fresh, replicas: next }, ...scales];
}

type Conditions = readonly Readonly<Record<string, unknown>>[];

/** Available and Progressing, in the controller's words. */
function conditions(
  deployment: KubernetesObject,
  fresh: KubernetesObject,
  done: boolean,
  available: boolean,
  now: Date,
): Conditions {
  const set = fresh.metadata.name;
  const wanted = [
    available
      ? {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        }
      : {
          type: 'Available',
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        },
    done
      ? {
          type: 'Progressing',
          status: 'True',
          reason: 'NewReplicaSetAvailable',
          message: `ReplicaSet "${set}" has successfully progressed.`,
        }
      : {
          type: 'Progressing',
          status: 'True',
          reason: 'ReplicaSetUpdated',
          message: `ReplicaSet "${set}" is progressing.`,
        },
  ];
  const failure = conditionOf(fresh, 'ReplicaFailure');
  const all = failure?.status === 'True' ? [...wanted, { ...failure }] : wanted;
  return all.map((condition) => {
    const before = listAt(deployment, 'status', 'conditions').find((other) => textAt(other, 'type') === condition.type);
    const kept = textAt(before, 'status') === condition.status;
    const same =
      kept && textAt(before, 'reason') === condition.reason && textAt(before, 'message') === condition.message;
    return {
      ...condition,
      lastTransitionTime: (kept ? textAt(before, 'lastTransitionTime') : undefined) ?? timestamp(now),
      lastUpdateTime: (same ? textAt(before, 'lastUpdateTime') : undefined) ?? timestamp(now),
    };
  });
}

/** The status of a Deployment whose ReplicaSets stand there. */
export function deploymentStatus(
  deployment: KubernetesObject,
  fresh: KubernetesObject,
  old: readonly KubernetesObject[],
  now: Date,
): Readonly<Record<string, unknown>> {
  const wanted = wantedReplicas(deployment);
  const sets = [fresh, ...old];
  const replicas = sum(sets, 'replicas');
  const ready = sum(sets, 'readyReplicas');
  const available = sum(sets, 'availableReplicas');
  const updated = count(fresh, 'replicas');
  const done = updated === wanted && replicas === wanted && count(fresh, 'availableReplicas') === wanted;
  const enough = available >= wanted - Math.floor(wanted * 0.25);
  const positive = {
    replicas,
    updatedReplicas: updated,
    readyReplicas: ready,
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wanted - available),
  };
  return {
    observedGeneration: deployment.metadata.generation,
    terminatingReplicas: 0,
    ...Object.fromEntries(Object.entries(positive).filter(([, value]) => value > 0)),
    conditions: conditions(deployment, fresh, done, enough, now),
  };
}
