import { equal, isList, isObject, type Json } from '../objects/json.ts';
import type { Schema } from '../schema/schema.ts';
import { type Element, FieldSet } from './field-set.ts';
import { fieldElement, itemsOf, schemaOfField, schemaOfItems, shapeOf } from './typed.ts';

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** Which fields a change adds, modifies and removes. */
export function compare(schema: Schema, before: Json, after: Json): Comparison {
  const comparison = { added: new FieldSet(), modified: new FieldSet(), removed: new FieldSet() };
  walk(schema, before, after, [], comparison);
  return comparison;
}

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  (isList(value) ? value.length === 0 : isObject(value) && Object.values(value).every((child) => child === undefined));

function walk(
  schema: Schema,
  before: Json | undefined,
  after: Json | undefined,
  path: readonly Element[],
  into: Comparison,
): void {
  if (before === undefined && after === undefined) return;
  const shape = shapeOf(schema, after ?? before);
  const alike = before === undefined || after === undefined || isList(before) === isList(after);
  if (shape === 'whole' || (isEmpty(before) && isEmpty(after)) || !alike) {
    note(before, after, path, into);
    return;
  }
  if (shape === 'fields') {
    const left = isObject(before) ? before : {};
    const right = isObject(after) ? after : {};
    for (const field of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const below = [...path, fieldElement(field)];
      walk(schemaOfField(schema, field), left[field], right[field], below, into);
    }
  } else {
    const left = itemsOf(schema, isList(before) ? before : []);
    const right = itemsOf(schema, isList(after) ? after : []);
    for (const element of new Set([...left.keys(), ...right.keys()])) {
      walk(schemaOfItems(schema), left.get(element), right.get(element), [...path, element], into);
    }
  }
  if (before === undefined) into.added.insert(path);
  else if (after === undefined) into.removed.insert(path);
}

function note(
  before: Json | undefined,
  after: Json | undefined,
  path: readonly Element[],
  { added, modified, removed }: Comparison,
): void {
  if (before === undefined) added.insert(path);
  else if (after === undefined) removed.insert(path);
  else if (!equal(before, after)) modified.insert(path);
}
