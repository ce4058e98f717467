import { at, type Json, listOr, objectOr } from './json.ts';
import type { ApiObject } from './object.ts';
import { parseQuantity } from './quantity.ts';

type Kind = 'requests' | 'limits';

const amount = (container: Json, kind: Kind, resource: string): number =>
  parseQuantity(at(container, 'resources', kind, resource)) ?? 0;

/** What a pod asks of a resource: its containers together, or its greediest init container. */
export function podAmount(pod: ApiObject, kind: Kind, resource: string): number {
  const sum = listOr(at(pod, 'spec', 'containers')).reduce<number>(
    (total, container) => total + amount(container, kind, resource),
    0,
  );
  const init = listOr(at(pod, 'spec', 'initContainers')).map((container) => amount(container, kind, resource));
  return Math.max(sum, ...init);
}

/** `Guaranteed`, `Burstable` or `BestEffort`, by the CPU and memory that the containers ask for. */
export function qosClass(pod: ApiObject): string {
  const containers = [...listOr(at(pod, 'spec', 'containers')), ...listOr(at(pod, 'spec', 'initContainers'))];
  const compute = ['cpu', 'memory'] as const;
  const isSet = (container: Json, kind: Kind, resource: string) =>
    objectOr(at(container, 'resources', kind))[resource] !== undefined;
  const guaranteed = containers.every((container) =>
    compute.every(
      (resource) =>
        isSet(container, 'limits', resource) &&
        amount(container, 'limits', resource) === amount(container, 'requests', resource),
    ),
  );
  if (guaranteed) return 'Guaranteed';
  const asks = containers.some((container) =>
    compute.some((resource) => isSet(container, 'limits', resource) || isSet(container, 'requests', resource)),
  );
  return asks ? 'Burstable' : 'BestEffort';
}
