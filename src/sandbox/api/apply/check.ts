import { at, isList, isObject, type Json } from '../objects/json.ts';
import { envelope } from '../schema/builtin.ts';
import type { Schema } from '../schema/schema.ts';
import { pathWords } from './field-set.ts';
import { elementOf, fieldsOf, schemaOfItems } from './typed.ts';

/** Why a configuration does not fit its schema, in the words of server-side apply; undefined when it does. */
export function misfit(schema: Schema, value: Json): string | undefined {
  const faults = faultsIn(schema, value, '');
  return faults.length > 1 ? ['errors:', ...faults.map((fault) => `  ${fault}`)].join('\n') : faults[0];
}

function faultsIn(schema: Schema, value: Json, path: string): readonly string[] {
  if (value === null || schema['x-kubernetes-int-or-string'] === true) return [];
  const expected = (type: string, found: string): readonly string[] => [`${path}: expected ${type}, got ${found}`];
  switch (schema.type) {
    case 'object':
      return isObject(value) ? faultsInFields(schema, value, path) : expected('map', goValue(value));
    case 'array':
      return isList(value) ? faultsInItems(schema, value, path) : expected('list', goValue(value));
    case 'string':
      return typeof value === 'string' ? [] : expected('string', goReflected(value));
    case 'boolean':
      return typeof value === 'boolean' ? [] : expected('boolean', goValue(value));
    case 'integer':
    case 'number':
      return typeof value === 'number' ? [] : expected('numeric (int or float)', goType(value));
    default:
      return [];
  }
}

/** Stops at the first field that the schema does not know, as the real server does. */
function faultsInFields(schema: Schema, value: Json, path: string): readonly string[] {
  const { additionalProperties } = schema;
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true || additionalProperties === true;
  const faults: string[] = [];
  for (const [field, child] of fieldsOf(isObject(value) ? value : {})) {
    const below =
      schema.properties?.[field] ??
      (embedded ? envelope[field] : undefined) ??
      (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    if (below === undefined && !open) return [...faults, `${path}.${field}: field not declared in schema`];
    if (below !== undefined) faults.push(...faultsIn(below, child, `${path}.${field}`));
  }
  return faults;
}

function faultsInItems(schema: Schema, list: readonly Json[], path: string): readonly string[] {
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'map' && type !== 'set') {
    return list.flatMap((item, index) => faultsIn(schemaOfItems(schema), item, `${path}[${index}]`));
  }
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const seen = new Set<string>();
  return list.flatMap((item, index) => {
    if (type === 'map' && keys.every((key) => at(item, key) === undefined)) {
      const shown = keys.map((key) => `"${key}"`).join(' ');
      return [
        `${path}: element ${index}: associative list with keys has an element that omits all key fields [${shown}] (and doesn't have default values for any key fields)`,
      ];
    }
    const element = elementOf(schema, item, path);
    const words = pathWords([element]);
    if (seen.has(element)) return [`${path}: duplicate entries for key ${words}`];
    seen.add(element);
    return faultsIn(schemaOfItems(schema), item, `${path}${words}`);
  });
}

const goShown = (value: Json): string => {
  if (isList(value)) return `[${value.map(goShown).join(' ')}]`;
  if (!isObject(value)) return String(value);
  const fields = fieldsOf(value).map(([field, child]) => `${field}:${goShown(child)}`);
  return `map[${fields.join(' ')}]`;
};

/** A value as Go prints it in these messages. */
const goValue = (value: Json): string => `&{${goShown(value)}}`;

const goReflected = (value: Json): string => `&value.valueUnstructured{Value:${goShown(value)}}`;

function goType(value: Json): string {
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : goShown(value);
}
