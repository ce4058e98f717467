import { isList, isObject, type Json } from '../objects/json.ts';
import type { Schema } from './schema.ts';

/** The type of a JSON value as Go's decoder calls it. */
export function goKind(value: Json | undefined): string {
  if (value === null || value === undefined) return 'null';
  if (isList(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** The Go type behind a schema, as far as its messages show it. */
function goType(schema: Schema): string {
  switch (schema.type) {
    case 'array':
      return `[]${schema.items === undefined ? 'interface {}' : goType(schema.items)}`;
    case 'object': {
      if (typeof schema.title === 'string') return `v1.${schema.title}`;
      const { additionalProperties } = schema;
      return `map[string]${typeof additionalProperties === 'object' ? goType(additionalProperties) : 'interface {}'}`;
    }
    case 'integer':
      return 'int32';
    case 'boolean':
      return 'bool';
    default:
      return schema.type ?? 'interface {}';
  }
}

function fits(schema: Schema, value: Json): boolean {
  switch (schema.type) {
    case 'array':
      return isList(value);
    case 'object':
      return isObject(value);
    case 'integer':
    case 'number':
      return typeof value === 'number';
    case 'string':
    case 'boolean':
      return typeof value === schema.type;
    default:
      return schema['x-kubernetes-int-or-string'] !== true || ['string', 'number'].includes(typeof value);
  }
}

/** Go's complaint about the first value that does not fit its type; undefined where all do. */
export function wrongType(schema: Schema, value: Json, parent = '', path = ''): string | undefined {
  if (value === null) return undefined;
  if (!fits(schema, value)) {
    return `json: cannot unmarshal ${goKind(value)} into Go struct field ${parent}${path} of type ${goType(schema)}`;
  }
  const name = typeof schema.title === 'string' ? schema.title : parent;
  if (isList(value)) {
    for (const item of value) {
      const fault = schema.items && wrongType(schema.items, item, name, path);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { properties, additionalProperties } = schema;
  for (const [field, child] of Object.entries(value)) {
    const named = properties?.[field];
    const below = named ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    if (below === undefined || child === undefined) continue;
    const fault = wrongType(below, child, name, named === undefined ? path : `${path}.${field}`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
