import { isDeepStrictEqual } from 'node:util';
import { FoundryError } from '../../../errors.ts';
import { booleanAt, type KubernetesObject, listAt, textAt } from '../../../kubernetes.ts';
import type { Controller } from '../controller.ts';
import { createRecorder } from '../events.ts';
import { controllerOf, isDeleting, isMap, isReady, labelOf, owned, ownedBy, splitKey, timestamp } from '../objects.ts';
import { isActive } from '../pods.ts';
import type { World } from '../world.ts';
import { clusterStatus, type ReplicaFailure } from './cluster-status.ts';
import { portsOf, workerGroups } from './ray-groups.ts';
import { headPod, workerPod } from './ray-pods.ts';

const component = 'raycluster-controller';
const manager = 'kuberay-operator';
const clusters = { group: 'ray.io', kind: 'RayCluster' };
const services = { group: '', kind: 'Service' };
const pods = { group: '', kind: 'Pod' };

export const fromService = 'ray.io/originated-from-cr-name';

/** The head Service: headless, and of pods that are not ready too. */
export function headService(cluster: KubernetesObject): KubernetesObject {
  const labels = {
    'app.kubernetes.io/created-by': 'kuberay-operator',
    'app.kubernetes.io/name': 'kuberay',
    'ray.io/cluster': cluster.metadata.name,
    'ray.io/identifier': `${cluster.metadata.name}-head`,
    'ray.io/node-type': 'head',
  };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: `${cluster.metadata.name}-head-svc`,
      namespace: cluster.metadata.namespace,
      labels,
      ownerReferences: ownedBy(cluster),
    },
    spec: {
      type: 'ClusterIP',
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: labels,
      ports: portsOf(cluster).map(({ name, port }) => ({
        name,
        port,
        targetPort: port,
        protocol: 'TCP',
        appProtocol: 'tcp',
      })),
    },
  };
}

/** The status without the time at which it was written. */
const timeless = (status: unknown): unknown => {
  if (!isMap(status)) return status;
  const { lastUpdateTime, ...rest } = status;
  return rest;
};

