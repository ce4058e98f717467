import { type Call, isDryRun } from '../call.ts';
import { served, stored } from '../objects/conversion.ts';
import { at, isList, isObject, isText, type Json } from '../objects/json.ts';
import { type ApiObject, timestamp, withMetadata } from '../objects/object.ts';
import { selection } from '../objects/selectors.ts';
import { ApiError, conflict, type Status } from '../objects/status.ts';
import { current, isOver } from './write.ts';

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
  readonly uid?: string;
  readonly resourceVersion?: string;
}

type Target = Pick<Call, 'api' | 'resource'>;

const propagations = ['Background', 'Foreground', 'Orphan'] as const;

/** Options of a delete, from its body and its query. */
export function deleteOptions(body: Json | undefined, query: URLSearchParams): DeleteOptions {
  const grace = at(body, 'gracePeriodSeconds') ?? query.get('gracePeriodSeconds');
  const policy = at(body, 'propagationPolicy') ?? query.get('propagationPolicy');
  const orphan = at(body, 'orphanDependents') ?? query.get('orphanDependents');
  const uid = at(body, 'preconditions', 'uid');
  const resourceVersion = at(body, 'preconditions', 'resourceVersion');
  return {
    gracePeriodSeconds: grace === null || grace === undefined ? undefined : Number(grace),
    propagation: propagations.find((known) => known === policy) ?? (String(orphan) === 'true' ? 'Orphan' : undefined),
    uid: isText(uid) ? uid : undefined,
    resourceVersion: isText(resourceVersion) ? resourceVersion : undefined,
  };
}

export const dryRunInBody = (body: Json | undefined): boolean => {
  const dryRun = isObject(body) ? body.dryRun : undefined;
  return isList(dryRun) && dryRun.includes('All');
};

/** Seconds that a pod is given to end, or 0 where it can go at once. */
function graceOf({ resource }: Target, object: ApiObject, { gracePeriodSeconds }: DeleteOptions): number {
  if (resource.table !== 'pods') return 0;
  const phase = at(object, 'status', 'phase');
  if (!isText(at(object, 'spec', 'nodeName')) || phase === 'Succeeded' || phase === 'Failed') return 0;
  const own = at(object, 'spec', 'terminationGracePeriodSeconds');
  return Math.max(0, gracePeriodSeconds ?? (typeof own === 'number' ? own : 30));
}

const propagationFinalizers = { Foreground: 'foregroundDeletion', Orphan: 'orphan' } as const;

function finalizersAfter(object: ApiObject, { propagation }: DeleteOptions): readonly string[] {
  const own = object.kind === 'CustomResourceDefinition' ? ['customresourcecleanup.apiextensions.k8s.io'] : [];
  const kept = [...new Set([...(object.metadata.finalizers ?? []), ...own])].filter(
    (name) => propagation === undefined || (name !== 'foregroundDeletion' && name !== 'orphan'),
  );
  if (propagation === 'Foreground' || propagation === 'Orphan') return [...kept, propagationFinalizers[propagation]];
  return kept;
}

/** Resources whose deletion counts neither grace nor a generation. */
const ungraceful = new Set(['namespaces', 'customresourcedefinitions.apiextensions.k8s.io']);

/** Marks one object as going, or removes it when nothing holds it; answers its last state. */
export function remove(target: Target, object: ApiObject, options: DeleteOptions, dryRun = false): ApiObject {
  const { api, resource } = target;
  const { metadata } = object;
  if (options.uid !== undefined && options.uid !== metadata.uid) {
    throw conflict(
      resource,
      metadata.name,
      `the UID in the precondition (${options.uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
      resource.kind,
    );
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== metadata.resourceVersion) {
    throw conflict(
      resource,
      metadata.name,
      `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
      resource.kind,
    );
  }
  const grace = graceOf(target, object, options);
  const finalizers = finalizersAfter(object, options);
  const isNew = metadata.deletionTimestamp === undefined;
  const next = withMetadata(object, {
    finalizers: finalizers.length === 0 ? undefined : finalizers,
    deletionTimestamp: isNew ? timestamp(new Date(Date.now() + grace * 1000)) : metadata.deletionTimestamp,
    deletionGracePeriodSeconds: ungraceful.has(resource.table)
      ? undefined
      : isNew
        ? grace
        : Math.min(grace, metadata.deletionGracePeriodSeconds ?? 0),
    generation:
      isNew && metadata.generation !== undefined && !ungraceful.has(resource.table)
        ? metadata.generation + 1
        : metadata.generation,
  });
  const held = !isOver(next);
  if (dryRun) return held ? next : object;
  if (!held) return api.store.remove(resource.table, isNew ? object : next);
  const last = resource.table === 'namespaces' ? { ...next, status: { phase: 'Terminating' } } : next;
  return isNew || JSON.stringify(last) !== JSON.stringify(object) ? api.store.put(resource.table, last) : object;
}

/** Resources whose deletion answers with the object that was. */
const returned = new Set([
  'persistentvolumeclaims',
  'persistentvolumes',
  'pods',
  'resourcequotas',
  'serviceaccounts',
  'services',
  'storageclasses.storage.k8s.io',
]);

/** DELETE of one object: the object where it still waits for something, else a Status that says it is gone. */
export function deleteOne(call: Call, options: DeleteOptions): { code: number; body: ApiObject | Status } {
  const { resource, name = '' } = call;
  if (resource.table === 'namespaces' && ['default', 'kube-system', 'kube-public'].includes(name)) {
    throw new ApiError(403, 'Forbidden', `namespaces "${name}" is forbidden: this namespace may not be deleted`, {
      name,
      kind: 'namespaces',
    });
  }
  const object = stored(resource, current(call));
  const after = served(resource, remove(call, object, options, isDryRun(call)));
  const stays =
    call.api.store.get(resource.table, object.metadata.namespace, object.metadata.name)?.metadata.uid ===
    object.metadata.uid;
  const dryRun = isDryRun(call);
  if ((stays && !dryRun) || returned.has(resource.table)) return { code: 200, body: after };
  return {
    code: 200,
    body: {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: {
        name,
        group: resource.group === '' ? undefined : resource.group,
        kind: resource.plural,
        uid: object.metadata.uid,
      },
    },
  };
}

/** DELETE of a collection: what was chosen, in its last state. */
export function deleteCollection(call: Call, options: DeleteOptions): readonly ApiObject[] {
  const { api, resource, namespace, query } = call;
  const chooses = selection(query, resource);
  return api.store
    .list(resource.table, namespace)
    .filter((object) => chooses === undefined || chooses(object))
    .map((object) => remove(call, object, options, isDryRun(call)));
}
