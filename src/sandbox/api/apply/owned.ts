import { isList, isObject, type Json } from '../objects/json.ts';
import type { Schema } from '../schema/schema.ts';
import { type Element, FieldSet } from './field-set.ts';
import { fieldElement, fieldsOf, itemsOf, names, schemaOfField, schemaOfItems, shapeOf } from './typed.ts';

/** The fields that a configuration names: what its applier owns. */
export function fieldsIn(schema: Schema, value: Json): FieldSet {
  const set = new FieldSet();
  collect(schema, value, [], set);
  return set;
}

const isBare = (value: Json): boolean => value === null || (isObject(value) && fieldsOf(value).length === 0);

function collect(schema: Schema, value: Json, path: readonly Element[], set: FieldSet): void {
  const shape = shapeOf(schema, value);
  if (shape === 'fields' && isObject(value)) {
    for (const [field, child] of fieldsOf(value)) {
      const below = [...path, fieldElement(field)];
      collect(schemaOfField(schema, field), child, below, set);
      if (isBare(child) || !names(schema, field)) set.insert(below);
    }
  } else if (shape === 'items' && isList(value)) {
    for (const [element, item] of itemsOf(schema, value)) {
      const below = [...path, element];
      collect(schemaOfItems(schema), item, below, set);
      set.insert(below);
    }
  } else {
    set.insert(path);
  }
}

/** The set with every named field on the way to its members; keys of maps and items of lists are no named fields. */
export function withNamedFields(schema: Schema, set: FieldSet): FieldSet {
  const result = new FieldSet();
  for (const element of set.members) result.members.add(element);
  for (const [element, child] of set.children) {
    const isField = element.startsWith('f:');
    const field = element.slice(2);
    if (isField && names(schema, field) && !child.isEmpty) result.members.add(element);
    result.children.set(
      element,
      withNamedFields(isField ? schemaOfField(schema, field) : schemaOfItems(schema), child),
    );
  }
  return result;
}
