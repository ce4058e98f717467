import { type KubernetesObject, numberAt, valueAt } from '../../kubernetes.ts';
import type { Controller } from './controller.ts';
import { createRecorder } from './events.ts';
import { controllerOf, isDeleting, isMap, isReady, owned, ownedBy, splitKey, textsAt } from './objects.ts';
import { isActive, nodeOf } from './pods.ts';
import { controllerManager, type World } from './world.ts';

const controllerName = 'replicaset-controller';
const replicaSets = { group: 'apps', kind: 'ReplicaSet' };
const pods = { group: '', kind: 'Pod' };

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
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const set = world.cache(replicaSets).get(namespace, name);
      if (set === undefined || isDeleting(set)) return undefined;
      const active = owned(world.cache(pods).list(namespace), set).filter(isActive);
      const mine = active.filter((pod) => !isDeleting(pod));
      const wanted = numberAt(set, 'spec', 'replicas') ?? 1;
      for (let missing = wanted - mine.length; missing > 0; missing -= 1) {
        const pod = await world.create(podOf(set, world.random.suffix()), controllerManager);
        if (pod === undefined) return { after: 0 };
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
        },
        controllerManager,
      );
      return undefined;
    },
  };
}
