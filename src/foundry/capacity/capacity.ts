import * as z from 'zod';
import { blockersOf, type GpuNode, type Toleration } from './gpu-nodes.ts';
import type { GpuPod } from './pod-requests.ts';

const kind = {
  resource: z.string().describe('nvidia.com/gpu, nvidia.com/mig-<profile>, amd.com/gpu'),
  model: z.string().nullable(),
  memory: z.int().nullable().describe('MiB of one GPU or slice'),
};

/** GPUs of one node. `used` and `free` are null where pods could not be read. */
const nodeCapacity = z.object({
  name: z.string(),
  ...kind,
  total: z.int(),
  used: z.int().nullable(),
  free: z.int().nullable(),
  blockers: z.array(z.string()).describe('why no ordinary pod can go there; empty = it can'),
});
export type NodeCapacity = z.output<typeof nodeCapacity>;

/** Equal GPUs over all nodes. `free` and `largestFree` count only nodes that take pods now. */
const pool = z.object({
  ...kind,
  nodes: z.int(),
  total: z.int(),
  used: z.int().nullable(),
  free: z.int().nullable(),
  largestFree: z.int().nullable().describe('most GPUs free on one node'),
  blocked: z.array(z.object({ why: z.string(), nodes: z.int(), gpus: z.int() })),
});
export type Pool = z.output<typeof pool>;

export const capacity = z.object({
  /** Null where nodes could not be read. */
  pools: z.array(pool).nullable(),
  nodes: z.array(nodeCapacity).nullable(),
  waiting: z.object({ pods: z.int(), gpus: z.int() }).nullable().describe('pods that ask for GPUs and have no node'),
  problems: z.array(
    z.object({ what: z.enum(['nodes', 'pods']), code: z.string(), message: z.string(), hint: z.string() }),
  ),
});
export type Capacity = z.output<typeof capacity>;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** The sum, or null where one of them is not known. */
const sumKnown = (numbers: readonly (number | null)[]): number | null =>
  numbers.reduce<number | null>((total, number) => (total === null || number === null ? null : total + number), 0);

/**
 * What each node has, holds and can give. `pods` is null where they could not be read; `tolerations` are those of the
 * pods that shall go there. More asked for than there is (a GPU was taken off the node) leaves 0 free.
 */
export function nodeCapacities(
  nodes: readonly GpuNode[],
  pods: readonly GpuPod[] | null,
  tolerations: readonly Toleration[] = [],
): readonly NodeCapacity[] {
  const held = new Map<string, number>();
  for (const { node, gpus } of pods ?? []) {
    if (node === undefined) continue;
    for (const [resource, amount] of Object.entries(gpus)) {
      const key = `${node} ${resource}`;
      held.set(key, (held.get(key) ?? 0) + amount);
    }
  }
  return nodes.map((node) => {
    const { name, resource, model, memory, total } = node;
    const used = pods === null ? null : (held.get(`${name} ${resource}`) ?? 0);
    const free = used === null ? null : Math.max(0, total - used);
    return { name, resource, model, memory, total, used, free, blockers: [...blockersOf(node, tolerations)] };
  });
}

/** Nodes with the same GPUs together, the pool with most of them first. */
export function poolsOf(nodes: readonly NodeCapacity[]): readonly Pool[] {
  const groups = Map.groupBy(nodes, ({ resource, model, memory }) => JSON.stringify([resource, model, memory]));
  const pools = [...groups.values()].flatMap((group): readonly Pool[] => {
    const [first] = group;
    if (!first) return [];
    const open = group.filter(({ blockers }) => blockers.length === 0);
    const shut = Map.groupBy(
      group.filter(({ blockers }) => blockers.length > 0),
      ({ blockers }) => blockers.join(', '),
    );
    const free = sumKnown(open.map((node) => node.free));
    return [
      {
        resource: first.resource,
        model: first.model,
        memory: first.memory,
        nodes: group.length,
        total: sum(group.map(({ total }) => total)),
        used: sumKnown(group.map(({ used }) => used)),
        free,
        largestFree: free === null ? null : Math.max(0, ...open.map((node) => node.free ?? 0)),
        blocked: [...shut].map(([why, some]) => ({
          why,
          nodes: some.length,
          gpus: sum(some.map(({ total }) => total)),
        })),
      },
    ];
  });
  return pools.toSorted((one, other) => other.total - one.total);
}

/** Pods without a node, and the GPUs that they ask for. */
export function waitingOf(pods: readonly GpuPod[] | null): Capacity['waiting'] {
  if (pods === null) return null;
  const waiting = pods.filter(({ node }) => node === undefined);
  return { pods: waiting.length, gpus: sum(waiting.flatMap(({ gpus }) => Object.values(gpus))) };
}
