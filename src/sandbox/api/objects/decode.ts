import { goKind, wrongType } from '../schema/go-types.ts';
import { isList, isObject, isText, type Json, type JsonObject } from './json.ts';
import type { ApiObject, ManagedFieldsEntry, Metadata, OwnerReference } from './object.ts';
import { apiVersionOf, type ServedResource } from './resource.ts';
import { badRequest, invalid } from './status.ts';

/** Go's complaint about a value that does not fit a type. */
export const cannotUnmarshal = (value: Json | undefined, type: string): string =>
  `json: cannot unmarshal ${goKind(value)} into Go value of type ${type}`;

/** How a body that does not decode is refused. */
const undecodable = ({ kind, version }: ServedResource, why: string): Error =>
  badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);

/** Reads metadata field by field; `wrong` makes the refusal of a value of the wrong type. */
class MetadataReader {
  readonly #resource: ServedResource;

  constructor(resource: ServedResource) {
    this.#resource = resource;
  }

  #wrong(field: string, type: string, value: Json): Error {
    const path = this.#resource.custom ? `ObjectMeta.${field}` : `ObjectMeta.metadata.${field}`;
    return undecodable(
      this.#resource,
      `json: cannot unmarshal ${goKind(value)} into Go struct field ${path} of type ${type}`,
    );
  }

  text(field: string, value: Json | undefined): string | undefined {
    if (value === undefined || value === null) return undefined;
    if (!isText(value)) throw this.#wrong(field, 'string', value);
    return value;
  }

  texts(field: string, value: Json | undefined): readonly string[] | undefined {
    const list = this.list(field, '[]string', value);
    return list?.map((item) => this.text(field, item) ?? '');
  }

  list(field: string, type: string, value: Json | undefined): readonly Json[] | undefined {
    if (value === undefined || value === null) return undefined;
    if (!isList(value)) throw this.#wrong(field, type, value);
    return value.length === 0 ? undefined : value;
  }

  map(field: string, value: Json | undefined): { readonly [key: string]: string } | undefined {
    if (value === undefined || value === null) return undefined;
    if (!isObject(value)) throw this.#wrong(field, 'map[string]string', value);
    const entries = Object.entries(value).map(([key, text]) => [key, this.text(field, text) ?? ''] as const);
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }

  owner(value: Json): OwnerReference {
    if (!isObject(value)) throw this.#wrong('ownerReferences', 'v1.OwnerReference', value);
    const { controller, blockOwnerDeletion } = value;
    return {
      apiVersion: this.text('ownerReferences.apiVersion', value.apiVersion) ?? '',
      kind: this.text('ownerReferences.kind', value.kind) ?? '',
      name: this.text('ownerReferences.name', value.name) ?? '',
      uid: this.text('ownerReferences.uid', value.uid) ?? '',
      ...(typeof controller === 'boolean' ? { controller } : {}),
      ...(typeof blockOwnerDeletion === 'boolean' ? { blockOwnerDeletion } : {}),
    };
  }

  managed(value: Json): ManagedFieldsEntry {
    if (!isObject(value)) throw this.#wrong('managedFields', 'v1.ManagedFieldsEntry', value);
    const time = this.text('managedFields.time', value.time);
    const subresource = this.text('managedFields.subresource', value.subresource);
    return {
      manager: this.text('managedFields.manager', value.manager) ?? '',
      operation: value.operation === 'Apply' ? 'Apply' : 'Update',
      apiVersion: this.text('managedFields.apiVersion', value.apiVersion) ?? '',
      fieldsType: 'FieldsV1',
      fieldsV1: isObject(value.fieldsV1) ? value.fieldsV1 : {},
      ...(time === undefined ? {} : { time }),
      ...(subresource === undefined ? {} : { subresource }),
    };
  }
}

const numberOr = (value: Json | undefined): number | undefined => (typeof value === 'number' ? value : undefined);

/** Metadata as it is kept: empty maps and lists are left out. */
export function decodeMetadata(resource: ServedResource, metadata: JsonObject): Metadata {
  const reader = new MetadataReader(resource);
  return {
    name: reader.text('name', metadata.name) ?? '',
    generateName: reader.text('generateName', metadata.generateName) || undefined,
    namespace: reader.text('namespace', metadata.namespace) || undefined,
    uid: reader.text('uid', metadata.uid) || undefined,
    resourceVersion: reader.text('resourceVersion', metadata.resourceVersion) || undefined,
    generation: numberOr(metadata.generation),
    creationTimestamp: reader.text('creationTimestamp', metadata.creationTimestamp),
    deletionTimestamp: reader.text('deletionTimestamp', metadata.deletionTimestamp),
    deletionGracePeriodSeconds: numberOr(metadata.deletionGracePeriodSeconds),
    labels: reader.map('labels', metadata.labels),
    annotations: reader.map('annotations', metadata.annotations),
    finalizers: reader.texts('finalizers', metadata.finalizers),
    ownerReferences: reader
      .list('ownerReferences', '[]v1.OwnerReference', metadata.ownerReferences)
      ?.map((value) => reader.owner(value)),
    managedFields: reader
      .list('managedFields', '[]v1.ManagedFieldsEntry', metadata.managedFields)
      ?.map((value) => reader.managed(value)),
  };
}

/** Reads an object of the resource from a body; its envelope is checked here, the rest by its schema. */
export function decodeObject(body: Json | undefined, resource: ServedResource): ApiObject {
  const expected = apiVersionOf(resource);
  if (!isObject(body)) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)`,
    );
  }
  const kind = isText(body.kind) && body.kind !== '' ? body.kind : undefined;
  const apiVersion = isText(body.apiVersion) && body.apiVersion !== '' ? body.apiVersion : undefined;
  if (resource.custom && kind === undefined) {
    const shown = JSON.stringify(body).slice(0, 1024);
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): Object 'Kind' is missing in '${shown}' (${shown})`,
    );
  }
  if (resource.custom && apiVersion !== undefined && apiVersion !== expected) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
    );
  }
  const metadata = body.metadata ?? {};
  if (!isObject(metadata)) {
    throw undecodable(
      resource,
      `json: cannot unmarshal ${goKind(metadata)} into Go struct field ${resource.kind}.metadata of type v1.ObjectMeta`,
    );
  }
  const decoded = decodeMetadata(resource, metadata);
  if (kind !== undefined && kind !== resource.kind) {
    if (!resource.custom) {
      throw badRequest(
        `${kind} in version "${String(apiVersion).split('/').at(-1)}" cannot be handled as a ${resource.kind}: converting (${kind}) to (${resource.kind}): unknown conversion`,
      );
    }
    const words = `Invalid value: "${kind}": must be ${resource.kind}`;
    throw invalid(resource, decoded.name, [{ field: 'kind', reason: 'FieldValueInvalid', words }], kind);
  }
  if (apiVersion !== undefined && apiVersion !== expected) {
    const version = apiVersion.split('/').at(-1);
    throw badRequest(
      `${resource.kind} in version "${version}" cannot be handled as a ${resource.kind}: no kind "${resource.kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`,
    );
  }
  if (!resource.custom && resource.schema !== undefined) {
    const fault = wrongType(resource.schema, { ...body, metadata: {} });
    if (fault !== undefined) throw undecodable(resource, fault);
  }
  return { ...body, apiVersion: expected, kind: resource.kind, metadata: decoded };
}
