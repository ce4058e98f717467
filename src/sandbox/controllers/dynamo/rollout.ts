import { type KubernetesObject, numberAt } from '../../../kubernetes.ts';
import { labelOf } from '../objects.ts';
import { childName, hashLabel } from './children.ts';
import { type Component, isV1alpha1, isWorker } from './components.ts';

/** One DynamoComponentDeployment that should exist. */
export interface Part {
  readonly name: string;
  readonly component: Component;
  readonly hash: string | undefined;
  readonly replicas: number;
}

export interface Rollout {
  /** To create or change. */
  readonly parts: readonly Part[];
  /** Of a former hash: to scale to what is named. */
  readonly old: readonly { readonly part: KubernetesObject; readonly replicas: number }[];
  /** Of a former hash: no longer needed. */
  readonly over: readonly KubernetesObject[];
  readonly inProgress: boolean;
}

const readyOf = (part: KubernetesObject | undefined): number =>
  (part === undefined
    ? undefined
    : numberAt(part, 'status', isV1alpha1(part) ? 'service' : 'component', 'readyReplicas')) ?? 0;

/**
 * What a graph's components need, while all workers run one hash or move from `current` to `hash`: one replica of the
 * new hash more at a time, and as many less of the old one as are ready of the new.
 */
export function plan(
  graph: KubernetesObject,
  components: readonly Component[],
  current: string,
  hash: string,
  existing: readonly KubernetesObject[],
): Rollout {
  const parts: Part[] = [];
  const old: { part: KubernetesObject; replicas: number }[] = [];
  const over: KubernetesObject[] = [];
  let inProgress = false;
  for (const component of components) {
    const own = isWorker(component) ? hash : undefined;
    const name = childName(graph, component.name, own);
    const former = existing.filter(
      (part) => labelOf(part, 'nvidia.com/dynamo-component') === component.name && part.metadata.name !== name,
    );
    const rolls = own !== undefined && current !== hash && former.some((part) => labelOf(part, hashLabel) === current);
    if (!rolls) {
      parts.push({ name, component, hash: own, replicas: component.replicas });
      over.push(...former);
      continue;
    }
    const ready = Math.min(component.replicas, readyOf(existing.find((part) => part.metadata.name === name)));
    parts.push({ name, component, hash: own, replicas: Math.min(component.replicas, ready + 1) });
    if (ready >= component.replicas) {
      over.push(...former);
      continue;
    }
    inProgress = true;
    for (const part of former) {
      if (labelOf(part, hashLabel) === current) old.push({ part, replicas: component.replicas - ready });
      else over.push(part);
    }
  }
  return { parts, old, over, inProgress };
}
