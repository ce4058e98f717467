import { entriesAt, type KubernetesObject, listAt, textAt } from '../../kubernetes.ts';
import { isGpuResource } from './gpu-resources.ts';

type Amounts = Readonly<Record<string, number>>;

/** A pod that asks for GPUs, and what it holds of its node (or waits for). */
export interface GpuPod {
  readonly namespace: string;
  /** Absent = no node has taken it yet. */
  readonly node?: string;
  /** By resource name. */
  readonly gpus: Amounts;
  /** The deployment of ours that it belongs to, by the labels on its template. */
  readonly instance?: string;
  readonly runtime?: string;
}

/** GPUs of one container: extended resources have equal requests and limits; the server fills in what is left out. */
function containerGpus(container: unknown): Amounts {
  const asked = new Map([
    ...entriesAt(container, 'resources', 'limits'),
    ...entriesAt(container, 'resources', 'requests'),
  ]);
  const amounts = [...asked]
    .filter(([name]) => isGpuResource(name))
    .map(([name, amount]) => [name, Number(amount)] as const);
  return Object.fromEntries(amounts.filter(([, amount]) => Number.isInteger(amount) && amount > 0));
}

const combine = (one: Amounts, other: Amounts, by: (one: number, other: number) => number): Amounts =>
  Object.fromEntries(
    [...new Set([...Object.keys(one), ...Object.keys(other)])].map((name) => [
      name,
      by(one[name] ?? 0, other[name] ?? 0),
    ]),
  );
const plus = (one: number, other: number): number => one + other;

/**
 * What the scheduler counts for a pod: the greater of what its containers and sidecars (init containers that restart
 * always) ask for together, and what any init container asks for beside the sidecars that were started before it.
 */
export function gpuRequests(pod: KubernetesObject): Amounts {
  let sidecars: Amounts = {};
  let starting: Amounts = {};
  for (const container of listAt(pod, 'spec', 'initContainers')) {
    const own = combine(containerGpus(container), sidecars, plus);
    if (textAt(container, 'restartPolicy') === 'Always') sidecars = own;
    starting = combine(starting, own, Math.max);
  }
  const running = listAt(pod, 'spec', 'containers').map(containerGpus);
  const together = running.reduce((sum, own) => combine(sum, own, plus), sidecars);
  return combine(together, starting, Math.max);
}

/** Undefined for pods without GPUs, and for those that have ended; a pod being deleted holds its GPUs until it is gone. */
export function gpuPod(pod: KubernetesObject): GpuPod | undefined {
  const phase = textAt(pod, 'status', 'phase');
  if (phase === 'Succeeded' || phase === 'Failed') return undefined;
  const gpus = gpuRequests(pod);
  if (Object.keys(gpus).length === 0) return undefined;
  const { namespace = '', labels = {} } = pod.metadata;
  const node = textAt(pod, 'spec', 'nodeName') || undefined;
  return {
    namespace,
    ...(node !== undefined && { node }),
    gpus,
    instance: labels['app.kubernetes.io/instance'],
    runtime: labels['kubefoundry.io/provider'],
  };
}
