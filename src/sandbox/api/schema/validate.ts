import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { at, isObject, type Json } from '../objects/json.ts';
import type { FieldFault } from '../objects/status.ts';
import type { Schema } from './schema.ts';

const ajv = new Ajv({
  strict: false,
  allErrors: true,
  verbose: true,
  unicodeRegExp: false,
  logger: false,
  code: { optimize: false },
});

const dateTime = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
ajv.addFormat('date-time', dateTime);
for (const format of ['int32', 'int64', 'float', 'double', 'byte', 'password', 'quantity', 'int-or-string']) {
  ajv.addFormat(format, true);
}
ajv.addKeyword({
  keyword: 'x-kubernetes-int-or-string',
  validate: (wanted: boolean, value: unknown) => !wanted || typeof value === 'string' || Number.isInteger(value),
});
ajv.addKeyword({
  keyword: 'x-kubernetes-list-map-keys',
  type: 'array',
  validate: (keys: readonly string[], items: readonly Json[]) =>
    new Set(items.map((item) => keyOf(item, keys))).size === items.length,
});

const keyOf = (item: Json, keys: readonly string[]): string =>
  JSON.stringify(Object.fromEntries(keys.map((key) => [key, at(item, key)])));

const compiled = new WeakMap<Schema, ValidateFunction>();
/** A definition that is applied once more, or on another cluster of this process, is not compiled once more. */
const compiledByText = new Map<string, ValidateFunction>();

function validatorOf(schema: Schema): ValidateFunction {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const text = JSON.stringify(schema);
  const validate = compiledByText.get(text) ?? ajv.compile(schema);
  compiled.set(schema, validate);
  compiledByText.set(text, validate);
  return validate;
}

/** What is wrong with a value by its schema, in the words of the real server; fields start at the top, as `spec.x`. */
export function faultsOf(schema: Schema, value: Json): readonly FieldFault[] {
  const validate = validatorOf(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).flatMap(faultOf);
}

/** `/spec/items/0` as `spec.items[0]`. */
const fieldPath = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

const wrongType = (field: string, expected: string, value: unknown): FieldFault => {
  const found = JSON.stringify(typeOf(value));
  return {
    field,
    reason: 'FieldValueTypeInvalid',
    words: `Invalid value: ${found}: ${field} in body must be of type ${expected}: ${found}`,
  };
};

const sizeOf = (value: unknown): number =>
  Array.isArray(value) ? value.length : Object.keys(isObject(value) ? value : {}).length;

const counts: { readonly [keyword: string]: string } = { minItems: 'items', minProperties: 'properties' };

function faultOf({ keyword, instancePath, params, data, parentSchema }: ErrorObject): readonly FieldFault[] {
  const field = fieldPath(instancePath);
  const invalid = (words: string, shown: unknown = data): readonly FieldFault[] => [
    { field, reason: 'FieldValueInvalid', words: `Invalid value: ${JSON.stringify(shown)}: ${field} in body ${words}` },
  ];
  switch (keyword) {
    case 'type':
      return [wrongType(field, String(params.type), data)];
    case 'x-kubernetes-int-or-string':
      return [wrongType(field, 'integer,string', data)];
    case 'format': {
      const found = JSON.stringify(data);
      return [
        {
          field,
          reason: 'FieldValueTypeInvalid',
          words: `Invalid value: ${found}: ${field} in body must be of type ${params.format}: ${found}`,
        },
      ];
    }
    case 'required': {
      const missing = String(params.missingProperty);
      const place = field === '' ? missing : `${field}.${missing}`;
      return [{ field: place, reason: 'FieldValueRequired', words: 'Required value' }];
    }
    case 'enum': {
      const allowed: readonly unknown[] = Array.isArray(params.allowedValues) ? params.allowedValues : [];
      const values = allowed.map((value) => JSON.stringify(value)).join(', ');
      return [
        {
          field,
          reason: 'FieldValueNotSupported',
          words: `Unsupported value: ${JSON.stringify(data)}: supported values: ${values}`,
        },
      ];
    }
    case 'minimum':
      return invalid(`should be greater than or equal to ${params.limit}`);
    case 'exclusiveMinimum':
      return invalid(`should be greater than ${params.limit}`);
    case 'maximum':
      return invalid(`should be less than or equal to ${params.limit}`);
    case 'exclusiveMaximum':
      return invalid(`should be less than ${params.limit}`);
    case 'multipleOf':
      return invalid(`should be a multiple of ${params.multipleOf}`);
    case 'pattern':
      return invalid(`should match '${params.pattern}'`);
    case 'minLength':
      return invalid(`should be at least ${params.limit} chars long`);
    case 'minItems':
    case 'minProperties': {
      return invalid(`should have at least ${params.limit} ${counts[keyword]}`, sizeOf(data));
    }
    case 'maxLength':
      return [{ field, reason: 'FieldValueTooLong', words: `Too long: may not be more than ${params.limit} bytes` }];
    case 'maxItems':
    case 'maxProperties': {
      return [
        {
          field,
          reason: 'FieldValueTooMany',
          words: `Too many: ${sizeOf(data)}: must have at most ${params.limit} items`,
        },
      ];
    }
    case 'uniqueItems':
      return invalid("shouldn't contain duplicates");
    case 'x-kubernetes-list-map-keys': {
      const keys = isObject(parentSchema) ? parentSchema['x-kubernetes-list-map-keys'] : [];
      return duplicates(field, data, Array.isArray(keys) ? keys.map(String) : []);
    }
    default:
      return invalid(`is not valid: ${keyword}`);
  }
}

function duplicates(field: string, list: unknown, keys: readonly string[]): readonly FieldFault[] {
  const seen = new Set<string>();
  const items: readonly Json[] = Array.isArray(list) ? list : [];
  return items.flatMap((item, index): readonly FieldFault[] => {
    const key = keyOf(item, keys);
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ field: `${field}[${index}]`, reason: 'FieldValueDuplicate', words: `Duplicate value: ${key}` }];
  });
}
