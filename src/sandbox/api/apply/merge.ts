import { isList, isObject, type Json, type JsonObject } from '../objects/json.ts';
import type { Schema } from '../schema/schema.ts';
import type { Element, FieldSet } from './field-set.ts';
import { elementOf, fieldElement, fieldsOf, itemsOf, schemaOfField, schemaOfItems, shapeOf } from './typed.ts';

/** The live value with what a configuration says: objects and keyed lists are joined, all else is replaced. */
export function merge(schema: Schema, live: Json | undefined, applied: Json): Json {
  const shape = shapeOf(schema, applied);
  if (shape === 'fields' && isObject(applied) && isObject(live)) {
    const merged: { [field: string]: Json | undefined } = { ...live };
    for (const [field, value] of fieldsOf(applied)) {
      merged[field] = merge(schemaOfField(schema, field), live[field], value);
    }
    return merged;
  }
  if (shape === 'items' && isList(applied) && isList(live)) return mergeItems(schema, live, applied);
  return applied;
}

/** The order of both lists is kept, as far as they agree; where not, the configuration's counts. */
function mergeItems(schema: Schema, live: readonly Json[], applied: readonly Json[]): readonly Json[] {
  const before = itemsOf(schema, live);
  const wanted = [...itemsOf(schema, applied)];
  const isWanted = new Set(wanted.map(([element]) => element));
  const merged = new Map<Element, Json>();
  const take = (element: Element, item: Json): void => {
    merged.set(element, merge(schemaOfItems(schema), before.get(element), item));
  };
  for (const [element, item] of before) {
    if (!isWanted.has(element)) {
      merged.set(element, item);
      continue;
    }
    while (!merged.has(element)) {
      const next = wanted.shift();
      if (next === undefined) break;
      take(...next);
    }
  }
  for (const [element, item] of wanted) take(element, item);
  return [...merged.values()];
}

/** The value without the fields and items that are members of the set. */
export function remove(schema: Schema, value: JsonObject, set: FieldSet): JsonObject {
  const kept: { [field: string]: Json } = {};
  for (const [field, child] of fieldsOf(value)) {
    const element = fieldElement(field);
    if (set.members.has(element)) continue;
    const below = set.children.get(element);
    kept[field] = below === undefined ? child : removeBelow(schemaOfField(schema, field), child, below);
  }
  return kept;
}

function removeBelow(schema: Schema, value: Json, set: FieldSet): Json {
  const shape = shapeOf(schema, value);
  if (shape === 'fields' && isObject(value)) return remove(schema, value, set);
  if (shape !== 'items' || !isList(value)) return value;
  return value.flatMap((item) => {
    const element = elementOf(schema, item, '');
    if (set.members.has(element)) return [];
    const below = set.children.get(element);
    return [below === undefined ? item : removeBelow(schemaOfItems(schema), item, below)];
  });
}
