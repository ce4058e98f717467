import type { Api } from '../call.ts';
import { resourcesOf } from '../objects/custom-resources.ts';
import { at, equal, isObject, isText, type JsonObject, listOr, objectOr, textOr } from '../objects/json.ts';
import { type ApiObject, timestamp, withMetadata } from '../objects/object.ts';

const table = 'customresourcedefinitions.apiextensions.k8s.io';
const cleanup = 'customresourcecleanup.apiextensions.k8s.io';

const condition = (type: string, reason: string, message: string): JsonObject => ({
  type,
  status: 'True',
  lastTransitionTime: timestamp(),
  reason,
  message,
});

const conditionsOf = (definition: ApiObject): readonly JsonObject[] =>
  listOr(at(definition, 'status', 'conditions')).filter(isObject);

/** The conditions with another one, unless one of its type is there. */
function withCondition(conditions: readonly JsonObject[], added: JsonObject): readonly JsonObject[] {
  return conditions.some(({ type }) => type === added.type) ? conditions : [...conditions, added];
}

function establishedStatus(definition: ApiObject): JsonObject {
  const storage = listOr(at(definition, 'spec', 'versions')).find((version) => at(version, 'storage') === true);
  const stored = listOr(at(definition, 'status', 'storedVersions')).filter(isText);
  const current = textOr(at(storage, 'name'));
  const accepted = condition('NamesAccepted', 'NoConflicts', 'no conflicts found');
  const established = condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted');
  return {
    conditions: withCondition(withCondition(conditionsOf(definition), accepted), established),
    acceptedNames: objectOr(at(definition, 'spec', 'names')),
    storedVersions: stored.includes(current) ? stored : [...stored, current],
  };
}

/** Serves what CustomResourceDefinitions define, keeps their status, and ends their objects with them. */
export function keepDefinitions({ store, registry }: Api): void {
  /** The generation of each definition that is served. */
  const served = new Map<string, string>();

  const settle = (name: string): void => {
    const definition = store.get(table, undefined, name);
    if (definition === undefined) return;
    if (definition.metadata.deletionTimestamp === undefined) establish(definition);
    else end(definition);
  };

  const establish = (definition: ApiObject): void => {
    const { name, uid, generation } = definition.metadata;
    const version = `${uid}/${generation}`;
    if (served.get(name) !== version) {
      registry.remove(name);
      for (const resource of resourcesOf(definition)) registry.add(resource);
      served.set(name, version);
    }
    const status = establishedStatus(definition);
    if (!equal(status, definition.status)) store.put(table, { ...definition, status });
  };

  const end = (definition: ApiObject): void => {
    const { name, finalizers = [] } = definition.metadata;
    if (!finalizers.includes(cleanup)) return;
    for (const object of store.list(name)) {
      if ((object.metadata.finalizers ?? []).length === 0) store.remove(name, object);
      else if (object.metadata.deletionTimestamp === undefined) {
        store.put(name, withMetadata(object, { deletionTimestamp: timestamp(), deletionGracePeriodSeconds: 0 }));
      }
    }
    if (store.list(name).length === 0) {
      const rest = finalizers.filter((finalizer) => finalizer !== cleanup);
      const last = withMetadata(definition, { finalizers: rest.length === 0 ? undefined : rest });
      if (rest.length === 0) store.remove(table, last);
      else store.put(table, last);
      return;
    }
    const message = 'CustomResource deletion is in progress';
    const terminating = condition('Terminating', 'InstanceDeletionInProgress', message);
    const conditions = withCondition(conditionsOf(definition), terminating);
    const status = { ...objectOr(definition.status), conditions };
    if (!equal(status, definition.status)) store.put(table, { ...definition, status });
  };

  store.subscribe('*', ({ type, table: changed, object }) => {
    if (changed === table) {
      const { name } = object.metadata;
      if (type !== 'DELETED') setImmediate(settle, name);
      else {
        registry.remove(name);
        served.delete(name);
      }
    } else if (type === 'DELETED' && store.get(table, undefined, changed) !== undefined) {
      setImmediate(settle, changed);
    }
  });
}
