/** Shapes of Kubernetes objects, shared by `providers` and `cluster`, and tolerant readers for what others wrote. */

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly generateName?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

/** Any object of any kind. `spec`, `status` and the rest are read through the readers below, because others wrote them. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: unknown;
  readonly status?: unknown;
  readonly [field: string]: unknown;
}

export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
}

/** The object by its uid: another one of the same name is not the one that is meant. */
export function referenceTo({ apiVersion, kind, metadata }: KubernetesObject): ObjectReference {
  const { name, namespace, uid } = metadata;
  return { apiVersion, kind, name, namespace, uid };
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime?: string;
}

/** The group of an `apiVersion`: '' for the core group. */
export const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';

type Step = string | number;

/** The value at a path, or undefined where any step is missing or of another shape. */
export function valueAt(value: unknown, ...path: readonly Step[]): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = Reflect.get(current, step);
  }
  return current;
}

export function textAt(value: unknown, ...path: readonly Step[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

export function numberAt(value: unknown, ...path: readonly Step[]): number | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

export function booleanAt(value: unknown, ...path: readonly Step[]): boolean | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'boolean' ? found : undefined;
}

/** The list at a path; an empty one where there is none. */
export function listAt(value: unknown, ...path: readonly Step[]): readonly unknown[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The texts of the list at a path; empty where there are none. */
export const textsAt = (value: unknown, ...path: readonly Step[]): readonly string[] =>
  listAt(value, ...path).filter((entry) => typeof entry === 'string');

/** The map at a path as entries; empty where there is none. */
export function entriesAt(value: unknown, ...path: readonly Step[]): readonly (readonly [string, unknown])[] {
  const found = valueAt(value, ...path);
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? Object.entries(found) : [];
}

/** `status.conditions[type=…]`, decoded leniently. */
export function conditionOf(object: KubernetesObject, type: string): Condition | undefined {
  for (const candidate of listAt(object, 'status', 'conditions')) {
    const status = textAt(candidate, 'status');
    if (textAt(candidate, 'type') !== type || status === undefined) continue;
    return {
      type,
      status,
      reason: textAt(candidate, 'reason'),
      message: textAt(candidate, 'message'),
      observedGeneration: numberAt(candidate, 'observedGeneration'),
      lastTransitionTime: textAt(candidate, 'lastTransitionTime'),
    };
  }
  return undefined;
}
