import { groupOf, type KubernetesObject, listAt, textAt } from '../../kubernetes.ts';
import type { Have, Query, ReadResource, Snapshot } from '../provider.ts';

/** Labels that the operator sets. Pods name their RayCluster, never the RayService. */
export const label = {
  cluster: 'ray.io/cluster',
  nodeType: 'ray.io/node-type',
  group: 'ray.io/group',
  serve: 'ray.io/serve',
  origin: 'ray.io/originated-from-cr-name',
  originKind: 'ray.io/originated-from-crd',
} as const;

export const resources: readonly ReadResource[] = [
  { group: 'ray.io', kind: 'RayCluster', plural: 'rayclusters' },
  { group: '', kind: 'Pod', plural: 'pods' },
  { group: '', kind: 'Service', plural: 'services' },
  { group: '', kind: 'Event', plural: 'events' },
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

const namespaceOf = (object: KubernetesObject): string => object.metadata.namespace ?? '';

const isLabelValue = (value: string): boolean => /^[-a-zA-Z0-9._]{1,63}$/.test(value);

/** `key in (…)`, or only `key` where a value is none that a label can have. */
const selector = (key: string, values: readonly string[]): string =>
  values.length > 0 && values.every(isLabelValue) ? `${key} in (${values.join(',')})` : key;

/**
 * Everything below RayServices, at once: four requests however many there are, in one namespace where they share it.
 * For a single one only what is its own; for several the selectors name none of them, so that live lists outlast a change.
 */
export function reads(primaries: readonly KubernetesObject[], have: Have): readonly Query[] {
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

/** Keys under which an object is filed: which RayService (by name or uid) or which cluster it belongs to. */
function keysOf(object: KubernetesObject): readonly string[] {
  const namespace = namespaceOf(object);
  if (object.kind === 'Pod') return [`cluster ${namespace}/${labelOf(object, label.cluster)}`];
  if (object.kind === 'Event') {
    const involved = textAt(object, 'involvedObject', 'name');
    return textAt(object, 'involvedObject', 'kind') === 'RayService' ? [`service ${namespace}/${involved}`] : [];
  }
  const owner = ownerOf(object, 'RayService');
  const name =
    textAt(owner, 'name') ??
    (labelOf(object, label.originKind) === 'RayService' ? labelOf(object, label.origin) : undefined);
  return name === undefined ? [] : [`service ${namespace}/${name}`];
}

/** Of a deleted RayService of the same name, objects may still be there: their owner's uid tells them apart. */
function isOf(primary: KubernetesObject, object: KubernetesObject): boolean {
  const uid =
    object.kind === 'Event' ? textAt(object, 'involvedObject', 'uid') : textAt(ownerOf(object, 'RayService'), 'uid');
  return uid === undefined || primary.metadata.uid === undefined || uid === primary.metadata.uid;
}

export function snapshots(primaries: readonly KubernetesObject[], have: Have, now: Date): readonly Snapshot[] {
  const filed = new Map<string, KubernetesObject[]>();
  for (const object of have.objects) {
    if (object.kind === 'RayService') continue;
    for (const key of keysOf(object)) {
      const beside = filed.get(key);
      if (beside === undefined) filed.set(key, [object]);
      else beside.push(object);
    }
  }
  return primaries.map((primary) => {
    const namespace = namespaceOf(primary);
    const own = (filed.get(`service ${namespace}/${primary.metadata.name}`) ?? []).filter((object) =>
      isOf(primary, object),
    );
    const clusters = own.filter(({ kind, apiVersion }) => kind === 'RayCluster' && groupOf(apiVersion) === 'ray.io');
    const names = new Set([...clusters.map((cluster) => cluster.metadata.name), ...clusterNames(primary)]);
    const pods = [...names].flatMap((name) => filed.get(`cluster ${namespace}/${name}`) ?? []);
    const unread = have.failed.filter(({ query }) => query.namespace === undefined || query.namespace === namespace);
    return { primary, objects: [...own, ...pods], unread, now };
  });
}
