import { createHash } from 'node:crypto';
import { type KubernetesObject, valueAt } from '../../kubernetes.ts';
import type { Controller } from './controller.ts';
import { createRecorder } from './events.ts';
import { controllerOf, isDeleting, isMap, owned, ownedBy, splitKey, textsAt } from './objects.ts';
import { deploymentStatus, replicasOf, rollout } from './rollout.ts';
import type { World } from './world.ts';

const manager = 'deployment-controller';
const deployments = { group: 'apps', kind: 'Deployment' };
const replicaSets = { group: 'apps', kind: 'ReplicaSet' };
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** A short hash of a pod template, in the characters of generated names. */
function templateHash(template: unknown): string {
  const digest = createHash('sha256').update(JSON.stringify(template)).digest();
  return [...digest.subarray(0, 9)].map((byte) => alphabet.charAt(byte % alphabet.length)).join('');
}

/** Rolls Deployments out over ReplicaSets. On a real control plane kube-controller-manager does this. */
export function deploymentController(world: World): Controller {
  const record = createRecorder(world, manager);

  const setOf = (deployment: KubernetesObject, hash: string, revision: number): KubernetesObject => {
    const template = valueAt(deployment, 'spec', 'template');
    const labels = { ...textsAt(template, 'metadata', 'labels'), 'pod-template-hash': hash };
    const metadata = isMap(valueAt(template, 'metadata')) ? valueAt(template, 'metadata') : {};
    return {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${deployment.metadata.name}-${hash}`,
        namespace: deployment.metadata.namespace,
        labels,
        annotations: { 'deployment.kubernetes.io/revision': String(revision) },
        ownerReferences: ownedBy(deployment),
      },
      spec: {
        replicas: 0,
        selector: {
          matchLabels: { ...textsAt(deployment, 'spec', 'selector', 'matchLabels'), 'pod-template-hash': hash },
        },
        template: { ...(isMap(template) ? template : {}), metadata: { ...(isMap(metadata) ? metadata : {}), labels } },
      },
    };
  };

  return {
    name: manager,
    watches: [
      { resource: deployments },
      {
        resource: replicaSets,
        keys: (set) => {
          const owner = controllerOf(set);
          return owner?.kind === 'Deployment' ? [`${set.metadata.namespace}/${owner.name}`] : [];
        },
      },
    ],
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const deployment = world.cache(deployments).get(namespace, name);
      if (deployment === undefined || isDeleting(deployment)) return undefined;
      const hash = templateHash(valueAt(deployment, 'spec', 'template'));
      const sets = owned(world.cache(replicaSets).list(namespace), deployment);
      const known = sets.find((set) => set.metadata.labels?.['pod-template-hash'] === hash);
      const fresh = known ?? (await world.create(setOf(deployment, hash, sets.length + 1), manager));
      if (fresh === undefined) return { after: 0 };
      const old = sets.filter((set) => set !== fresh);
      for (const { set, replicas } of rollout(deployment, fresh, old)) {
        if (replicasOf(set) === replicas) continue;
        const direction = replicas > replicasOf(set) ? 'up' : 'down';
        await world.patch(set, { spec: { replicas } }, manager);
        await record({
          about: deployment,
          type: 'Normal',
          reason: 'ScalingReplicaSet',
          message: `Scaled ${direction} replica set ${set.metadata.name} from ${replicasOf(set)} to ${replicas}`,
        });
      }
      const now = owned(world.cache(replicaSets).list(namespace), deployment);
      const newest = now.find((set) => set.metadata.uid === fresh.metadata.uid);
      const current = world.cache(deployments).get(namespace, name);
      if (newest === undefined || current === undefined) return undefined;
      await world.setStatus(
        current,
        deploymentStatus(
          current,
          newest,
          now.filter((set) => set !== newest),
          world.clock.now(),
        ),
        manager,
      );
      return undefined;
    },
  };
}
