import { isList, isObject, type Json, type JsonObject } from '../objects/json.ts';
import { envelope } from './builtin.ts';
import type { Schema } from './schema.ts';

/**
 * The value without the fields that its schema does not know; `unknown` gets their paths, such as
 * `spec.containers[0].imge`.
 */
export function prune(schema: Schema, value: Json, unknown: string[], path = ''): Json {
  if (isList(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item, index) => prune(items, item, unknown, `${path}[${index}]`));
  }
  return isObject(value) ? pruneFields(schema, value, unknown, path) : value;
}

function pruneFields(schema: Schema, value: JsonObject, unknown: string[], path: string): JsonObject {
  const { additionalProperties } = schema;
  const properties =
    schema['x-kubernetes-embedded-resource'] === true ? { ...envelope, ...schema.properties } : schema.properties;
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true || additionalProperties === true;
  const kept: { [field: string]: Json | undefined } = {};
  for (const [field, child] of Object.entries(value)) {
    const below = properties?.[field] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    const place = path === '' ? field : `${path}.${field}`;
    if (below !== undefined && child !== undefined) kept[field] = prune(below, child, unknown, place);
    else if (open || child === undefined) kept[field] = child;
    else unknown.push(place);
  }
  return kept;
}
