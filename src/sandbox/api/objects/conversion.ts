import { type JsonObject, without } from './json.ts';
import type { ApiObject } from './object.ts';
import { apiVersionOf, type ServedResource } from './resource.ts';

/** The fields of core events and what `events.k8s.io` calls them. */
const eventFields = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['reportingComponent', 'reportingController'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
] as const;

function renamed(object: ApiObject, pairs: readonly (readonly [from: string, to: string])[]): JsonObject {
  const fields = pairs.map(([from, to]) => [to, object[from]] as const).filter(([, value]) => value !== undefined);
  return { ...without(object, ...pairs.map(([from]) => from)), ...Object.fromEntries(fields) };
}

/** Fields of events that are told even where they are not set. */
const toldFields = {
  eventTime: null,
  firstTimestamp: null,
  lastTimestamp: null,
  source: {},
  reportingComponent: '',
  reportingInstance: '',
} as const;

/** An object as the version of the resource shows it. CustomResourceDefinitions convert by their apiVersion alone. */
export function served(resource: ServedResource, object: ApiObject): ApiObject {
  const apiVersion = apiVersionOf(resource);
  const isSame = object.apiVersion === apiVersion;
  if (resource.table !== 'events') return isSame ? object : { ...object, apiVersion, kind: resource.kind };
  const whole = { ...toldFields, ...object };
  if (isSame) return whole;
  const fields = renamed(whole, eventFields);
  return { ...fields, apiVersion, kind: resource.kind, metadata: object.metadata };
}

/** An object in the form in which it is kept. */
export function stored(resource: ServedResource, object: ApiObject): ApiObject {
  if (object.apiVersion === resource.storedAs) return object;
  const fields =
    resource.table === 'events'
      ? renamed(
          object,
          eventFields.map(([core, own]) => [own, core] as const),
        )
      : object;
  return { ...fields, apiVersion: resource.storedAs, kind: resource.kind, metadata: object.metadata };
}
