import { isObject, type Json, type JsonObject } from '../objects/json.ts';
import { jsonPath } from '../objects/json-path.ts';
import type { ApiObject } from '../objects/object.ts';
import type { Column, ServedResource } from '../objects/resource.ts';
import { age } from './age.ts';
import { rowsOf } from './rows.ts';

const types = ['string', 'integer', 'number', 'boolean', 'date'];

/** Reads `Created At date` or `Node 1`: a name, a type unless it is `string`, a priority unless it is 0. */
function columnDefinition(text: string): JsonObject {
  const words = text.split(' ');
  const priority = /^\d+$/.test(words.at(-1) ?? '') ? Number(words.pop()) : 0;
  const last = words.at(-1) ?? '';
  const type = words.length > 1 && types.includes(last) ? (words.pop() ?? 'string') : 'string';
  const name = words.join(' ');
  return { name, type, format: name === 'Name' ? 'name' : '', description: '', priority };
}

function cell({ type, jsonPath: path }: Column, object: ApiObject): Json {
  const [value] = jsonPath(path, object);
  if (value === undefined || value === null) return type === 'date' ? '<unknown>' : null;
  if (type === 'date') return age(value);
  if (type === 'string') return isObject(value) || Array.isArray(value) ? JSON.stringify(value) : String(value);
  return value;
}

const ageColumn: Column = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

function customColumns(columns: readonly Column[]): readonly JsonObject[] {
  return columns.map(({ name, type, format = '', description, priority = 0, jsonPath: path }) => ({
    name,
    type,
    format,
    description: description ?? `Custom resource definition column (in JSONPath format): ${path}`,
    priority,
  }));
}

function definitionsOf(resource: ServedResource): readonly JsonObject[] {
  if (!resource.custom) return rowsOf(resource).columns.map(columnDefinition);
  return [columnDefinition('Name'), ...customColumns(resource.columns ?? [ageColumn])];
}

function cellsOf(resource: ServedResource, kept: ApiObject, shown: ApiObject): readonly Json[] {
  if (!resource.custom) return rowsOf(resource).cells(kept);
  return [shown.metadata.name, ...(resource.columns ?? [ageColumn]).map((column) => cell(column, shown))];
}

/** An object of which only the metadata is told. */
export const metadataOnly = ({ metadata }: ApiObject): JsonObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata,
});

/** What goes with each row: `None`, the `Metadata` of the object, or the whole `Object`. */
export type Included = 'None' | 'Metadata' | 'Object';

/** Objects as the rows of a table; each as it is kept and as it is served. */
export function table(
  resource: ServedResource,
  objects: readonly { readonly kept: ApiObject; readonly shown: ApiObject }[],
  metadata: JsonObject,
  included: Included,
): JsonObject {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: definitionsOf(resource),
    rows: objects.map(({ kept, shown }) => ({
      cells: cellsOf(resource, kept, shown),
      object: included === 'Object' ? shown : included === 'None' ? undefined : metadataOnly(shown),
    })),
  };
}
