import { conditionOf, type KubernetesObject, numberAt, textAt, valueAt } from '../../../kubernetes.ts';
import { isMap, labelOf } from '../objects.ts';
import { componentLabel, restartAnnotation } from './children.ts';
import type { Component } from './components.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The restart that a DynamoComponentDeployment's pods were made for, in either API version. */
export const restartMark = (part: KubernetesObject | undefined): string | undefined =>
  textAt(part, 'spec', 'podTemplate', 'metadata', 'annotations', restartAnnotation) ??
  textAt(part, 'spec', 'annotations', restartAnnotation);

function isRestarted(part: KubernetesObject, id: string): boolean {
  const observed = numberAt(part, 'status', 'observedGeneration') ?? 0;
  if (restartMark(part) !== id || observed < (part.metadata.generation ?? 0)) return false;
  return conditionOf(part, 'Available')?.status === 'True';
}

export interface Restart {
  /** `status.restart` after this reconcile. */
  readonly status: Fields | undefined;
  /** What the pods of a component are to be marked with; undefined leaves them as they are. */
  markOf(component: string): string | undefined;
}

const over: readonly (string | undefined)[] = ['Completed', 'Failed', 'Superseded'];

/**
 * How far a restart has come: one component after the other, in the order of their names unless the spec has one, each
 * until its pods are replaced and available; all at once where the strategy is Parallel. A rolling update supersedes it.
 */
export function restartOf(
  graph: KubernetesObject,
  components: readonly Component[],
  parts: readonly KubernetesObject[],
  rolling: boolean,
): Restart {
  const id = textAt(graph, 'spec', 'restart', 'id');
  const before = valueAt(graph, 'status', 'restart');
  const kept = isMap(before) ? before : undefined;
  const none = { status: kept, markOf: () => undefined };
  if (id === undefined) return none;
  const known = textAt(before, 'observedID') === id;
  if (known && over.includes(textAt(before, 'phase'))) return none;
  if (rolling) return { ...none, status: { observedID: id, phase: 'Superseded' } };
  const given = valueAt(graph, 'spec', 'restart', 'strategy', 'order');
  const names = components.map(({ name }) => name);
  const order = Array.isArray(given) && given.length > 0 ? given.map(String) : names.toSorted();
  const left = order.filter(
    (name) => !parts.some((part) => labelOf(part, componentLabel) === name && isRestarted(part, id)),
  );
  const parallel = textAt(graph, 'spec', 'restart', 'strategy', 'type') === 'Parallel';
  const inProgress = parallel ? left : left.slice(0, 1);
  const status =
    inProgress.length === 0
      ? { observedID: id, phase: 'Completed' }
      : { observedID: id, phase: 'Restarting', inProgress };
  return { status, markOf: (name) => (inProgress.includes(name) ? id : undefined) };
}
