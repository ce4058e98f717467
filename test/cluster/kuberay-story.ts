import type { Cluster } from '../../src/cluster/cluster.ts';
import { entriesAt, type KubernetesObject, textAt, valueAt } from '../../src/kubernetes.ts';
import {
  applicationsAre,
  clusterOf,
  createNames,
  endpointsOf,
  eventsIn,
  objectsIn,
  statesIn,
} from './kuberay-traces.ts';
import { waitUntil } from './wait.ts';

/** A cluster on which KubeRay runs, real or simulated. */
export interface Stage {
  readonly kubeconfig: string;
  readonly admin: Cluster;
  /** From now on no node takes new workers of the deployment; the result takes it back. */
  readonly holdWorkers: (name: string) => () => void;
}

/** What KubeRay made of one RayService, without anything random in it. */
export interface Story {
  /** The objects after each act. */
  readonly objects: Readonly<Record<string, readonly string[]>>;
  /** What the operator made of the spec when it put its finalizer on. */
  readonly spec: unknown;
  /** The states of the RayService and of its RayClusters. */
  readonly services: readonly string[];
  readonly clusters: readonly string[];
  readonly events: readonly string[];
}

const rayServices = { group: 'ray.io', kind: 'RayService' };
const patienceSeconds = 60;

/** Plays the same life of a RayService on a stage: deployed, its models edited, its cluster edited, deleted. */
export async function play({ kubeconfig, admin, holdWorkers }: Stage, manifest: KubernetesObject): Promise<Story> {
  const { name, namespace = '' } = manifest.metadata;
  const made = await admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const names = createNames(name);
  const read = () => admin.get(rayServices, manifest.metadata);
  const present = () => objectsIn(admin, namespace, names);
  const objects: Record<string, readonly string[]> = {};
  const until = (what: string, reached: (service: KubernetesObject) => boolean) =>
    waitUntil(what, patienceSeconds, async () => {
      const service = await read();
      return service !== undefined && reached(service);
    });
  /** Where a cluster is made for it, the change is looked at half-way too, when the head is up and workers are not. */
  const act = async (title: string, change: KubernetesObject, { makesCluster }: { makesCluster: boolean }) => {
    const before = clusterOf(await read(), 'active');
    const release = holdWorkers(name);
    await admin.apply(change, { force: true });
    if (makesCluster) {
      await until(`the new cluster to load, ${title}`, (service) => applicationsAre(service, 'pending', 'DEPLOYING'));
      objects[`${title}, loading`] = await present();
    }
    release();
    await until(`the RayService to serve, ${title}`, (service) => {
      const isOther = clusterOf(service, 'active') !== before;
      return isOther === makesCluster && serves(service);
    });
    const old = before !== undefined && makesCluster ? names(before) : undefined;
    await waitUntil('the old cluster to go', patienceSeconds, async () => {
      return old === undefined || !(await present()).join().includes(old);
    });
    objects[title] = await present();
  };

  await act('deployed', manifest, { makesCluster: true });
  const spec = valueAt(await read(), 'spec');
  const edited = withSpec(manifest, { serveConfigV2: `${textAt(manifest, 'spec', 'serveConfigV2')}# edited\n` });
  await act('models edited', edited, { makesCluster: false });
  const config = Object.fromEntries(entriesAt(manifest, 'spec', 'rayClusterConfig'));
  const upgraded = withSpec(edited, { rayClusterConfig: { ...config, rayVersion: '2.59.0' } });
  await act('cluster edited', upgraded, { makesCluster: true });
  await admin.delete(rayServices, manifest.metadata);
  await waitUntil('everything to go', patienceSeconds, async () => {
    return (await read()) === undefined && (await present()).length === 0;
  });

  const history = { namespace, since: made.metadata.resourceVersion ?? '' };
  return {
    objects,
    spec,
    services: await statesIn(kubeconfig, { ...history, plural: 'rayservices' }, names),
    clusters: await statesIn(kubeconfig, { ...history, plural: 'rayclusters' }, names),
    events: await eventsIn(admin, namespace, names),
  };
}

const withSpec = (object: KubernetesObject, change: Readonly<Record<string, unknown>>): KubernetesObject => ({
  ...object,
  spec: { ...Object.fromEntries(entriesAt(object, 'spec')), ...change },
});

const serves = (service: KubernetesObject): boolean =>
  valueAt(service, 'status', 'observedGeneration') === service.metadata.generation &&
  clusterOf(service, 'pending') === undefined &&
  applicationsAre(service, 'active', 'RUNNING') &&
  endpointsOf(service) > 0;
