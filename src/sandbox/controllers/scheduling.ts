import { booleanAt, entriesAt, type KubernetesObject, listAt, textAt } from '../../kubernetes.ts';
import { textsAt } from './objects.ts';
import { gpusOf, podRequests } from './pods.ts';
import { quantity } from './quantity.ts';

export type Placement = { readonly node: string } | { readonly message: string };

interface Room {
  readonly node: KubernetesObject;
  readonly free: Readonly<Record<string, number>>;
  readonly allocatable: Readonly<Record<string, number>>;
}

const tolerates = (pod: KubernetesObject, taint: unknown): boolean =>
  listAt(pod, 'spec', 'tolerations').some((toleration) => {
    const key = textAt(toleration, 'key');
    const effect = textAt(toleration, 'effect');
    if (effect !== undefined && effect !== textAt(taint, 'effect')) return false;
    if (key === undefined) return textAt(toleration, 'operator') === 'Exists';
    if (key !== textAt(taint, 'key')) return false;
    return (
      textAt(toleration, 'operator') === 'Exists' ||
      (textAt(toleration, 'value') ?? '') === (textAt(taint, 'value') ?? '')
    );
  });

function roomOn(node: KubernetesObject, there: readonly KubernetesObject[]): Room {
  const allocatable: Record<string, number> = {};
  for (const [name, value] of entriesAt(node, 'status', 'allocatable')) allocatable[name] = quantity(value);
  const free = { ...allocatable };
  for (const pod of there) {
    for (const [name, amount] of Object.entries(podRequests(pod))) free[name] = (free[name] ?? 0) - amount;
  }
  free.pods = (free.pods ?? 110) - there.length;
  return { node, free, allocatable };
}

/** Why the pod cannot go there, in the scheduler's words and the order of its filters; empty = it can. */
function obstacles(pod: KubernetesObject, { node, free, allocatable }: Room): { reasons: string[]; helpless: boolean } {
  if (booleanAt(node, 'spec', 'unschedulable')) return { reasons: ['node(s) were unschedulable'], helpless: true };
  const taint = listAt(node, 'spec', 'taints').find(
    (candidate) => textAt(candidate, 'effect') !== 'PreferNoSchedule' && !tolerates(pod, candidate),
  );
  if (taint !== undefined) return { reasons: ['node(s) had untolerated taint(s)'], helpless: true };
  const selector = Object.entries(textsAt(pod, 'spec', 'nodeSelector'));
  if (selector.some(([label, value]) => node.metadata.labels?.[label] !== value)) {
    return { reasons: ["node(s) didn't match Pod's node affinity/selector"], helpless: true };
  }
  if ((free.pods ?? 0) < 1) return { reasons: ['Too many pods'], helpless: false };
  const short = Object.entries(podRequests(pod)).filter(([name, amount]) => amount > (free[name] ?? 0));
  return {
    reasons: short.map(([name]) => `Insufficient ${name}`),
    helpless: short.some(([name, amount]) => amount > (allocatable[name] ?? 0)),
  };
}

const counted = (reasons: Iterable<string>): string => {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
};

/** The sentence of a FailedScheduling event, as kube-scheduler 1.35 writes it. */
function refusal(nodes: number, reasons: readonly string[], helpless: number): string {
  if (nodes === 0) return 'no nodes available to schedule pods';
  const hopes = [
    ...Array<string>(helpless).fill('Preemption is not helpful for scheduling'),
    ...Array<string>(nodes - helpless).fill('No preemption victims found for incoming pod'),
  ];
  return `0/${nodes} nodes are available: ${counted(reasons)}. no new claims to deallocate, preemption: 0/${nodes} nodes are available: ${counted(hopes)}.`;
}

/** The sentence for what holds a pod back on every node alike. */
export const refusedFor = (nodes: number, reason: string): string =>
  `0/${nodes} nodes are available: ${reason}. preemption: 0/${nodes} nodes are available: ${nodes} Preemption is not helpful for scheduling.`;

/** Picks the node that the pod fills best, or says why none takes it. `pods` are the bound ones, by node. */
export function place(
  pod: KubernetesObject,
  nodes: readonly KubernetesObject[],
  pods: ReadonlyMap<string, readonly KubernetesObject[]>,
): Placement {
  const reasons: string[] = [];
  let helpless = 0;
  const fitting: Room[] = [];
  for (const node of nodes) {
    const room = roomOn(node, pods.get(node.metadata.name) ?? []);
    const found = obstacles(pod, room);
    if (found.reasons.length === 0) fitting.push(room);
    reasons.push(...found.reasons);
    if (found.helpless) helpless += 1;
  }
  const gpus = (room: Room) => room.free['nvidia.com/gpu'] ?? 0;
  const [best] = fitting.sort(
    (left, right) => gpus(left) - gpus(right) || (right.free.cpu ?? 0) - (left.free.cpu ?? 0),
  );
  return best === undefined ? { message: refusal(nodes.length, reasons, helpless) } : { node: best.node.metadata.name };
}

/** What the scheduler would say if every node lacked what the pod asks for most. */
export const noRoom = (pod: KubernetesObject, nodes: number): string =>
  refusal(nodes, Array<string>(nodes).fill(gpusOf(pod) > 0 ? 'Insufficient nvidia.com/gpu' : 'Insufficient cpu'), 0);
