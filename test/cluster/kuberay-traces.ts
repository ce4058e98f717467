import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import * as z from 'zod';
import type { Cluster } from '../../src/cluster/cluster.ts';
import {
  conditionOf,
  entriesAt,
  type KubernetesObject,
  listAt,
  numberAt,
  textAt,
  valueAt,
} from '../../src/kubernetes.ts';
import { type Access, requestOk } from './request.ts';

/** Replaces what is random in a text: clusters of the service are numbered in the order in which they appear. */
export type Names = (text: string) => string;

const children = [
  { group: 'ray.io', kind: 'RayCluster' },
  { group: '', kind: 'Pod' },
  { group: '', kind: 'Service' },
  { group: 'discovery.k8s.io', kind: 'EndpointSlice' },
];
const suffix = '[bcdfghjklmnpqrstvwxz2456789]{5}';

export function createNames(service: string): Names {
  const numbers = new Map<string, number>();
  const number = (cluster: string): number => {
    const known = numbers.get(cluster) ?? numbers.size + 1;
    numbers.set(cluster, known);
    return known;
  };
  const clusters = new RegExp(`\\b${service}-${suffix}\\b`, 'g');
  return (text) =>
    text
      .replace(clusters, (cluster) => `${service}-<${number(cluster)}>`)
      .replace(new RegExp(`-${suffix}\\b`, 'g'), '-*');
}

/** The objects of one namespace that come of a RayService: kind, name, owner, labels. */
export async function objectsIn(admin: Cluster, namespace: string, names: Names): Promise<readonly string[]> {
  const lists = await Promise.all(children.map((kind) => admin.list(kind, { namespace })));
  return lists
    .flat()
    .map(({ kind, metadata }) => {
      const labels = Object.entries(metadata.labels ?? {}).map(([label, value]) => `${label}=${value}`);
      const owners = (metadata.ownerReferences ?? []).map((owner) => `${owner.kind} ${owner.name}`);
      return names(`${kind} ${metadata.name} of ${owners.join()} with ${labels.sort().join(' ')}`);
    })
    .sort();
}

/**
 * What the operator said in Events about RayServices and RayClusters. Not that one it has just made is there already: it
 * says so now and then, when its own cache is late.
 */
export async function eventsIn(admin: Cluster, namespace: string, names: Names): Promise<readonly string[]> {
  const events = await admin.list({ group: '', kind: 'Event' }, { namespace });
  const said = events
    .filter((event) => /^Ray/.test(textAt(event, 'involvedObject', 'kind') ?? ''))
    .map((event) => {
      const about = `${textAt(event, 'involvedObject', 'kind')} ${textAt(event, 'involvedObject', 'name')}`;
      return names(`${about}: ${textAt(event, 'type')} ${textAt(event, 'reason')}: ${textAt(event, 'message')}`);
    });
  return [...new Set(said)].filter((text) => !/FailedToCreateRayCluster: .* already exists$/.test(text)).sort();
}

const watchEvent = z.object({
  type: z.string(),
  object: z.custom<KubernetesObject>((object) => valueAt(object, 'metadata') !== undefined),
});

/**
 * Every state since a resourceVersion of the RayServices or RayClusters of a namespace, as far as it differs from the one before.
 * The server still knows: a watch from the past tells it once more.
 */
export async function statesIn(
  kubeconfig: string,
  { namespace, plural, since }: { readonly namespace: string; readonly plural: string; readonly since: string },
  names: Names,
): Promise<readonly string[]> {
  const path = `/apis/ray.io/v1/namespaces/${namespace}/${plural}?watch=1&resourceVersion=${since}&timeoutSeconds=1`;
  const lines = (await requestOk(await accessOf(kubeconfig), { path })).trim().split('\n');
  const states = lines.flatMap((line) => {
    const { type, object } = watchEvent.parse(JSON.parse(line));
    if (type === 'DELETED') return names(`${object.metadata.name} gone`);
    return isPassing(object) ? [] : names(stateOf(object));
  });
  return states.filter((state, index) => state !== states[index - 1]);
}

export const clusterOf = (service: KubernetesObject | undefined, side: 'active' | 'pending'): string | undefined =>
  textAt(service, 'status', `${side}ServiceStatus`, 'rayClusterName') || undefined;

export const endpointsOf = (service: KubernetesObject): number => numberAt(service, 'status', 'numServeEndpoints') ?? 0;

/** Whether a RayService has applications on that side, and all of them are so. */
export function applicationsAre(service: KubernetesObject, side: 'active' | 'pending', status: string): boolean {
  const states = entriesAt(service, 'status', `${side}ServiceStatus`, 'applicationStatuses');
  return states.length > 0 && states.every(([, state]) => textAt(state, 'status') === status);
}

/** How soon a head starts and endpoints follow their pods is a matter of timing, not of the operator. */
const isPassing = (object: KubernetesObject): boolean =>
  object.kind === 'RayCluster'
    ? conditionOf(object, 'HeadPodReady')?.status === 'False'
    : applicationsAre(object, 'active', 'RUNNING') && endpointsOf(object) === 0;

function stateOf(object: KubernetesObject): string {
  const { name, deletionTimestamp, finalizers = [] } = object.metadata;
  const conditions = listAt(object, 'status', 'conditions').map(
    (condition) => `${textAt(condition, 'type')}=${textAt(condition, 'status')}/${textAt(condition, 'reason')}`,
  );
  const held = [...(deletionTimestamp === undefined ? [] : ['deleting']), ...finalizers];
  const own = object.kind === 'RayCluster' ? [textAt(object, 'status', 'state') ?? 'stateless'] : sidesOf(object);
  return [name, ...held, ...own, ...conditions].join(' ');
}

function sidesOf(service: KubernetesObject): readonly string[] {
  const sides = (['active', 'pending'] as const).map((side) => {
    const applications = entriesAt(service, 'status', `${side}ServiceStatus`, 'applicationStatuses').map(
      ([name, state]) => `${name} ${textAt(state, 'status')}`,
    );
    return `${side}=${clusterOf(service, side) ?? 'none'}(${applications.join()})`;
  });
  return [...sides, `endpoints=${endpointsOf(service)}`, textAt(service, 'status', 'serviceStatus') ?? 'not running'];
}

const kubeconfigFile = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.string(), 'certificate-authority-data': z.string() }) }),
  ]),
  users: z.tuple([z.object({ user: z.object({ token: z.string() }) })]),
});

async function accessOf(kubeconfig: string): Promise<Access> {
  const { clusters, users } = kubeconfigFile.parse(parse(await readFile(kubeconfig, 'utf8')));
  const { server, 'certificate-authority-data': ca } = clusters[0].cluster;
  return { server, ca: Buffer.from(ca, 'base64').toString(), token: users[0].user.token };
}
