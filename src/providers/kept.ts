import { type KubernetesObject, textAt } from '../kubernetes.ts';

/** What live views keep of a value: all of it, what a function leaves, or these fields; of a list, those of every item. */
export type Kept = true | ((value: unknown) => unknown) | KeptFields;
export interface KeptFields {
  readonly [field: string]: Kept;
}

/** What is kept of a value. What is of another type than it should be stays as it is: reading names it. */
export function keep(value: unknown, kept: Kept): unknown {
  if (kept === true) return value;
  if (typeof kept === 'function') return kept(value);
  if (Array.isArray(value)) return value.map((item) => keep(item, kept));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([field, content]) => {
      const inner = kept[field];
      return inner === undefined ? [] : [[field, keep(content, inner)]];
    }),
  );
}

/** The items of a list that have one of these values in a field, and what is no list. */
const only =
  (field: string, ...values: readonly string[]) =>
  (list: unknown): unknown =>
    Array.isArray(list) ? list.filter((item) => values.includes(textAt(item, field) ?? '')) : list;

export const conditions = (...types: readonly string[]): Kept => only('type', ...types);

/** What tells whose an object is and how old: these labels, and its owner where that is of this kind. */
export const metadata = (labels: readonly string[], owner: string): Kept => ({
  name: true,
  namespace: true,
  creationTimestamp: true,
  deletionTimestamp: true,
  labels: Object.fromEntries(labels.map((label) => [label, true])),
  ownerReferences: only('kind', owner),
});

const containers = { name: true, ready: true, restartCount: true, state: true, lastState: true } as const;

/** What `judgePod` and lists of pods look at. */
export const podFields = {
  spec: { nodeName: true },
  status: {
    phase: true,
    conditions: conditions('Ready', 'PodScheduled'),
    containerStatuses: containers,
    initContainerStatuses: containers,
  },
} as const satisfies KeptFields;

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** An object without its field owners and without what `kubectl apply` writes beside it, which only repeat it. */
export function withoutRepetition(object: KubernetesObject): unknown {
  const { metadata: whole } = object;
  const drop = (value: object, dropped: string) =>
    Object.fromEntries(Object.entries(value).filter(([field]) => field !== dropped));
  const rest = drop(whole, 'managedFields');
  const annotations = whole.annotations && drop(whole.annotations, lastApplied);
  return { ...object, metadata: annotations ? { ...rest, annotations } : rest };
}
