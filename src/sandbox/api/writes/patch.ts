import { authorize, refusal } from '../access/authorization.ts';
import { misfit } from '../apply/check.ts';
import { undescribed } from '../apply/typed.ts';
import { type Call, isDryRun } from '../call.ts';
import { served } from '../objects/conversion.ts';
import { cannotUnmarshal, decodeObject } from '../objects/decode.ts';
import { at, isList, isObject, type Json, type JsonObject, textOr } from '../objects/json.ts';
import { type ApiObject, withMetadata } from '../objects/object.ts';
import { apiVersionOf } from '../objects/resource.ts';
import { badRequest, conflict, forbidden, internal, notFound, unsupportedMediaType } from '../objects/status.ts';
import { applyJsonPatch } from './json-patch.ts';
import { applied } from './ownership.ts';
import { strategicMerge } from './strategic-merge.ts';
import { create, current, update } from './write.ts';
import { checkWriteOptions } from './write-options.ts';

const customTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/apply-patch+yaml',
] as const;
const builtinTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
] as const;

/** RFC 7386. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged: { [field: string]: Json | undefined } = { ...(isObject(target) ? target : {}) };
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete merged[field];
    else if (value !== undefined) merged[field] = mergePatch(merged[field], value);
  }
  return merged;
}

/** PATCH with any of the content types that the resource takes. */
export function patch(call: Call, contentType: string, body: Json | undefined): { code: number; object: ApiObject } {
  checkWriteOptions(call, contentType);
  if (contentType === 'application/apply-patch+yaml') return apply(call, body);
  const previous = current(call);
  const before: JsonObject = previous;
  let after: Json;
  switch (contentType) {
    case 'application/merge-patch+json':
      if (!isObject(body))
        throw badRequest(`error decoding patch: ${cannotUnmarshal(body, 'map[string]interface {}')}`);
      after = mergePatch(before, body);
      break;
    case 'application/json-patch+json':
      if (!isList(body)) throw badRequest(`error decoding patch: ${cannotUnmarshal(body, '[]handlers.jsonPatchOp')}`);
      after = applyJsonPatch(before, body);
      break;
    case 'application/strategic-merge-patch+json':
      if (call.resource.custom || call.resource.schema === undefined) throw unsupportedMediaType(customTypes);
      if (!isObject(body))
        throw badRequest(`error decoding patch: ${cannotUnmarshal(body, 'map[string]interface {}')}`);
      after = strategicMerge(call.resource.schema, before, body);
      break;
    default:
      throw unsupportedMediaType(call.resource.custom ? customTypes : builtinTypes);
  }
  return { code: 200, object: update(call, decodeObject(after, call.resource), previous) };
}

/** Server-side apply: creates the object, or makes of it what the configuration says. */
function apply(call: Call, body: Json | undefined): { code: number; object: ApiObject } {
  const { api, resource, namespace, name = '' } = call;
  const configuration = withoutNulls(body);
  const given = at(configuration, 'kind');
  if (given !== resource.kind || at(configuration, 'apiVersion') !== apiVersionOf(resource)) {
    throw badRequest(`invalid object type: ${kindWords(configuration)}`);
  }
  if (at(configuration, 'metadata', 'managedFields') !== undefined) {
    throw badRequest('metadata.managedFields must be nil');
  }
  const fault = misfit(resource.schema ?? undescribed, configuration ?? {});
  if (fault !== undefined) {
    const place = `${textOr(at(configuration, 'metadata', 'namespace'))}/${name}`;
    throw internal(`failed to create typed patch object (${place}; ${kindWords(configuration)}): ${fault}`);
  }
  const decoded = decodeObject(configuration, resource);
  const { resourceVersion = '' } = decoded.metadata;
  if (!/^\d*$/.test(resourceVersion)) {
    throw internal(`strconv.ParseUint: parsing "${resourceVersion}": invalid syntax`);
  }
  const named = withMetadata(decoded, { name: decoded.metadata.name || name });
  const kept = api.store.get(resource.table, resource.namespaced ? namespace : undefined, name);
  const live = kept && served(resource, kept);
  if (live === undefined) {
    const { uid } = named.metadata;
    if (call.subresource !== undefined) throw notFound(resource, name);
    if (uid !== undefined) {
      const words = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
      throw conflict(resource, name, words);
    }
  }
  if (live === undefined) checkMayCreate(call);
  const { object, managedFields } = applied(call, named, live);
  const next = withMetadata(decodeObject(object, resource), { managedFields });
  if (live === undefined) return { code: 201, object: createApplied(call, next) };
  return { code: 200, object: update(call, next, live, asApplied) };
}

/** What apply creates may carry a resourceVersion: nobody looks at it, and a dry-run answers with it. */
function createApplied(call: Call, given: ApiObject): ApiObject {
  const { resourceVersion } = given.metadata;
  const created = create(call, withMetadata(given, { resourceVersion: undefined }), asApplied);
  return isDryRun(call) ? withMetadata(created, { resourceVersion }) : created;
}

/** The right to patch lets through what is there; what is not takes the right to create it besides. */
function checkMayCreate({ api, resource, namespace, name, user }: Call): void {
  const { group, plural } = resource;
  const wanted = { verb: 'create', group, resource: plural, namespace: resource.namespaced ? namespace : undefined };
  if (!authorize(api.store, user, wanted).allowed) throw forbidden(resource, name ?? '', refusal(user, wanted));
}

function kindWords(body: Json | undefined): string {
  const apiVersion = textOr(at(body, 'apiVersion'));
  return `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${textOr(at(body, 'kind'))}`;
}

const asApplied = (_call: Call, object: ApiObject): ApiObject => object;

function withoutNulls(value: Json | undefined): Json | undefined {
  if (isList(value)) return value.map((item) => withoutNulls(item) ?? null);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, child]) => child !== null && child !== undefined);
  return Object.fromEntries(kept.map(([field, child]) => [field, withoutNulls(child)]));
}
