import { booleanAt, type KubernetesObject, listAt, numberAt, textAt } from '../../src/kubernetes.ts';

/** What a view of pods keeps of each. */
export const podRow = (pod: KubernetesObject) => {
  const containers = listAt(pod, 'status', 'containerStatuses');
  return {
    namespace: pod.metadata.namespace,
    name: pod.metadata.name,
    phase: textAt(pod, 'status', 'phase'),
    node: textAt(pod, 'spec', 'nodeName'),
    ready: containers.filter((container) => booleanAt(container, 'ready')).length,
    restarts: containers.reduce<number>((sum, container) => sum + (numberAt(container, 'restartCount') ?? 0), 0),
    createdAt: textAt(pod, 'metadata', 'creationTimestamp'),
  };
};
