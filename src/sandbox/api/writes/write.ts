import { randomUUID } from 'node:crypto';
import { admitted } from '../admission/admission.ts';
import { type Call, isDryRun } from '../call.ts';
import { served, stored } from '../objects/conversion.ts';
import { at, equal, type JsonObject, listOr, without } from '../objects/json.ts';
import { generatedSuffix } from '../objects/names.ts';
import { type ApiObject, timestamp, withMetadata } from '../objects/object.ts';
import { ApiError, alreadyExists, badRequest, internal, invalid, modified, notFound } from '../objects/status.ts';
import { defaulted } from './defaulting.ts';
import { tracked } from './ownership.ts';
import { begun, countsGenerations, hasStatus, sameDesire } from './strategy.ts';
import { checked, pruned } from './validation.ts';

/** Brings `managedFields` up to date; server-side apply has done so before. */
type Own = (call: Call, object: ApiObject, previous: ApiObject | undefined) => ApiObject;

/** POST: the new object as it is kept. Objects here have the version of the call's resource. */
export function create(call: Call, given: ApiObject, own: Own = tracked): ApiObject {
  const { api, resource, namespace } = call;
  const { metadata } = given;
  const known = pruned(call, given);
  if (namespace !== undefined && metadata.namespace !== undefined && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (metadata.name === '' && (metadata.generateName ?? '') === '') {
    throw invalid(resource, '', [
      {
        field: 'metadata.name',
        reason: 'FieldValueRequired',
        words: 'Required value: name or generateName is required',
      },
    ]);
  }
  if ((metadata.resourceVersion ?? '') !== '') {
    throw internal('resourceVersion should not be set on objects to be created');
  }
  const name = metadata.name === '' ? `${metadata.generateName}${generatedSuffix()}` : metadata.name;
  const fresh = begun(
    resource,
    withMetadata(known, {
      name,
      namespace: resource.namespaced ? namespace : undefined,
      uid: randomUUID(),
      resourceVersion: undefined,
      creationTimestamp: timestamp(),
      deletionTimestamp: undefined,
      deletionGracePeriodSeconds: undefined,
      generation: countsGenerations(resource) ? 1 : undefined,
    }),
  );
  const object = defaulted(resource, fresh);
  const owned = own(call, checked(call, object), undefined);
  const ready = admitted(call, owned, undefined);
  const existing = api.store.get(resource.table, ready.metadata.namespace, name);
  if (existing !== undefined) throw alreadyExists(resource, name, existing.metadata.deletionTimestamp !== undefined);
  return isDryRun(call) ? ready : served(resource, api.store.put(resource.table, stored(resource, ready)));
}

/** The object that the call names. */
export function current({ api, resource, namespace, name = '' }: Call): ApiObject {
  const found = api.store.get(resource.table, resource.namespaced ? namespace : undefined, name);
  if (found === undefined) throw notFound(resource, name);
  return served(resource, found);
}

/** PUT, and what patches end in: the object after the change, which is the old one where nothing changed. */
export function update(call: Call, given: ApiObject, previous: ApiObject, own: Own = tracked): ApiObject {
  const { resource, name = '' } = call;
  if (given.metadata.name !== previous.metadata.name) {
    throw badRequest(`the name of the object (${given.metadata.name}) does not match the name on the URL (${name})`);
  }
  if (given.metadata.namespace !== undefined && given.metadata.namespace !== previous.metadata.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  checkPreconditions(call, given, previous);
  const known = pruned(call, given);
  const kept = withMetadata(call.subresource === 'status' ? withStatus(known, previous, resource.custom) : known, {
    namespace: previous.metadata.namespace,
    generateName: previous.metadata.generateName,
    uid: previous.metadata.uid,
    resourceVersion: previous.metadata.resourceVersion,
    creationTimestamp: previous.metadata.creationTimestamp,
    deletionTimestamp: previous.metadata.deletionTimestamp,
    deletionGracePeriodSeconds: previous.metadata.deletionGracePeriodSeconds,
    generation: previous.metadata.generation,
  });
  const shaped = hasStatus(resource) && call.subresource !== 'status' ? { ...kept, status: previous.status } : kept;
  return commit(call, checked(call, defaulted(resource, shaped), previous), previous, own);
}

/** Keeps a changed object: counts its generation, tracks who owns its fields, and ends it when nothing holds it. */
export function commit(call: Call, next: ApiObject, previous: ApiObject, own: Own = tracked): ApiObject {
  const { api, resource } = call;
  const counted =
    countsGenerations(resource) && call.subresource !== 'status' && !sameDesire(resource, next, previous)
      ? withMetadata(next, { generation: (previous.metadata.generation ?? 0) + 1 })
      : next;
  const owned = admitted(call, own(call, counted, previous), previous);
  if (equal(owned, previous)) return previous;
  if (isDryRun(call)) return owned;
  const kept = stored(resource, owned);
  return served(resource, isOver(kept) ? api.store.remove(resource.table, kept) : api.store.put(resource.table, kept));
}

/** Whether an object that is being deleted has nothing left to wait for. */
export const isOver = ({ kind, metadata, spec }: ApiObject): boolean =>
  (kind !== 'Namespace' || listOr(at(spec, 'finalizers')).length === 0) &&
  metadata.deletionTimestamp !== undefined &&
  (metadata.finalizers ?? []).length === 0 &&
  (metadata.deletionGracePeriodSeconds ?? 0) === 0;

function checkPreconditions({ resource }: Call, given: ApiObject, previous: ApiObject): void {
  const { uid, resourceVersion } = given.metadata;
  const { name } = previous.metadata;
  if (resource.custom && (resourceVersion ?? '') === '') {
    const words = 'Invalid value: 0: must be specified for an update';
    const fault = { field: 'metadata.resourceVersion', reason: 'FieldValueInvalid', words } as const;
    throw invalid(resource, name, [fault], resource.plural);
  }
  if (uid !== undefined && uid !== '' && uid !== previous.metadata.uid) {
    const words = `Invalid value: "${uid}": field is immutable`;
    throw invalid(resource, name, [{ field: 'metadata.uid', reason: 'FieldValueInvalid', words }]);
  }
  if ((resourceVersion ?? '') === '') return;
  if (!/^\d+$/.test(resourceVersion ?? '')) {
    throw new ApiError(
      422,
      'Invalid',
      `metadata.resourceVersion: Invalid value: "${resourceVersion}": must be an unsigned integer`,
    );
  }
  if (resourceVersion !== previous.metadata.resourceVersion) throw modified(resource, name);
}

/** A write to `/status` changes the status alone; of built-in kinds also labels, annotations and finalizers. */
function withStatus(given: ApiObject, previous: ApiObject, custom: boolean): ApiObject {
  const { labels, annotations, finalizers, managedFields } = given.metadata;
  const spec: JsonObject = without(previous, 'apiVersion', 'kind', 'metadata', 'status');
  return {
    ...spec,
    apiVersion: previous.apiVersion,
    kind: previous.kind,
    metadata: custom
      ? { ...previous.metadata, managedFields }
      : { ...previous.metadata, labels, annotations, finalizers, managedFields },
    status: given.status,
  };
}
