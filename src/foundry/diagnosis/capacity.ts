import { entriesAt, type KubernetesObject, listAt, textAt } from '../../kubernetes.ts';
import type { Subject } from '../../providers/causes.ts';
import { redeploy, toolCall } from '../../providers/fixes.ts';
import type { NodeCapacity } from '../capacity/capacity.ts';
import type { Toleration } from '../capacity/gpu-nodes.ts';
import { gpuRequests } from '../capacity/pod-requests.ts';
import { usableNodes } from '../fit/rooms.ts';
import type { Evidence } from './evidence.ts';
import type { Finding } from './findings.ts';
import { parseSchedulerMessage } from './scheduler-message.ts';

/** The resource of which the scheduler found too little. */
export const shortOfGpus = /Insufficient (?<resource>(?:nvidia|amd)\.com\/[\w-]+(?:\.[\w-]+)*)/;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const powerOfTwo = (number: number): number => 2 ** Math.floor(Math.log2(number));

/** Where the pod itself may go. */
const placementOf = (pod: KubernetesObject) => ({
  nodeSelector: Object.fromEntries(
    entriesAt(pod, 'spec', 'nodeSelector').map(([label, value]) => [label, String(value)]),
  ),
  tolerations: listAt(pod, 'spec', 'tolerations').map(
    (toleration): Toleration => ({
      key: textAt(toleration, 'key'),
      operator: textAt(toleration, 'operator'),
      value: textAt(toleration, 'value'),
      effect: textAt(toleration, 'effect'),
    }),
  ),
});

/** As many GPUs fewer as the node lacks: sidecars keep theirs. Where none are left, a look at the nodes. */
function fewerGpus(subject: Subject, asked: number, room: number): string {
  const left = Math.min(subject.gpus ?? asked, asked) - (asked - room);
  const look = toolCall('get_cluster_capacity', {});
  return left < 1 ? look : redeploy(subject, { gpus: powerOfTwo(left) }, look);
}

const largestOf = (nodes: readonly NodeCapacity[]): number => Math.max(0, ...nodes.map(({ total }) => total));

/** Counts where the GPUs are that the scheduler did not find; undefined where GPUs are not what is short. */
export function gpuArithmetic({
  pods,
  survey,
  subject,
}: Pick<Evidence, 'pods' | 'survey' | 'subject'>): Finding | undefined {
  const pod = pods.find(({ unschedulable }) => shortOfGpus.test(unschedulable?.message ?? ''));
  const message = pod?.unschedulable?.message ?? '';
  const { resource = '' } = shortOfGpus.exec(message)?.groups ?? {};
  const nodes = survey && usableNodes(survey, { ...(pod && placementOf(pod.object)), resource });
  if (!pod || !survey?.nodes || !nodes) return undefined;
  const asked = gpuRequests(pod.object)[resource] ?? 0;
  const short = parseSchedulerMessage(message);
  const clause = short?.clauses.find(({ reason }) => reason.includes(resource));
  const line = short && clause ? `${clause.nodes ?? short.nodes} of ${short.nodes} nodes: ${clause.reason}` : message;
  const evidence = { source: `scheduler on pod ${pod.name}`, line, count: 1 };
  const [largest, taken] = [largestOf(nodes), nodes.map(({ used }) => used)];
  if (largest === 0) {
    // Those that are there and shut to it have clauses of their own.
    if (survey.nodes.some((node) => node.resource === resource && node.total > 0)) return undefined;
    const title = `A pod asks for ${asked} GPUs, and no node offers any (${resource}).`;
    const fix = 'kubectl get nodes -o custom-columns=NAME:.metadata.name,GPUS:.status.allocatable';
    return { code: 'GPUS_NONE', title, evidence, fix };
  }
  if (asked > largest) {
    const title = `A pod asks for ${asked} GPUs on one node, and the largest node has ${largest}.`;
    return { code: 'GPUS_TOO_MANY', title, evidence, fix: fewerGpus(subject, asked, largest) };
  }
  const used = taken.filter((number) => number !== null);
  const free = Math.max(0, ...nodes.map((node) => node.free ?? 0));
  // Enough is free somewhere: then it is not the GPUs alone, and the scheduler's other clauses say what.
  if (used.length < taken.length || free >= asked) return undefined;
  const total = sum(nodes.map((node) => node.total));
  const title = `A pod asks for ${asked} GPU${asked === 1 ? '' : 's'} on one node: ${sum(used)} of ${total} are in use, and the largest free block is ${free}.`;
  return { code: 'GPUS_IN_USE', title, evidence, fix: fewerGpus(subject, asked, free) };
}
