import { type NodeCapacity, nodeCapacities } from '../capacity/capacity.ts';
import type { GpuNode, Toleration } from '../capacity/gpu-nodes.ts';
import type { GpuPod } from '../capacity/pod-requests.ts';
import type { Survey } from '../capacity/survey.ts';
import { type Need, usableBytes } from './need.ts';

/** Where pods of a deployment may go, and which pods are its own: those make room for their successors. */
export interface Placement {
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Toleration[];
  readonly own?: { readonly namespace: string; readonly instance: string; readonly runtime: string };
  /** Default: what manifests of both runtimes ask for; MIG slices and GPUs of AMD do not serve them. */
  readonly resource?: string;
}

const selects = (selector: Readonly<Record<string, string>>, { labels }: GpuNode): boolean =>
  Object.entries(selector).every(([label, value]) => labels[label] === value);

const isOwn = (own: NonNullable<Placement['own']>, pod: GpuPod): boolean =>
  pod.namespace === own.namespace && pod.instance === own.instance && pod.runtime === own.runtime;

/** Nodes that such pods can have, with what is free for them; null where nodes could not be read. */
export function usableNodes({ nodes, pods }: Survey, placement: Placement): readonly NodeCapacity[] | null {
  if (nodes === null) return null;
  const { nodeSelector = {}, tolerations = [], own, resource = 'nvidia.com/gpu' } = placement;
  const others = own && pods ? pods.filter((pod) => !isOwn(own, pod)) : pods;
  const candidates = nodes.filter((node) => node.resource === resource && selects(nodeSelector, node));
  return nodeCapacities(candidates, others, tolerations).filter(
    ({ blockers, total }) => blockers.length === 0 && total > 0,
  );
}

/** GPUs of one kind that could hold a replica. */
export interface NodeClass {
  readonly model: string | null;
  readonly memory: number | null;
  /** Replicas that would find room if nobody else used the nodes. */
  readonly rooms: number;
  /** Replicas that find room now; null where pods could not be read. */
  readonly freeRooms: number | null;
}

/** Whether a GPU has the memory; null where its memory or the need is not known. */
const holds = (memory: number | null, need: Pick<Need, 'total'> | null): boolean | null =>
  memory === null || need === null ? null : need.total <= usableBytes(memory);

/**
 * The kinds of GPU on which replicas of so many GPUs fit, the smallest memory first; those that are too small are left
 * out, those of unknown memory are not.
 */
export function classesFor(
  nodes: readonly NodeCapacity[],
  gpus: number,
  need: Pick<Need, 'total'> | null,
): readonly NodeClass[] {
  const groups = Map.groupBy(
    nodes.filter((node) => node.total >= gpus && holds(node.memory, need) !== false),
    ({ model, memory }) => JSON.stringify([model, memory]),
  );
  const classes = [...groups.values()].flatMap((group): readonly NodeClass[] => {
    const [first] = group;
    if (!first) return [];
    const rooms = group.reduce((sum, { total }) => sum + Math.floor(total / gpus), 0);
    return [{ model: first.model, memory: first.memory, rooms, freeRooms: freeRoomsIn(group, gpus) }];
  });
  return classes.toSorted((one, other) => (one.memory ?? 0) - (other.memory ?? 0));
}

/**
 * The kinds of GPU that are too small for it, on nodes that have as many as it asks for: the scheduler counts GPUs and not
 * their memory, so that a replica may land there.
 */
export const kindsTooSmall = (
  nodes: readonly NodeCapacity[],
  gpus: number,
  need: Pick<Need, 'total'> | null,
): readonly string[] => [
  ...new Set(
    nodes
      .filter(({ total, memory }) => total >= gpus && holds(memory, need) === false)
      .map(({ model }) => model ?? 'GPUs of unknown kind'),
  ),
];

const freeRoomsIn = (nodes: readonly NodeCapacity[], gpus: number): number | null =>
  nodes.reduce<number | null>(
    (sum, { free }) => (sum === null || free === null ? null : sum + Math.floor(free / gpus)),
    0,
  );

/** Replicas that find room now over all classes; null where that is not known. */
export const freeRooms = (classes: readonly NodeClass[]): number | null =>
  classes.reduce<number | null>((sum, { freeRooms: free }) => (sum === null || free === null ? null : sum + free), 0);
