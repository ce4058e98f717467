import { isDeepStrictEqual } from 'node:util';
import { FoundryError } from '../../../errors.ts';
import { booleanAt, conditionOf, type KubernetesObject, listAt, textAt } from '../../../kubernetes.ts';
import { refusalOf } from '../../mishaps/refusals.ts';
import type { Controller } from '../controller.ts';
import { createRecorder } from '../events.ts';
import { controllerOf, isDeleting, isMap, isReady, labelOf, owned, splitKey, timestamp } from '../objects.ts';
import { isActive } from '../pods.ts';
import type { World } from '../world.ts';
import { fromService, headlessService, headService } from './cluster-services.ts';
import { clusterStatus, type ReplicaFailure } from './cluster-status.ts';
import { freeSlots, workerGroups } from './ray-groups.ts';
import { headPod, workerPod } from './ray-pods.ts';

const component = 'raycluster-controller';
const manager = 'kuberay-operator';
const clusters = { group: 'ray.io', kind: 'RayCluster' };
const services = { group: '', kind: 'Service' };
const pods = { group: '', kind: 'Pod' };

/** The status without the time at which it was written. */
const timeless = (status: unknown): unknown => {
  if (!isMap(status)) return status;
  const { lastUpdateTime, ...rest } = status;
  return rest;
};

const denied = 'is forbidden: admission denied the request';
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** What the API server says to a pod whose name is none, as a worker group of a bad name makes one. */
function nameProblem({ metadata }: KubernetesObject): string | undefined {
  if (subdomain.test(metadata.name)) return undefined;
  const rule =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
  const fault = (field: string, value = '') => `metadata.${field}: Invalid value: "${value}": ${rule}`;
  const faults = [fault('generateName', metadata.generateName), fault('name', metadata.name)];
  return `Pod "${metadata.name}" is invalid: [${faults.join(', ')}]`;
}

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

  const ensureServices = async (cluster: KubernetesObject) => {
    for (const service of [headService(cluster), headlessService(cluster)]) {
      if (service === undefined) continue;
      const { namespace = '', name } = service.metadata;
      if (world.cache(services).get(namespace, name) !== undefined) continue;
      if ((await world.create(service, manager)) === undefined) continue;
      await say(cluster, 'CreatedService', `Created service ${namespace}/${name}`);
    }
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
    for (const workerGroup of workerGroups(cluster)) {
      const { name, group, pods: wanted } = workerGroup;
      const workers = mine.filter((pod) => labelOf(pod, 'ray.io/group') === name);
      const doomed = listAt(group, 'scaleStrategy', 'workersToDelete');
      const spare = [...workers]
        .sort((left, right) => Number(isReady(left)) - Number(isReady(right)))
        .slice(0, Math.max(0, workers.length - wanted));
      for (const pod of new Set([...workers.filter((pod) => doomed.includes(pod.metadata.name)), ...spare])) {
        await world.remove(pod);
        await say(cluster, 'DeletedWorkerPod', `Deleted worker Pod ${namespace}/${pod.metadata.name}`);
      }
      for (const slot of freeSlots(workerGroup, workers, world.random.suffix)) {
        const pod = workerPod(cluster, group, service !== undefined, slot, world.random.suffix());
        const words =
          wish?.kind === 'failed-reconcile'
            ? `pods "${pod.metadata.name}" ${denied}`
            : (refusalOf(pod, wish?.kind) ?? nameProblem(pod));
        const failure =
          words === undefined ? await create(cluster, pod, 'Worker') : await refused(cluster, 'Worker', words);
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
      await ensureServices(cluster);
      if (suspend) for (const pod of present()) await world.remove(pod);
      const failed = suspend ? undefined : await reconcilePods(cluster, present());

      const latest = world.cache(clusters).get(namespace, name) ?? cluster;
      // Every attempt has another name in its message; the first one stays, or each would bring on the next.
      const before = conditionOf(latest, 'ReplicaFailure');
      const message = before?.reason === failed?.reason ? before?.message : undefined;
      const failure = failed === undefined ? undefined : { ...failed, message: message ?? failed.message };
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
