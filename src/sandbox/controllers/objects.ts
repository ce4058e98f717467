import { isDeepStrictEqual } from 'node:util';
import { type KubernetesObject, listAt, type OwnerReference, textAt, valueAt } from '../../kubernetes.ts';

/** `namespace/name`: what work queues and caches know an object by. */
export const keyOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** As Kubernetes writes times: in UTC, whole seconds. */
export const timestamp = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

/** The reference by which a controller owns what it creates. */
export const ownedBy = (owner: KubernetesObject): readonly OwnerReference[] => [
  {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  },
];

export const controllerOf = (object: KubernetesObject): OwnerReference | undefined =>
  object.metadata.ownerReferences?.find((reference) => reference.controller === true);

/** Those of the objects that the owner controls. */
export const owned = (objects: readonly KubernetesObject[], owner: KubernetesObject): readonly KubernetesObject[] =>
  objects.filter((object) => controllerOf(object)?.uid === owner.metadata.uid);

export const isDeleting = (object: KubernetesObject): boolean => object.metadata.deletionTimestamp !== undefined;

export const labelOf = (object: KubernetesObject, label: string): string | undefined => object.metadata.labels?.[label];

/** Whether the object has all these labels. */
export const matchesLabels = (object: KubernetesObject, selector: Readonly<Record<string, string>>): boolean =>
  Object.entries(selector).every(([label, value]) => (object.metadata.labels?.[label] ?? '') === value);

export const isReady = (object: KubernetesObject): boolean =>
  listAt(object, 'status', 'conditions').some(
    (condition) => textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True',
  );

type Fields = Readonly<Record<string, unknown>>;

export const isMap = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A map of texts such as labels, as others wrote it. */
export const textsAt = (value: unknown, ...path: readonly (string | number)[]): Readonly<Record<string, string>> => {
  const found = valueAt(value, ...path);
  if (!isMap(found)) return {};
  return Object.fromEntries(
    Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
};

/** The JSON merge patch that turns `current` into `wanted`; undefined when they are equal. */
export function mergePatch(current: unknown, wanted: Fields): Fields | undefined {
  const before = isMap(current) ? current : {};
  const patch: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(wanted)) {
    if (value === undefined) continue;
    if (isMap(value) && isMap(before[key])) {
      const inner = mergePatch(before[key], value);
      if (inner !== undefined) patch[key] = inner;
    } else if (!isDeepStrictEqual(before[key], value)) patch[key] = value;
  }
  for (const key of Object.keys(before)) {
    if (wanted[key] === undefined) patch[key] = null;
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

/** The patch that makes the spec of an object that of another one; what is left out there is taken away. */
export const specPatch = (existing: KubernetesObject, wanted: KubernetesObject): Fields => ({
  spec: isMap(wanted.spec) ? mergePatch(existing.spec, wanted.spec) : undefined,
});

/** A condition without its time of transition. `since` names that time, of changes too, where a kind has more than one. */
export interface Wanted {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly [field: string]: unknown;
}

/** The conditions with the time at which each one's status changed last. */
export function withTransitions(before: unknown, wanted: readonly Wanted[], now: Date): readonly Fields[] {
  const previous = Array.isArray(before) ? before : [];
  return wanted.map((condition) => {
    const same = previous.find((other) => textAt(other, 'type') === condition.type);
    const kept = textAt(same, 'status') === condition.status ? textAt(same, 'lastTransitionTime') : undefined;
    return { ...condition, lastTransitionTime: kept ?? timestamp(now) };
  });
}
