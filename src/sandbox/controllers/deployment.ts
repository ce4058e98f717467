import { createHash } from 'node:crypto';
import { type KubernetesObject, textAt, valueAt } from '../../kubernetes.ts';
import type { Controller } from './controller.ts';
import { createRecorder } from './events.ts';
import { controllerOf, isDeleting, isMap, owned, ownedBy, splitKey, textsAt } from './objects.ts';
import { deploymentStatus, mostReplicas, replicasOf, rollout, wantedReplicas } from './rollout.ts';
import { controllerManager, type World } from './world.ts';

const controllerName = 'deployment-controller';
const deployments = { group: 'apps', kind: 'Deployment' };
const replicaSets = { group: 'apps', kind: 'ReplicaSet' };
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** A short hash of a pod template, in the characters of generated names. */
function templateHash(template: unknown): string {
  const digest = createHash('sha256').update(JSON.stringify(template)).digest();
  return [...digest.subarray(0, 9)].map((byte) => alphabet.charAt(byte % alphabet.length)).join('');
}

const annotation = (name: string): string => `deployment.kubernetes.io/${name}`;

const revisionOf = (object: KubernetesObject): number =>
  Number(textAt(object, 'metadata', 'annotations', annotation('revision')) ?? 0);

/** What ReplicaSets remember of their Deployment. */
const sizes = (deployment: KubernetesObject) => ({
  [annotation('desired-replicas')]: String(wantedReplicas(deployment)),
  [annotation('max-replicas')]: String(mostReplicas(deployment)),
});

/** Rolls Deployments out over ReplicaSets. On a real control plane kube-controller-manager does this. */
export function deploymentController(world: World): Controller {
  const record = createRecorder(world, controllerName);

  const setOf = (deployment: KubernetesObject, hash: string): KubernetesObject => {
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
        annotations: sizes(deployment),
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
    name: controllerName,
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
      const old = sets.filter((set) => set !== known);
      const revision = Math.max(0, ...old.map(revisionOf)) + 1;
      const scaled = (set: string, from: number, to: number) =>
        record({
          about: deployment,
          type: 'Normal',
          reason: 'ScalingReplicaSet',
          message: `Scaled ${to > from ? 'up' : 'down'} replica set ${set} from ${from} to ${to}`,
        });

      let fresh = known ?? setOf(deployment, hash);
      const scales = rollout(deployment, fresh, old);
      const marks: Record<string, string> = { [annotation('revision')]: String(Math.max(revision, revisionOf(fresh))) };
      if (known === undefined) {
        const replicas = scales.find(({ set }) => set === fresh)?.replicas ?? 0;
        const { metadata, spec } = fresh;
        const annotations = { ...metadata.annotations, ...marks };
        const first = {
          ...fresh,
          metadata: { ...metadata, annotations },
          spec: { ...(isMap(spec) ? spec : {}), replicas },
        };
        const created = await world.create(first, controllerManager);
        if (created === undefined) return { after: 0 };
        if (replicas > 0) await scaled(created.metadata.name, 0, replicas);
        fresh = created;
      } else if (revisionOf(known) < revision) {
        await world.patch(known, { metadata: { annotations: marks } }, controllerManager);
      }
      for (const { set, replicas } of scales) {
        if (replicasOf(set) === replicas || (known === undefined && !old.includes(set))) continue;
        await world.patch(set, { metadata: { annotations: sizes(deployment) }, spec: { replicas } }, controllerManager);
        await scaled(set.metadata.name, replicasOf(set), replicas);
      }
      if (textAt(deployment, 'metadata', 'annotations', annotation('revision')) !== marks[annotation('revision')]) {
        await world.patch(deployment, { metadata: { annotations: marks } }, controllerManager, 'status');
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
        controllerManager,
      );
      return undefined;
    },
  };
}
