import { entriesAt, type KubernetesObject, listAt, textAt, valueAt } from '../../kubernetes.ts';
import { labelOf, textsAt } from './objects.ts';
import { quantity } from './quantity.ts';

/** What a pod is for: `model` pods load weights; frontends and heads do not; `other` is everything else. */
export type PodRole = 'frontend' | 'head' | 'model' | 'other';

export interface PodIdentity {
  readonly role: PodRole;
  /** The DynamoGraphDeployment, RayService or bare RayCluster that it belongs to; for others their application. */
  readonly deployment: string;
  /** Its RayCluster. */
  readonly rayCluster?: string;
}

/** Read from the labels that the operators put on pods. */
export function identify(pod: KubernetesObject): PodIdentity {
  const graph = labelOf(pod, 'nvidia.com/dynamo-graph-deployment-name');
  if (graph !== undefined) {
    const type = labelOf(pod, 'nvidia.com/dynamo-component-type') ?? '';
    const role =
      type === 'frontend' ? 'frontend' : ['worker', 'prefill', 'decode', ''].includes(type) ? 'model' : 'other';
    return { role, deployment: graph };
  }
  const rayCluster = labelOf(pod, 'ray.io/cluster');
  if (rayCluster === undefined) {
    return { role: 'other', deployment: labelOf(pod, 'app.kubernetes.io/name') ?? pod.metadata.name };
  }
  return {
    role: labelOf(pod, 'ray.io/node-type') === 'head' ? 'head' : 'model',
    // Clusters of a RayService are named <service>-<5 random characters>; only their pods carry this label.
    deployment: labelOf(pod, 'ray.io/serve') === undefined ? rayCluster : rayCluster.slice(0, -6),
    rayCluster,
  };
}

export const containersOf = (pod: KubernetesObject): readonly unknown[] => listAt(pod, 'spec', 'containers');
export const initContainersOf = (pod: KubernetesObject): readonly unknown[] => listAt(pod, 'spec', 'initContainers');
export const nodeOf = (pod: KubernetesObject): string | undefined => textAt(pod, 'spec', 'nodeName');

/** A pod that runs to no end and holds its resources. */
export const isActive = (pod: KubernetesObject): boolean => {
  const phase = textAt(pod, 'status', 'phase');
  return phase !== 'Succeeded' && phase !== 'Failed';
};

/** What a container asks for: its requests, and its limits where it names no request (as the server defaults them). */
export function requestsOf(container: unknown): Readonly<Record<string, number>> {
  const asked = { ...textsOrNumbers(container, 'limits'), ...textsOrNumbers(container, 'requests') };
  return Object.fromEntries(Object.entries(asked).map(([name, value]) => [name, quantity(value)]));
}

const textsOrNumbers = (container: unknown, side: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(entriesAt(container, 'resources', side));

/** What the pod asks of a node: the sum of its containers, or one init container if that asks for more. */
export function podRequests(pod: KubernetesObject): Readonly<Record<string, number>> {
  const total: Record<string, number> = {};
  for (const container of containersOf(pod)) {
    for (const [name, amount] of Object.entries(requestsOf(container))) total[name] = (total[name] ?? 0) + amount;
  }
  for (const container of initContainersOf(pod)) {
    for (const [name, amount] of Object.entries(requestsOf(container))) {
      total[name] = Math.max(total[name] ?? 0, amount);
    }
  }
  return total;
}

export const gpusOf = (pod: KubernetesObject): number => podRequests(pod)['nvidia.com/gpu'] ?? 0;

/** QoS class as the kubelet derives it from cpu and memory. */
export function qosClass(pod: KubernetesObject): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers = [...containersOf(pod), ...initContainersOf(pod)];
  const has = (container: unknown, side: string) =>
    ['cpu', 'memory'].filter((name) => valueAt(container, 'resources', side, name) !== undefined).length;
  if (containers.every((container) => has(container, 'limits') + has(container, 'requests') === 0)) return 'BestEffort';
  const guaranteed = containers.every((container) => {
    const limits = textsAt(container, 'resources', 'limits');
    const requests = { ...limits, ...textsAt(container, 'resources', 'requests') };
    return has(container, 'limits') === 2 && requests.cpu === limits.cpu && requests.memory === limits.memory;
  });
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
