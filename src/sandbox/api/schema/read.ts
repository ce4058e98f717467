import { isObject, isText, type Json } from '../objects/json.ts';
import type { Schema } from './schema.ts';

const listTypes = ['atomic', 'set', 'map'] as const;
const mapTypes = ['atomic', 'granular'] as const;

/** Reads a schema that somebody wrote; what is none becomes a schema that allows everything. */
export function readSchema(value: Json | undefined): Schema {
  if (!isObject(value)) return { 'x-kubernetes-preserve-unknown-fields': true };
  const { properties, additionalProperties, items } = value;
  const keys = value['x-kubernetes-list-map-keys'];
  const required = value.required;
  return {
    ...value,
    type: isText(value.type) ? value.type : undefined,
    description: isText(value.description) ? value.description : undefined,
    nullable: value.nullable === true ? true : undefined,
    required: Array.isArray(required) ? required.filter(isText) : undefined,
    properties: isObject(properties)
      ? Object.fromEntries(Object.entries(properties).map(([field, schema]) => [field, readSchema(schema)]))
      : undefined,
    additionalProperties:
      typeof additionalProperties === 'boolean' || additionalProperties === undefined
        ? additionalProperties
        : readSchema(additionalProperties),
    items: isObject(items) ? readSchema(items) : undefined,
    'x-kubernetes-preserve-unknown-fields': value['x-kubernetes-preserve-unknown-fields'] === true ? true : undefined,
    'x-kubernetes-embedded-resource': value['x-kubernetes-embedded-resource'] === true ? true : undefined,
    'x-kubernetes-int-or-string': value['x-kubernetes-int-or-string'] === true ? true : undefined,
    'x-kubernetes-list-type': listTypes.find((type) => type === value['x-kubernetes-list-type']),
    'x-kubernetes-list-map-keys': Array.isArray(keys) ? keys.filter(isText) : undefined,
    'x-kubernetes-map-type': mapTypes.find((type) => type === value['x-kubernetes-map-type']),
  };
}
