import { isDeepStrictEqual } from 'node:util';
import { booleanAt, type KubernetesObject, listAt, textAt, valueAt } from '../../../kubernetes.ts';
import type { ApplicationState, RayServe } from '../../containers/ray-serve.ts';
import { isReady, labelOf } from '../objects.ts';
import type { World } from '../world.ts';
import { hasPort } from './ray-groups.ts';
import { servicesOf } from './service-children.ts';

const manager = 'kuberay-operator';
const services = { group: '', kind: 'Service' };
const pods = { group: '', kind: 'Pod' };
const slices = { group: 'discovery.k8s.io', kind: 'EndpointSlice' };

/** Writes an event about an object. */
export type Say = (
  about: KubernetesObject,
  reason: string,
  message: string,
  type?: 'Normal' | 'Warning',
) => Promise<void>;

/** The part of the RayService controller that deals with Ray Serve and with traffic to it. */
export interface Serving {
  /** Hands the Serve config to a cluster whose dashboard answers, and asks how its applications do. */
  applicationsOf(
    service: KubernetesObject,
    cluster: KubernetesObject | undefined,
    submits: boolean,
  ): Promise<Readonly<Record<string, ApplicationState>> | undefined>;
  /**
   * Services of the active cluster; the head joins the serve Service unless it is excluded from it. False where the
   * head has no port for it: the operator then gives up before it writes a status, and says nothing.
   */
  ensureServices(service: KubernetesObject, cluster: KubernetesObject): Promise<boolean>;
  /** The ready endpoints of the serve Service. */
  endpointsOf(service: KubernetesObject): number;
}

export function createServing(world: World, ray: RayServe, say: Say): Serving {
  const headOf = (cluster: KubernetesObject) =>
    world
      .cache(pods)
      .list(cluster.metadata.namespace)
      .find(
        (pod) =>
          labelOf(pod, 'ray.io/cluster') === cluster.metadata.name && labelOf(pod, 'ray.io/node-type') === 'head',
      );

  const applicationsOf: Serving['applicationsOf'] = async (service, cluster, submits) => {
    const head = cluster === undefined ? undefined : headOf(cluster);
    if (cluster === undefined || head === undefined || !isReady(head) || !hasPort(cluster, 'dashboard'))
      return undefined;
    const where = `${cluster.metadata.namespace}/${cluster.metadata.name}`;
    try {
      if (submits && ray.submit(where, textAt(service, 'spec', 'serveConfigV2') ?? '')) {
        await say(service, 'UpdatedServeApplications', `Updated serve applications to the RayCluster ${where}`);
      }
    } catch (error) {
      const words = error instanceof Error ? error.message.split('\n')[0] : String(error);
      const message = `Failed to update serve applications to the RayCluster ${where}: error converting YAML to JSON: yaml: ${words}`;
      await say(service, 'FailedToUpdateServeApplications', message, 'Warning');
    }
    return ray.applications(where);
  };

  const ensureServices: Serving['ensureServices'] = async (service, cluster) => {
    for (const wanted of servicesOf(service, cluster)) {
      const { namespace = '', name } = wanted.metadata;
      const existing = world.cache(services).get(namespace, name);
      if (existing === undefined) {
        if ((await world.create(wanted, manager)) === undefined) continue;
        await say(service, 'CreatedService', `Created the service ${namespace}/${name}`);
      } else if (!isDeepStrictEqual(valueAt(existing, 'spec', 'selector'), valueAt(wanted, 'spec', 'selector'))) {
        await world.patch(existing, { spec: { selector: valueAt(wanted, 'spec', 'selector') } }, manager);
        await say(service, 'UpdatedService', `Updated the service ${namespace}/${name}`);
      }
    }
    const head = headOf(cluster);
    const serves = String(!(booleanAt(service, 'spec', 'excludeHeadPodFromServeSvc') ?? false));
    if (head !== undefined && isReady(head) && labelOf(head, 'ray.io/serve') !== serves) {
      await world.patch(head, { metadata: { labels: { 'ray.io/serve': serves } } }, manager);
    }
    return hasPort(cluster, 'serve');
  };

  const endpointsOf: Serving['endpointsOf'] = (service) =>
    world
      .cache(slices)
      .list(service.metadata.namespace)
      .filter((slice) => labelOf(slice, 'kubernetes.io/service-name') === `${service.metadata.name}-serve-svc`)
      .flatMap((slice) => listAt(slice, 'endpoints'))
      .filter((endpoint) => valueAt(endpoint, 'conditions', 'ready') === true).length;

  return { applicationsOf, ensureServices, endpointsOf };
}
