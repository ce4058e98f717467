import { schemaOfField, schemaOfItems } from '../apply/typed.ts';
import { at, equal, isList, isObject, type Json, type JsonObject } from '../objects/json.ts';
import type { Schema } from '../schema/schema.ts';

const directive = '$patch';
const orderPrefix = '$setElementOrder/';
const deletePrefix = '$deleteFromPrimitiveList/';
const retainKeys = '$retainKeys';

/** The key that tells the items of a list apart; undefined where the list is replaced as a whole. */
const mergeKey = (schema: Schema): string | undefined =>
  schema['x-kubernetes-list-type'] === 'map' ? schema['x-kubernetes-list-map-keys']?.[0] : undefined;

/** Kubernetes' strategic merge patch, in which lists of keyed items are merged item by item. */
export function strategicMerge(schema: Schema, target: Json | undefined, patch: Json): Json {
  if (isList(patch)) return isList(target) ? mergeLists(schema, target, patch) : plainList(patch);
  if (!isObject(patch)) return patch;
  return mergeObjects(schema, isObject(target) ? target : {}, patch);
}

function mergeObjects(schema: Schema, target: JsonObject, patch: JsonObject): JsonObject {
  if (patch[directive] === 'replace') return plainObject(patch);
  if (patch[directive] === 'delete') return {};
  const merged: { [field: string]: Json | undefined } = { ...target };
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith('$') || value === undefined) continue;
    if (value === null) delete merged[field];
    else merged[field] = strategicMerge(schemaOfField(schema, field), merged[field], value);
  }
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith(deletePrefix)) {
      const name = field.slice(deletePrefix.length);
      const list = merged[name];
      if (isList(list) && isList(value)) merged[name] = list.filter((item) => !value.some((gone) => equal(gone, item)));
    } else if (field.startsWith(orderPrefix)) {
      const name = field.slice(orderPrefix.length);
      const list = merged[name];
      if (isList(list) && isList(value)) merged[name] = ordered(schemaOfField(schema, name), list, value);
    }
  }
  const retained = patch[retainKeys];
  if (!isList(retained)) return merged;
  return Object.fromEntries(Object.entries(merged).filter(([field]) => retained.includes(field)));
}

function mergeLists(schema: Schema, target: readonly Json[], patch: readonly Json[]): readonly Json[] {
  if (patch.some((item) => at(item, directive) === 'replace')) {
    return plainList(patch.filter((item) => at(item, directive) !== 'replace'));
  }
  const key = mergeKey(schema);
  if (key === undefined) {
    if (schema['x-kubernetes-list-type'] !== 'set') return plainList(patch);
    return [...target, ...patch.filter((item) => !target.some((known) => equal(known, item)))];
  }
  const merged = [...target];
  for (const item of patch) {
    const index = merged.findIndex((known) => equal(at(known, key), at(item, key)));
    if (at(item, directive) === 'delete') {
      if (index >= 0) merged.splice(index, 1);
    } else if (index >= 0) {
      merged[index] = strategicMerge(schemaOfItems(schema), merged[index], item);
    } else {
      merged.push(plain(item));
    }
  }
  return merged;
}

/** The items in the order that is asked for; others stay behind them. */
function ordered(schema: Schema, list: readonly Json[], order: readonly Json[]): readonly Json[] {
  const key = mergeKey(schema);
  const position = (item: Json): number => {
    const index = order.findIndex((wanted) =>
      key === undefined ? equal(wanted, item) : equal(at(wanted, key), at(item, key)),
    );
    return index < 0 ? order.length : index;
  };
  return [...list].sort((left, right) => position(left) - position(right));
}

const plainObject = (value: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(value).flatMap(([field, child]) =>
      field.startsWith('$') || child === null || child === undefined ? [] : [[field, plain(child)]],
    ),
  );

const plainList = (list: readonly Json[]): readonly Json[] => list.map(plain);

/** The value without directives and nulls. */
function plain(value: Json): Json {
  if (isList(value)) return plainList(value);
  return isObject(value) ? plainObject(value) : value;
}
