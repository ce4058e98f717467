import { groupOf, type KubernetesObject, listAt, textAt } from '../../kubernetes.ts';
import { snapshotsBy } from '../filing.ts';
import { metadata, podFields } from '../kept.ts';
import type { FileReader, Filing, Have, HaveRead, KeptResource, Query, Snapshot } from '../provider.ts';
import { keptSpec } from './kept-spec.ts';

/** Labels that the operator sets. Pods name their RayCluster, never the RayService. */
export const label = {
  cluster: 'ray.io/cluster',
  nodeType: 'ray.io/node-type',
  group: 'ray.io/group',
  serve: 'ray.io/serve',
  origin: 'ray.io/originated-from-cr-name',
  originKind: 'ray.io/originated-from-crd',
} as const;

const kept = metadata([label.originKind, label.origin], 'RayService');

export const resources: readonly KeptResource[] = [
  {
    group: 'ray.io',
    kind: 'RayCluster',
    plural: 'rayclusters',
    keeps: { metadata: kept, spec: keptSpec, status: { conditions: true, state: true, reason: true } },
  },
  {
    group: '',
    kind: 'Pod',
    plural: 'pods',
    keeps: {
      ...podFields,
      metadata: metadata([label.cluster, label.nodeType, label.group, label.serve], 'RayService'),
    },
  },
  {
    group: '',
    kind: 'Service',
    plural: 'services',
    keeps: {
      metadata: kept,
      spec: { selector: { [label.cluster]: true, [label.serve]: true }, ports: { name: true, port: true } },
    },
  },
  {
    group: '',
    kind: 'Event',
    plural: 'events',
    keeps: {
      metadata: { name: true, namespace: true, creationTimestamp: true },
      involvedObject: { kind: true, name: true, uid: true },
      type: true,
      reason: true,
      message: true,
      count: true,
      series: true,
      lastTimestamp: true,
      eventTime: true,
    },
  },
];

/** The RayClusters that a RayService speaks of: the one that serves and the one that is being made. */
export function clusterNames(rayService: KubernetesObject): readonly string[] {
  return (['activeServiceStatus', 'pendingServiceStatus'] as const).flatMap((side) => {
    const name = textAt(rayService, 'status', side, 'rayClusterName');
    return name === undefined || name === '' ? [] : [name];
  });
}

const labelOf = (object: KubernetesObject, key: string): string | undefined =>
  textAt(object, 'metadata', 'labels', key);

const namespaceOf = (object: KubernetesObject): string => textAt(object, 'metadata', 'namespace') ?? '';

const isLabelValue = (value: string): boolean => /^[-a-zA-Z0-9._]{1,63}$/.test(value);

/** `key in (…)`, or only `key` where a value is none that a label can have. */
const selector = (key: string, values: readonly string[]): string =>
  values.length > 0 && values.every(isLabelValue) ? `${key} in (${values.join(',')})` : key;

/**
 * Everything below RayServices, at once: four requests however many there are, in one namespace where they share it.
 * For a single one only what is its own; for several the selectors name none of them, so that live lists outlast a change.
 */
export function reads(primaries: readonly KubernetesObject[], have: HaveRead): readonly Query[] {
  const [first, ...others] = primaries;
  if (first === undefined) return [];
  const [only, ...more] = new Set(primaries.map(namespaceOf));
  const where = more.length === 0 && only ? { namespace: only } : {};
  const single = others.length === 0;
  const origin = `${label.originKind}=RayService${single && isLabelValue(first.metadata.name) ? `,${label.origin}=${first.metadata.name}` : ''}`;
  const clusters = single ? clusterNames(first) : [];
  const pods: Query = { group: '', kind: 'Pod', ...where, labelSelector: selector(label.cluster, clusters) };
  const queries: readonly Query[] = [
    { group: 'ray.io', kind: 'RayCluster', ...where, labelSelector: origin },
    ...(single && clusters.length === 0 ? [] : [pods]),
    { group: '', kind: 'Service', ...where, labelSelector: origin },
    { group: '', kind: 'Event', ...where, fieldSelector: 'involvedObject.kind=RayService,type=Warning' },
  ];
  const asked = [...have.answered, ...have.failed.map(({ query }) => query)];
  return queries.filter(({ group, kind }) => !asked.some((query) => query.group === group && query.kind === kind));
}

/** The object of that kind that owns it. */
const ownerOf = (object: KubernetesObject, kind: string): unknown =>
  listAt(object, 'metadata', 'ownerReferences').find((owner) => textAt(owner, 'kind') === kind);

/** The file of a RayService (what names it) or of a cluster (its pods). */
function fileOf(object: KubernetesObject): string | undefined {
  const namespace = namespaceOf(object);
  if (object.kind === 'RayService') return undefined;
  if (object.kind === 'Pod') return clusterFile(namespace, labelOf(object, label.cluster));
  if (object.kind === 'Event') {
    const involved = textAt(object, 'involvedObject', 'name');
    return textAt(object, 'involvedObject', 'kind') === 'RayService' ? serviceFile(namespace, involved) : undefined;
  }
  const owner = ownerOf(object, 'RayService');
  const name =
    textAt(owner, 'name') ??
    (labelOf(object, label.originKind) === 'RayService' ? labelOf(object, label.origin) : undefined);
  return name === undefined ? undefined : serviceFile(namespace, name);
}

const clusterFile = (namespace: string, name: string | undefined): string => ['cluster', namespace, name].join('/');
const serviceFile = (namespace: string, name: string | undefined): string => ['service', namespace, name].join('/');

/** Of a deleted RayService of the same name, objects may still be there: their owner's uid tells them apart. */
function isOf(primary: KubernetesObject, object: KubernetesObject): boolean {
  const uid =
    object.kind === 'Event' ? textAt(object, 'involvedObject', 'uid') : textAt(ownerOf(object, 'RayService'), 'uid');
  return uid === undefined || primary.metadata.uid === undefined || uid === primary.metadata.uid;
}

function gather(primary: KubernetesObject, file: FileReader): readonly KubernetesObject[] {
  const namespace = namespaceOf(primary);
  const own = file(serviceFile(namespace, primary.metadata.name)).filter((object) => isOf(primary, object));
  const clusters = own.filter(({ kind, apiVersion }) => kind === 'RayCluster' && groupOf(apiVersion) === 'ray.io');
  const names = new Set([...clusters.map((cluster) => cluster.metadata.name), ...clusterNames(primary)]);
  return [...own, ...[...names].flatMap((name) => file(clusterFile(namespace, name)))];
}

export const filing: Filing = { fileOf, gather };

export const snapshots = (primaries: readonly KubernetesObject[], have: Have, now: Date): readonly Snapshot[] =>
  snapshotsBy(filing, primaries, have, now);
