import { entriesAt, type KubernetesObject, listAt, textAt } from '../../kubernetes.ts';
import { redeploy, toolCall } from '../../providers/fixes.ts';
import { decodeNode } from '../operators.ts';
import type { Evidence, NodeRoom } from './evidence.ts';
import type { Finding } from './findings.ts';
import { parseSchedulerMessage } from './scheduler-message.ts';

/** GPUs that a pod asks for, on any vendor's resource name. */
function gpusOf(pod: KubernetesObject): number {
  const asked = (container: unknown): number =>
    entriesAt(container, 'resources', 'limits')
      .filter(([name]) => /^(?:nvidia|amd)\.com\/gpu$/.test(name))
      .reduce((sum, [, amount]) => sum + (Number(amount) || 0), 0);
  const containers = listAt(pod, 'spec', 'containers').reduce<number>((sum, container) => sum + asked(container), 0);
  return Math.max(containers, ...listAt(pod, 'spec', 'initContainers').map(asked));
}

/** What each node has and what is taken of it. */
export function roomOf(nodes: readonly KubernetesObject[], pods: readonly KubernetesObject[]): readonly NodeRoom[] {
  const used = new Map<string, number>();
  for (const pod of pods) {
    const node = textAt(pod, 'spec', 'nodeName');
    const phase = textAt(pod, 'status', 'phase');
    if (node === undefined || phase === 'Succeeded' || phase === 'Failed') continue;
    used.set(node, (used.get(node) ?? 0) + gpusOf(pod));
  }
  return nodes.map(decodeNode).map(({ name, ready, schedulable, gpus }) => ({
    name,
    usable: ready && schedulable,
    gpus,
    used: used.get(name) ?? 0,
  }));
}

const shortOfGpus = /Insufficient (?:nvidia|amd)\.com/;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const powerOfTwo = (number: number): number => 2 ** Math.floor(Math.log2(number));

/** Counts where the GPUs are that the scheduler did not find; undefined where GPUs are not what is short. */
export function gpuArithmetic({ pods, nodes, subject }: Evidence): Finding | undefined {
  const pod = pods.find(({ unschedulable }) => shortOfGpus.test(unschedulable?.message ?? ''));
  if (pod?.unschedulable === undefined || nodes === undefined) return undefined;
  const asked = gpusOf(pod.object);
  const usable = nodes.filter((node) => node.usable && node.gpus > 0);
  const largest = Math.max(0, ...usable.map(({ gpus }) => gpus));
  const free = Math.max(0, ...usable.map(({ gpus, used }) => gpus - used));
  const total = sum(usable.map(({ gpus }) => gpus));
  const taken = sum(usable.map(({ used }) => used));
  const short = parseSchedulerMessage(pod.unschedulable.message)?.clauses.find(({ reason }) =>
    shortOfGpus.test(reason),
  );
  const line = short ? `${short.nodes} of ${nodes.length} nodes: ${short.reason}` : pod.unschedulable.message;
  const evidence = { source: `scheduler on pod ${pod.name}`, line, count: 1 };
  const capacity = toolCall('get_cluster_capacity', {});
  if (largest === 0) {
    const title = `A pod asks for ${asked} GPUs, and no node that can be used offers any.`;
    return {
      code: 'GPUS_NONE',
      title,
      evidence,
      fix: 'kubectl get nodes -o custom-columns=NAME:.metadata.name,GPUS:.status.allocatable',
    };
  }
  if (asked > largest) {
    const title = `A pod asks for ${asked} GPUs on one node, and the largest node has ${largest}.`;
    return { code: 'GPUS_TOO_MANY', title, evidence, fix: redeploy(subject, { gpus: powerOfTwo(largest) }) };
  }
  // Enough is free somewhere: then it is not the GPUs alone, and the scheduler's other clauses say what.
  if (free >= asked) return undefined;
  const title = `A pod asks for ${asked} GPU${asked === 1 ? '' : 's'} on one node: ${taken} of ${total} are in use, and the largest free block is ${free}.`;
  return {
    code: 'GPUS_IN_USE',
    title,
    evidence,
    fix: free > 0 ? redeploy(subject, { gpus: powerOfTwo(free) }) : capacity,
  };
}
