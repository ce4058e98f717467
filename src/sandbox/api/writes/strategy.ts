import { at, equal, type JsonObject, objectOr, without } from '../objects/json.ts';
import type { ApiObject } from '../objects/object.ts';
import { qosClass } from '../objects/pod-resources.ts';
import type { ServedResource } from '../objects/resource.ts';

/** Tables of built-in kinds that count the generations of their spec. */
const counted = new Set([
  'customresourcedefinitions.apiextensions.k8s.io',
  'daemonsets.apps',
  'deployments.apps',
  'endpointslices.discovery.k8s.io',
  'jobs.batch',
  'pods',
  'replicasets.apps',
  'statefulsets.apps',
]);

export const countsGenerations = (resource: ServedResource): boolean => resource.custom || counted.has(resource.table);

export const hasStatus = (resource: ServedResource): boolean => resource.subresources.includes('status');

/** What a change of which makes a new generation. */
function desired(resource: ServedResource, object: ApiObject): JsonObject {
  if (resource.table === 'pods') return { spec: without(objectOr(object.spec), 'nodeName') };
  if (resource.table === 'deployments.apps') return { spec: object.spec, annotations: object.metadata.annotations };
  if (!resource.custom) return { spec: object.spec };
  return without(object, 'metadata', 'apiVersion', 'kind', ...(hasStatus(resource) ? ['status'] : []));
}

export const sameDesire = (resource: ServedResource, left: ApiObject, right: ApiObject): boolean =>
  equal(desired(resource, left), desired(resource, right));

/** The status that a new object of a built-in kind begins with. */
function firstStatus(table: string, object: ApiObject): JsonObject {
  switch (table) {
    case 'pods':
      return { phase: 'Pending', qosClass: qosClass(object) };
    case 'namespaces':
      return { phase: 'Active' };
    case 'services':
      return { loadBalancer: {} };
    case 'replicasets.apps':
      return { replicas: 0 };
    case 'statefulsets.apps':
      return { replicas: 0, availableReplicas: 0 };
    case 'persistentvolumeclaims':
    case 'persistentvolumes':
      return { phase: 'Pending' };
    default:
      return {};
  }
}

/** A new object as its kind begins, whatever the client said about status. */
export function begun(resource: ServedResource, object: ApiObject): ApiObject {
  const fresh: ApiObject = hasStatus(resource)
    ? { ...object, status: resource.custom ? undefined : firstStatus(resource.table, object) }
    : object;
  if (resource.table !== 'namespaces') return fresh;
  const finalizers = at(object, 'spec', 'finalizers') ?? ['kubernetes'];
  return { ...fresh, spec: { ...objectOr(object.spec), finalizers } };
}
