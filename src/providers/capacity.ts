import type { Facts, NodeFact, Problem } from './provider.ts';
import { bytes, cores } from './quantities.ts';
import type { DeploymentSpec } from './spec.ts';

/** Nodes whose GPUs pods can have now: neither cordoned nor NotReady. */
const usableNodes = (nodes: readonly NodeFact[]): readonly NodeFact[] =>
  nodes.filter(({ ready, schedulable, gpus }) => ready && schedulable && gpus > 0);

const largestOf = (nodes: readonly NodeFact[]): NodeFact | undefined =>
  nodes.toSorted((one, other) => other.gpus - one.gpus)[0];

/**
 * Whether a replica, which stays on one node, has a node that is large enough. Only what no node could ever hold is an
 * error: cordoned nodes come back, and where there are no GPUs at all an autoscaler may bring some.
 */
export const capacityProblems = (spec: DeploymentSpec, { nodes }: Facts): readonly Problem[] => [
  ...gpuProblems(spec, nodes),
  ...amounts.flatMap((amount) => amountProblems(spec, nodes, amount)),
];

function gpuProblems({ gpus = 1 }: DeploymentSpec, nodes: readonly NodeFact[]): readonly Problem[] {
  const [largest, usable] = [largestOf(nodes), largestOf(usableNodes(nodes))];
  if (!largest || (usable !== undefined && gpus <= usable.gpus)) return [];
  const about = { path: 'gpus', code: 'NO_CAPACITY' } as const;
  if (largest.gpus === 0) {
    const message = 'No node offers nvidia.com/gpu: the deployment stays pending until one does.';
    return [{ ...about, severity: 'warning', message, hint: 'Add GPU nodes.' }];
  }
  if (gpus > largest.gpus) {
    const message = `${gpus} GPUs per replica are more than any node has: the largest, ${largest.name}, has ${largest.gpus}, and a replica stays on one node.`;
    const hint = `Ask for ${largest.gpus} GPUs or fewer, or choose a smaller or quantized model.`;
    return [{ ...about, severity: 'error', message, hint }];
  }
  const message = `Of the nodes with ${gpus} GPUs or more none can be used now (${largest.name} is ${stateOf(largest)}): the deployment stays pending until one can.`;
  return [{ ...about, severity: 'warning', message, hint: 'Add GPU nodes, or uncordon them: kubectl get nodes' }];
}

const stateOf = ({ ready }: NodeFact): string => (ready ? 'cordoned' : 'not ready');

/** What else a replica asks of the node with its GPUs. */
interface Amount {
  readonly path: 'cpu' | 'memory';
  /** Undefined for what is no such amount. */
  readonly read: (quantity: string) => number | undefined;
  readonly held: (node: NodeFact) => number | undefined;
  readonly words: (amount: number) => string;
}

const amounts: readonly Amount[] = [
  { path: 'cpu', read: cores, held: ({ cpus }) => cpus, words: (amount) => `${amount} CPUs` },
  {
    path: 'memory',
    read: bytes,
    held: ({ memory }) => memory,
    words: (amount) => `${Math.round((amount / 2 ** 30) * 10) / 10} GiB of memory`,
  },
];

/**
 * Judged on nodes that have its GPUs; one that does not tell what it has may be large enough. A warning, as an autoscaler
 * may have larger nodes with these GPUs.
 */
function amountProblems(
  spec: DeploymentSpec,
  nodes: readonly NodeFact[],
  { path, read, held, words }: Amount,
): readonly Problem[] {
  const { gpus = 1 } = spec;
  const asked = read(spec[path] ?? '');
  const rooms = nodes
    .filter((node) => node.gpus >= gpus)
    .map((node) => ({ node, has: held(node) ?? Number.POSITIVE_INFINITY }));
  const [largest] = rooms.toSorted((one, other) => other.has - one.has);
  if (asked === undefined || largest === undefined || asked <= largest.has) return [];
  const message = `${words(asked)} per replica are more than any node with ${gpus} GPU${gpus === 1 ? '' : 's'} has: the largest, ${largest.node.name}, has ${words(largest.has)}, and a replica stays on one node: it will wait for a larger one.`;
  const hint = `Ask for less, or leave ${path} out.`;
  return [{ path, code: 'NO_CAPACITY', severity: 'warning', message, hint }];
}
