import { isDeepStrictEqual } from 'node:util';
import { booleanAt, type KubernetesObject, textAt, valueAt } from '../../../kubernetes.ts';
import type { RayServe } from '../../containers/ray-serve.ts';
import type { Again, Controller } from '../controller.ts';
import { createRecorder } from '../events.ts';
import { controllerOf, isDeleting, isMap, labelOf, owned, splitKey, timestamp } from '../objects.ts';
import type { World } from '../world.ts';
import { fromService } from './cluster-services.ts';
import { configurationHash, deletionDelay, goDefaults, hashAnnotation, rayCluster } from './service-children.ts';
import { clusterNameOf, refusedStatus, type Side, serviceStatus, suspendedStatus } from './service-status.ts';
import { createServing, type Say } from './serving.ts';
import { refusalOf } from './validation.ts';

const manager = 'kuberay-operator';
const group = 'ray.io';
const rayServices = { group, kind: 'RayService' };
const clusters = { group, kind: 'RayCluster' };
const services = { group: '', kind: 'Service' };
const pods = { group: '', kind: 'Pod' };
const slices = { group: 'discovery.k8s.io', kind: 'EndpointSlice' };
const finalizer = 'ray.io/rayservice-finalizer';

/** The model that the first application serves. */
const modelIn = (text: string): string => /model_id:\s*["']?([^\s,"'}]+)/.exec(text)?.[1] ?? '';

/** Reconciles RayServices into RayClusters and Services, with zero-downtime upgrades, as KubeRay does. */
export function rayServiceController(
  world: World,
  ray: RayServe,
  version: string,
  events: 'counted' | 'timed',
): Controller {
  const record = createRecorder(world, 'rayservice-controller', manager);
  const say: Say = (about, reason, message, type = 'Normal') =>
    record({ about, type, reason, message, ...(events === 'timed' ? { action: 'Reconcile' } : {}) });
  /** Since when clusters no longer serve, in milliseconds. */
  const doomed = new Map<string, number>();

  const setStatus = async (service: KubernetesObject, status: Readonly<Record<string, unknown>>) => {
    const { namespace = '', name } = service.metadata;
    const latest = world.cache(rayServices).get(namespace, name) ?? service;
    const { lastUpdateTime, ...before } = isMap(latest.status) ? latest.status : {};
    const { lastUpdateTime: ignored, ...wanted } = status;
    const kept = isDeepStrictEqual(before, wanted) && typeof lastUpdateTime === 'string' ? lastUpdateTime : undefined;
    const written = kept ?? timestamp(world.clock.now());
    return world.setStatus(latest, { ...wanted, lastUpdateTime: written }, manager);
  };

  const clusterOf = (service: KubernetesObject, name: string | undefined) =>
    name === undefined ? undefined : world.cache(clusters).get(service.metadata.namespace ?? '', name);
  const clustersOf = (service: KubernetesObject) =>
    owned(world.cache(clusters).list(service.metadata.namespace), service);

  const { applicationsOf, ensureServices, endpointsOf } = createServing(world, ray, say);

  const removeCluster = async (service: KubernetesObject, cluster: KubernetesObject) => {
    const { namespace, name } = cluster.metadata;
    await world.remove(cluster);
    await say(service, 'DeletedRayCluster', `Deleted the RayCluster ${namespace}/${name}`);
  };

  /** Deletes clusters that are neither active nor pending: at once if they never served, else after a while. */
  const retire = async (service: KubernetesObject, keep: readonly (string | undefined)[], active: boolean) => {
    let next: number | undefined;
    for (const cluster of clustersOf(service)) {
      const { uid = '', name } = cluster.metadata;
      if (keep.includes(name)) {
        doomed.delete(uid);
        continue;
      }
      if (isDeleting(cluster)) continue;
      const since = doomed.get(uid) ?? Date.now();
      doomed.set(uid, since);
      const left = (active ? deletionDelay(service) : 0) - world.clock.passed(since, true);
      if (left <= 0) await removeCluster(service, cluster);
      else next = Math.min(next ?? left, left);
    }
    return next === undefined ? undefined : { after: next, background: true };
  };

  /** Lets a RayService go that is being deleted, once its clusters are gone. */
  const letGo = async (service: KubernetesObject): Promise<undefined> => {
    const mine = clustersOf(service);
    for (const cluster of mine) if (!isDeleting(cluster)) await removeCluster(service, cluster);
    const finalizers = service.metadata.finalizers ?? [];
    if (mine.length > 0 || !finalizers.includes(finalizer)) return undefined;
    const left = finalizers.filter((held) => held !== finalizer);
    await world.patch(service, { metadata: { finalizers: left } }, manager);
    return undefined;
  };

  const suspend = async (service: KubernetesObject): Promise<undefined> => {
    const mine = clustersOf(service);
    const leading = owned(world.cache(services).list(service.metadata.namespace), service);
    await setStatus(service, suspendedStatus(service, mine.length === 0 && leading.length === 0, world.clock.now()));
    for (const child of [...mine, ...leading].filter((object) => !isDeleting(object))) {
      await world.remove(child);
      const { namespace, name } = child.metadata;
      await say(service, `Deleted${child.kind}`, `Deleted the ${child.kind} ${namespace}/${name} during suspend`);
    }
    return undefined;
  };

  /** Which clusters should be active and pending, before any of them changes sides. */
  const sides = (service: KubernetesObject): { active: string | undefined; pending: string | undefined } => {
    const active = clusterNameOf(service, 'active');
    const pending = clusterNameOf(service, 'pending');
    const goal = configurationHash(valueAt(service, 'spec', 'rayClusterConfig'));
    const fits = (name: string | undefined) => {
      const cluster = clusterOf(service, name);
      return cluster === undefined || cluster.metadata.annotations?.[hashAnnotation] === goal;
    };
    const fresh = () => `${service.metadata.name}-${world.random.suffix()}`;
    if (active === undefined) return { active, pending: pending !== undefined && fits(pending) ? pending : fresh() };
    if (fits(active) || textAt(service, 'spec', 'upgradeStrategy', 'type') === 'None')
      return { active, pending: undefined };
    return { active, pending: pending !== undefined && fits(pending) ? pending : fresh() };
  };

  const reconcile = async (service: KubernetesObject): Promise<Again | undefined> => {
    const { namespace = '' } = service.metadata;
    let { active, pending } = sides(service);
    if (pending !== undefined && pending !== clusterNameOf(service, 'pending')) {
      // The name is written down before the cluster is made, so that it is never made twice.
      const before: Side = { name: active, cluster: clusterOf(service, active) };
      const state = { active: before, pending: { name: pending }, endpoints: endpointsOf(service) };
      await setStatus(service, serviceStatus(service, state, world.clock.now()));
    }
    for (const wanted of [active, pending]) {
      if (wanted === undefined || clusterOf(service, wanted) !== undefined) continue;
      const created = await world.create(rayCluster(service, wanted, version), manager);
      if (created !== undefined)
        await say(service, 'CreatedRayCluster', `Created the RayCluster ${namespace}/${wanted}`);
    }
    const upgrading = pending !== undefined;
    const ofPending = await applicationsOf(service, clusterOf(service, pending), true);
    let ofActive = await applicationsOf(service, clusterOf(service, active), !upgrading);
    const states = Object.values(ofPending ?? {});
    let applicationsPending = ofPending;
    if (pending !== undefined && states.length > 0 && states.every(({ status }) => status === 'RUNNING')) {
      active = pending;
      ofActive = ofPending;
      pending = undefined;
      applicationsPending = undefined;
    }
    const serving = clusterOf(service, active);
    if (serving !== undefined && !(await ensureServices(service, serving))) return undefined;
    const state = {
      active: { name: active, cluster: serving, applications: ofActive },
      pending: { name: pending, cluster: clusterOf(service, pending), applications: applicationsPending },
      endpoints: endpointsOf(service),
    };
    await setStatus(service, serviceStatus(service, state, world.clock.now()));
    return retire(service, [active, pending], active !== undefined);
  };

  return {
    name: 'rayservice-controller',
    watches: [
      { resource: rayServices },
      ...[clusters, services].map((resource) => ({
        resource,
        keys: (child: KubernetesObject) => {
          const owner = controllerOf(child);
          return owner?.kind === rayServices.kind ? [`${child.metadata.namespace}/${owner.name}`] : [];
        },
      })),
      {
        resource: pods,
        keys: (pod) => {
          const cluster = world.cache(clusters).get(pod.metadata.namespace ?? '', labelOf(pod, 'ray.io/cluster') ?? '');
          const service = cluster === undefined ? undefined : labelOf(cluster, fromService);
          return service === undefined ? [] : [`${pod.metadata.namespace}/${service}`];
        },
      },
      {
        resource: slices,
        keys: (slice) => {
          const service = labelOf(slice, fromService);
          return service === undefined ? [] : [`${slice.metadata.namespace}/${service}`];
        },
      },
    ],
    wake: (enqueue) =>
      ray.subscribe((key) => {
        const { namespace, name } = splitKey(key);
        const cluster = world.cache(clusters).get(namespace, name);
        const service = cluster === undefined ? undefined : labelOf(cluster, fromService);
        if (service !== undefined) enqueue(`${namespace}/${service}`);
      }),
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const service = world.cache(rayServices).get(namespace, name);
      if (service === undefined) return undefined;
      if (isDeleting(service)) return letGo(service);
      const finalizers = service.metadata.finalizers ?? [];
      world.failures.learn(namespace, name, modelIn(textAt(service, 'spec', 'serveConfigV2') ?? ''));
      if (!finalizers.includes(finalizer)) {
        const rayClusterConfig = goDefaults(service);
        const spec = Object.keys(rayClusterConfig).length > 0 ? { spec: { rayClusterConfig } } : {};
        await world.patch(service, { metadata: { finalizers: [...finalizers, finalizer] }, ...spec }, manager);
        return undefined;
      }
      const refusal = refusalOf(service);
      if (refusal !== undefined) {
        await setStatus(service, refusedStatus(service, refusal.message, world.clock.now()));
        await say(service, refusal.event, `${namespace}/${name}: ${refusal.message}`, 'Warning');
        return undefined;
      }
      return booleanAt(service, 'spec', 'suspend') ? suspend(service) : reconcile(service);
    },
  };
}
