/** JSON as the server keeps it: never changed in place, always replaced. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [field: string]: Json | undefined;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

export const isText = (value: unknown): value is string => typeof value === 'string';

/** The object itself, or an empty one where the value is anything else. */
export const objectOr = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

export const listOr = (value: Json | undefined): readonly Json[] => (isList(value) ? value : []);

/** The text itself, or '' where the value is anything else. */
export const textOr = (value: Json | undefined): string => (isText(value) ? value : '');

/** The value under the fields, or undefined where one of them is missing. */
export function at(value: Json | undefined, ...fields: readonly string[]): Json | undefined {
  let current = value;
  for (const field of fields) current = isObject(current) ? current[field] : undefined;
  return current;
}

/** The map of texts at a place; entries of any other type are left out. */
export function textsOf(value: Json | undefined): { readonly [key: string]: string } {
  const texts: { [key: string]: string } = {};
  for (const [key, text] of Object.entries(objectOr(value))) if (isText(text)) texts[key] = text;
  return texts;
}

/** Whether two values say the same; an undefined field is a missing field. */
export function equal(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (isList(left)) {
    return isList(right) && left.length === right.length && left.every((item, index) => equal(item, right[index]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  for (const field of Object.keys(left)) if (!equal(left[field], right[field])) return false;
  for (const field of Object.keys(right)) {
    if (right[field] !== undefined && left[field] === undefined) return false;
  }
  return true;
}

/** The object without some of its fields. */
export function without(object: JsonObject, ...fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}

/** The value with all fields in alphabetical order, as Go writes maps. */
export function sorted(value: Json | undefined): Json {
  if (isList(value)) return value.map(sorted);
  if (!isObject(value)) return value ?? null;
  const fields = Object.keys(value).filter((field) => value[field] !== undefined);
  return Object.fromEntries(fields.toSorted().map((field) => [field, sorted(value[field])]));
}
