import { at, isObject, type Json, type JsonObject } from '../objects/json.ts';
import { badRequest } from '../objects/status.ts';
import type { Schema } from '../schema/schema.ts';
import type { Element } from './field-set.ts';

/** How the parts of a value are owned: one by one, or as a whole. */
export type Shape = 'fields' | 'items' | 'whole';

/** The schema of what is not described: objects field by field, lists as a whole. */
export const undescribed: Schema = { 'x-kubernetes-preserve-unknown-fields': true };

export function shapeOf(schema: Schema, value: Json | undefined): Shape {
  if (isObject(value)) return schema['x-kubernetes-map-type'] === 'atomic' ? 'whole' : 'fields';
  if (!Array.isArray(value)) return 'whole';
  const type = schema['x-kubernetes-list-type'];
  return type === 'map' || type === 'set' ? 'items' : 'whole';
}

/** Whether the schema names the field, which makes it part of a structure and no key of a map. */
export const names = (schema: Schema, field: string): boolean => schema.properties?.[field] !== undefined;

export function schemaOfField(schema: Schema, field: string): Schema {
  const named = schema.properties?.[field];
  if (named !== undefined) return named;
  const { additionalProperties } = schema;
  return typeof additionalProperties === 'object' ? additionalProperties : undescribed;
}

export const schemaOfItems = (schema: Schema): Schema => schema.items ?? undescribed;

/** What tells an item of a list from the others: its keys, or in a set its value. */
export function elementOf(schema: Schema, item: Json, path: string): Element {
  if (schema['x-kubernetes-list-type'] === 'set') return `v:${JSON.stringify(item)}`;
  const keys: { [key: string]: Json } = {};
  const fields = [...(schema['x-kubernetes-list-map-keys'] ?? [])].sort();
  for (const field of fields) {
    const value = at(item, field) ?? schemaOfField(schemaOfItems(schema), field).default;
    if (value === undefined || value === null) {
      throw badRequest(
        `failed to create typed patch object: ${path}: element 0: associative list with keys has an element that omits key field "${field}" (and doesn't have default value)`,
      );
    }
    keys[field] = value;
  }
  return `k:${JSON.stringify(keys)}`;
}

/** The items of a list under their elements, in order; of doubles the first. */
export function itemsOf(schema: Schema, list: readonly Json[]): ReadonlyMap<Element, Json> {
  const items = new Map<Element, Json>();
  for (const item of list) {
    const element = elementOf(schema, item, '');
    if (!items.has(element)) items.set(element, item);
  }
  return items;
}

export const fieldElement = (field: string): Element => `f:${field}`;

/** The fields of an object that are there. */
export const fieldsOf = (object: JsonObject): readonly (readonly [string, Json])[] =>
  Object.entries(object).flatMap(([field, value]) => (value === undefined ? [] : [[field, value] as const]));