/** Keeps head, workers and head Service of every RayCluster, as KubeRay does. */
export function rayClusterController(world: World, events: 'counted' | 'timed'): Controller {
  const record = createRecorder(world, component, manager);
  const say = (about: KubernetesObject, reason: string, message: string, type: 'Normal' | 'Warning' = 'Normal') =>
    record({ about, type, reason, message, ...(events === 'timed' ? { action: 'Reconcile' } : {}) });

  /** Creates a pod; answers why the server would not have it. */
  const create = async (cluster: KubernetesObject, pod: KubernetesObject, what: 'Head' | 'Worker') => {
    const { namespace } = cluster.metadata;
    const word = what.toLowerCase();
    try {
      await world.create(pod, manager);
      await say(cluster, `Created${what}Pod`, `Created ${word} Pod ${namespace}/${pod.metadata.name}`);
      return undefined;
    } catch (error) {
      if (!(error instanceof FoundryError) || !['REJECTED', 'QUOTA', 'FORBIDDEN'].includes(error.code)) throw error;
      return refused(cluster, what, error.message);
    }
  };
  const refused = async (
    cluster: KubernetesObject,
    what: 'Head' | 'Worker',
    words: string,
  ): Promise<ReplicaFailure> => {
    const about = `the cluster ${cluster.metadata.namespace}/${cluster.metadata.name}`;
    await say(
      cluster,
      `FailedToCreate${what}Pod`,
      `Failed to create ${what.toLowerCase()} Pod for ${about}, ${words}`,
      'Warning',
    );
    const reason = what === 'Head' ? 'FailedCreateHeadPod' : 'FailedCreateWorkerPod';
    return { reason, message: `${reason}\n${words}` };
  };

  const ensureService = async (cluster: KubernetesObject) => {
    const service = headService(cluster);
    const { namespace = '', name } = service.metadata;
    if (world.cache(services).get(namespace, name) !== undefined) return;
    if ((await world.create(service, manager)) === undefined) return;
    await say(cluster, 'CreatedService', `Created service ${namespace}/${name}`);
  };

  /** Makes the pods what the cluster asks for; answers what failed. */
  const reconcilePods = async (cluster: KubernetesObject, mine: readonly KubernetesObject[]) => {
    const { namespace = '' } = cluster.metadata;
    const service = labelOf(cluster, fromService);
    const wish = world.failures.of(namespace, service ?? cluster.metadata.name);
    if (!mine.some((pod) => labelOf(pod, 'ray.io/node-type') === 'head')) {
      const failure = await create(cluster, headPod(cluster, service !== undefined, world.random.suffix()), 'Head');
      if (failure !== undefined) return failure;
    }
    for (const { name, group, pods: wanted } of workerGroups(cluster)) {
      const workers = mine.filter((pod) => labelOf(pod, 'ray.io/group') === name);
      const doomed = listAt(group, 'scaleStrategy', 'workersToDelete');
      const spare = [...workers]
        .sort((left, right) => Number(isReady(left)) - Number(isReady(right)))
        .slice(0, Math.max(0, workers.length - wanted));
      for (const pod of new Set([...workers.filter((pod) => doomed.includes(pod.metadata.name)), ...spare])) {
        await world.remove(pod);
        await say(cluster, 'DeletedWorkerPod', `Deleted worker Pod ${namespace}/${pod.metadata.name}`);
      }
      for (let index = workers.length; index < wanted; index += 1) {
        if (wish?.kind === 'failed-reconcile') {
          const words = `pods "${cluster.metadata.name}-${name}-worker" is forbidden: admission denied the request`;
          return refused(cluster, 'Worker', words);
        }
        const pod = workerPod(cluster, group, service !== undefined, index, world.random.suffix());
        const failure = await create(cluster, pod, 'Worker');
        if (failure !== undefined) return failure;
      }
    }
    return undefined;
  };

  return {
    name: component,
    watches: [
      { resource: clusters },
      ...[pods, services].map((resource) => ({
        resource,
        keys: (child: KubernetesObject) => {
          const owner = controllerOf(child);
          return owner?.kind === clusters.kind ? [`${child.metadata.namespace}/${owner.name}`] : [];
        },
      })),
    ],
    wake: (enqueue) =>
      world.failures.subscribe(() => {
        for (const { metadata } of world.cache(clusters).list()) enqueue(`${metadata.namespace}/${metadata.name}`);
      }),
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const cluster = world.cache(clusters).get(namespace, name);
      if (cluster === undefined || isDeleting(cluster)) return undefined;
      const all = () => owned(world.cache(pods).list(namespace), cluster);
      const present = () => all().filter((pod) => !isDeleting(pod) && isActive(pod));
      const suspend = booleanAt(cluster, 'spec', 'suspend') ?? false;
      await ensureService(cluster);
      if (suspend) for (const pod of present()) await world.remove(pod);
      const failure = suspend ? undefined : await reconcilePods(cluster, present());

      const latest = world.cache(clusters).get(namespace, name) ?? cluster;
      const mine = present();
      const head = mine.find((pod) => labelOf(pod, 'ray.io/node-type') === 'head');
      const now = world.clock.now();
      const status = clusterStatus(
        latest,
        {
          head,
          workers: mine.filter((pod) => pod !== head),
          groups: workerGroups(cluster),
          suspended: !suspend ? 'no' : all().length > 0 ? 'suspending' : 'suspended',
          failure,
        },
        now,
      );
      const same = isDeepStrictEqual(timeless(latest.status), timeless(status));
      const written = (same ? textAt(latest, 'status', 'lastUpdateTime') : undefined) ?? timestamp(now);
      await world.setStatus(latest, { ...status, lastUpdateTime: written }, manager);
      return failure === undefined ? undefined : { after: 10, background: true };
    },
  };
}
