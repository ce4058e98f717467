import type { Facts, NodeFact, Problem } from './provider.ts';
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
export function capacityProblems({ gpus = 1 }: DeploymentSpec, { nodes }: Facts): readonly Problem[] {
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
