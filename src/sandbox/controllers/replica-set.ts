import { FoundryError } from '../../errors.ts';
import { type KubernetesObject, listAt, numberAt, valueAt } from '../../kubernetes.ts';
import { refusalOf } from '../mishaps/refusals.ts';
import type { Controller } from './controller.ts';
import { createRecorder } from './events.ts';
import {
  controllerOf,
  isDeleting,
  isMap,
  isReady,
  keyOf,
  owned,
  ownedBy,
  splitKey,
  textsAt,
  withTransitions,
} from './objects.ts';
import { isActive, nodeOf } from './pods.ts';
import { wishFor } from './wishes.ts';
import { controllerManager, type World } from './world.ts';

const controllerName = 'replicaset-controller';
const replicaSets = { group: 'apps', kind: 'ReplicaSet' };
const pods = { group: '', kind: 'Pod' };

/** Simulated seconds until the creation of pods that was refused is tried again. */
const retrySeconds = 15;

/** The first refusal stays for as long as there are any, as the real controller has it: each names another pod. */
function failed(set: KubernetesObject, message: string, now: Date): readonly unknown[] {
  const before = listAt(set, 'status', 'conditions');
  if (before.length > 0) return before;
  return withTransitions([], [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }], now);
}

/** Pods to give up first: those without a node, then those that are not ready. */
const byWorth = (left: KubernetesObject, right: KubernetesObject): number => worth(left) - worth(right);
const worth = (pod: KubernetesObject): number => (nodeOf(pod) === undefined ? 0 : isReady(pod) ? 2 : 1);

/** The pod that a ReplicaSet's template describes. */
function podOf(owner: KubernetesObject, suffix: string): KubernetesObject {
  const template = valueAt(owner, 'spec', 'template');
  const annotations = textsAt(template, 'metadata', 'annotations');
  const spec = valueAt(template, 'spec');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${owner.metadata.name}-`,
      name: `${owner.metadata.name}-${suffix}`,
      namespace: owner.metadata.namespace,
      labels: textsAt(template, 'metadata', 'labels'),
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      ownerReferences: ownedBy(owner),
    },
    spec: isMap(spec) ? spec : {},
  };
}

/** Keeps as many pods as a ReplicaSet asks for. */
export function replicaSetController(world: World): Controller {
  const record = createRecorder(world, controllerName);
  /** Creates a pod, or tells why the server would not have it; undefined when one of that name exists. */
  const create = async (wanted: KubernetesObject) => {
    const refused = refusalOf(wanted, wishFor(world, wanted));
    if (refused !== undefined) return { refused };
    try {
      const pod = await world.create(wanted, controllerManager);
      return pod && { pod, refused: undefined };
    } catch (error) {
      if (!(error instanceof FoundryError) || !['REJECTED', 'QUOTA', 'FORBIDDEN'].includes(error.code)) throw error;
      return { refused: error.message };
    }
  };

  return {
    name: controllerName,
    watches: [
      { resource: replicaSets },
      {
        resource: pods,
        keys: (pod) => {
          const owner = controllerOf(pod);
          return owner?.kind === 'ReplicaSet' ? [`${pod.metadata.namespace}/${owner.name}`] : [];
        },
      },
    ],
    wake: (enqueue) =>
      world.failures.subscribe(() => {
        for (const set of world.cache(replicaSets).list()) enqueue(keyOf(set));
      }),
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const set = world.cache(replicaSets).get(namespace, name);
      if (set === undefined || isDeleting(set)) return undefined;
      const active = owned(world.cache(pods).list(namespace), set).filter(isActive);
      const mine = active.filter((pod) => !isDeleting(pod));
      const wanted = numberAt(set, 'spec', 'replicas') ?? 1;
      let refused: string | undefined;
      for (let missing = wanted - mine.length; missing > 0; missing -= 1) {
        const made = await create(podOf(set, world.random.suffix()));
        if (made === undefined) return { after: 0 };
        if (made.refused !== undefined) {
          refused = made.refused;
          await record({ about: set, type: 'Warning', reason: 'FailedCreate', message: `Error creating: ${refused}` });
          break;
        }
        const { pod } = made;
        mine.push(pod);
        await record({
          about: set,
          type: 'Normal',
          reason: 'SuccessfulCreate',
          message: `Created pod: ${pod.metadata.name}`,
        });
      }
      for (const pod of [...mine].sort(byWorth).slice(0, Math.max(0, mine.length - wanted))) {
        await world.remove(pod);
        mine.splice(mine.indexOf(pod), 1);
        await record({
          about: set,
          type: 'Normal',
          reason: 'SuccessfulDelete',
          message: `Deleted pod: ${pod.metadata.name}`,
        });
      }
      const ready = mine.filter(isReady).length;
      const current = world.cache(replicaSets).get(namespace, name);
      if (current === undefined) return undefined;
      await world.setStatus(
        current,
        {
          replicas: mine.length,
          fullyLabeledReplicas: mine.length,
          ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
          terminatingReplicas: active.length - mine.length,
          observedGeneration: set.metadata.generation,
          ...(refused === undefined ? {} : { conditions: failed(current, refused, world.clock.now()) }),
        },
        controllerManager,
      );
      return refused === undefined ? undefined : { after: retrySeconds, background: true };
    },
  };
}
