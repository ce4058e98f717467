import { createHash } from 'node:crypto';
import { isObject, type Json, type JsonObject } from '../objects/json.ts';
import type { Registry } from '../objects/registry.ts';
import { apiVersionOf, type ServedResource } from '../objects/resource.ts';
import { types } from '../schema/builtin.ts';
import type { Schema } from '../schema/schema.ts';

const rootOf = (apiVersion: string): string => (apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`);

const reference = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

/** A schema as OpenAPI v3 publishes it: known types by reference, which `used` collects. */
function published(schema: Schema, used: Set<string>, isTop = false): JsonObject {
  const { title, properties, items, additionalProperties, ...rest } = schema;
  if (!isTop && typeof title === 'string' && types.has(title)) {
    used.add(title);
    const fallback = rest.default === undefined ? {} : { default: rest.default };
    return { allOf: [reference(title)], ...fallback };
  }
  return {
    ...rest,
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([field, child]) => [field, published(child, used)]),
          ),
        }),
    ...(items === undefined ? {} : { items: published(items, used) }),
    ...(isObject(additionalProperties)
      ? { additionalProperties: published(additionalProperties, used) }
      : { additionalProperties }),
  };
}

const kindOf = ({ group, version, kind }: ServedResource): JsonObject => ({ group, version, kind });

const parameter = (name: string): JsonObject => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } });

function operations(resource: ServedResource): JsonObject {
  const kind = { 'x-kubernetes-group-version-kind': kindOf(resource) };
  const responses = { '200': { description: 'OK' } };
  const writes = ['dryRun', 'fieldManager', 'fieldValidation'].map(parameter);
  return {
    get: { 'x-kubernetes-action': 'get', ...kind, responses },
    put: { 'x-kubernetes-action': 'put', ...kind, parameters: writes, responses },
    patch: { 'x-kubernetes-action': 'patch', ...kind, parameters: [...writes, parameter('force')], responses },
    delete: { 'x-kubernetes-action': 'delete', ...kind, responses },
  };
}

function schemasOf(resources: readonly ServedResource[]): JsonObject {
  const used = new Set<string>();
  const schemas: { [name: string]: Json } = {};
  for (const resource of resources) {
    if (resource.schema === undefined || !resource.verbs.includes('get')) continue;
    schemas[`${resource.group || 'core'}.${resource.version}.${resource.kind}`] = {
      ...published(resource.schema, used, true),
      'x-kubernetes-group-version-kind': [kindOf(resource)],
    };
  }
  for (const name of used) schemas[name] = published(types.get(name), used, true);
  return schemas;
}

/** `/openapi/v3/…` of one group version; undefined when it is not served. */
export function openapiOf(registry: Registry, path: string): JsonObject | undefined {
  const apiVersion = path.replace(/^apis?\//, '');
  const resources = rootOf(apiVersion) === path ? registry.inVersion(apiVersion) : [];
  if (resources.length === 0) return undefined;
  const paths = resources
    .filter(({ verbs }) => verbs.includes('patch'))
    .map((resource) => {
      const scope = resource.namespaced ? 'namespaces/{namespace}/' : '';
      return [`/${path}/${scope}${resource.plural}/{name}`, operations(resource)] as const;
    });
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: '1.35' },
    paths: Object.fromEntries(paths),
    components: { schemas: schemasOf(resources) },
  };
}

/** `/openapi/v3`: where the documents of the group versions are. */
export function openapiIndex(registry: Registry): JsonObject {
  const versions = new Set(registry.all().map(apiVersionOf));
  const paths = [...versions].map((apiVersion) => {
    const path = rootOf(apiVersion);
    const kinds = registry.inVersion(apiVersion).map(({ kind, schema }) => [kind, schema?.properties ?? null]);
    const hash = createHash('sha256').update(JSON.stringify(kinds)).digest('hex').toUpperCase();
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }] as const;
  });
  return { paths: Object.fromEntries(paths) };
}
