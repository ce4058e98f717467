import { isList, isObject, type Json, type JsonObject } from '../objects/json.ts';
import { canonicalQuantity } from '../objects/quantity.ts';
import type { Schema } from './schema.ts';

/** The value with the defaults of its schema where fields are missing and without nulls where null is not allowed. */
export function withDefaults(schema: Schema, value: Json): Json {
  if (isList(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item) => withDefaults(items, item));
  }
  if (isObject(value)) return fieldsWithDefaults(schema, value);
  if (schema.format !== 'quantity') return value;
  return typeof value === 'string' || typeof value === 'number' ? canonicalQuantity(String(value)) : value;
}

function fieldsWithDefaults(schema: Schema, value: JsonObject): JsonObject {
  const filled: { [field: string]: Json } = {};
  const { properties = {}, additionalProperties } = schema;
  for (const [field, child] of Object.entries(value)) {
    const below = properties[field] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    if (child === undefined || (child === null && below !== undefined && refusesNull(below))) continue;
    filled[field] = below === undefined ? child : withDefaults(below, child);
  }
  for (const [field, below] of Object.entries(properties)) {
    if (filled[field] === undefined && below.default !== undefined) filled[field] = withDefaults(below, below.default);
  }
  return filled;
}

const refusesNull = (schema: Schema): boolean =>
  schema.nullable !== true && schema['x-kubernetes-preserve-unknown-fields'] !== true;
