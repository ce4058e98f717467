import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { entriesAt, type KubernetesObject, listAt, textAt, valueAt } from '../../src/kubernetes.ts';

const kept = [
  'enum',
  'format',
  'maxItems',
  'maxLength',
  'maximum',
  'minItems',
  'minLength',
  'minimum',
  'pattern',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'required',
  'uniqueItems',
  'x-kubernetes-list-map-keys',
];

/** A member of an embedded object that the API server knows without the schema naming it. */
const objectMembers = ['apiVersion', 'kind', 'metadata'];

/**
 * A structural OpenAPI v3 schema as JSON Schema, in which everything is refused that an API server would prune:
 * an object holds nothing but its properties, unless the schema says otherwise.
 */
function jsonSchema(schema: unknown): Record<string, unknown> {
  const converted: Record<string, unknown> = {};
  for (const [keyword, value] of entriesAt(schema)) if (kept.includes(keyword)) converted[keyword] = value;
  for (const combination of ['allOf', 'anyOf', 'oneOf']) {
    const branches = listAt(schema, combination);
    // Branches only restrict values (structural schemas): which fields exist stands beside them.
    if (branches.length > 0) converted[combination] = branches.map(restriction);
  }
  if (valueAt(schema, 'not') !== undefined) converted.not = restriction(valueAt(schema, 'not'));

  const type = textAt(schema, 'type');
  if (valueAt(schema, 'x-kubernetes-int-or-string') === true) converted.type = ['integer', 'string'];
  else if (type !== undefined) converted.type = valueAt(schema, 'nullable') === true ? [type, 'null'] : type;
  if (valueAt(schema, 'items') !== undefined) converted.items = jsonSchema(valueAt(schema, 'items'));
  if (type !== 'object') return converted;

  const properties = entriesAt(schema, 'properties').map(([name, property]) => [name, jsonSchema(property)]);
  const embedded = valueAt(schema, 'x-kubernetes-embedded-resource') === true;
  converted.properties = Object.fromEntries([
    ...(embedded ? objectMembers.map((name) => [name, {}]) : []),
    ...properties,
  ]);
  const additional = valueAt(schema, 'additionalProperties');
  if (typeof additional === 'object') converted.additionalProperties = jsonSchema(additional);
  else
    converted.additionalProperties =
      valueAt(schema, 'x-kubernetes-preserve-unknown-fields') === true || additional === true;
  return converted;
}

/** A branch of anyOf, oneOf, allOf or not: as it stands, but for the keywords that are not JSON Schema. */
function restriction(schema: unknown): Record<string, unknown> {
  const converted: Record<string, unknown> = {};
  for (const [keyword, value] of entriesAt(schema)) {
    if (keyword === 'type' || kept.includes(keyword)) converted[keyword] = value;
    if (keyword === 'items') converted[keyword] = restriction(value);
    if (keyword === 'properties') {
      converted[keyword] = Object.fromEntries(
        entriesAt(value).map(([name, property]) => [name, restriction(property)]),
      );
    }
  }
  return converted;
}

/** `x-kubernetes-list-type: map`: no two entries of a list with the same keys. */
function hasUniqueKeys(keys: readonly string[], list: readonly unknown[]): boolean {
  const found = new Set(list.map((entry) => JSON.stringify(keys.map((key) => valueAt(entry, key)))));
  return found.size === list.length;
}

function newValidator(): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  ajv.addFormat('int32', { type: 'number', validate: (value: number) => Math.abs(value) < 2 ** 31 });
  for (const format of ['int64', 'float', 'double'])
    ajv.addFormat(format, { type: 'number', validate: Number.isFinite });
  for (const format of ['byte', 'date-time', 'password']) ajv.addFormat(format, true);
  ajv.addKeyword({ keyword: 'x-kubernetes-list-map-keys', type: 'array', validate: hasUniqueKeys });
  return ajv;
}

const describeError = ({ instancePath, message, params }: ErrorObject): string =>
  `${instancePath || '/'} ${message} ${JSON.stringify(params)}`;

/**
 * What an API server that serves this CRD would refuse or prune in an object of one of its versions, as sentences;
 * empty when the object is taken as it is. CEL rules are not evaluated.
 */
export function schemaOf(definition: KubernetesObject): (object: KubernetesObject) => readonly string[] {
  const validators = new Map<string, ValidateFunction>();
  for (const version of listAt(definition, 'spec', 'versions')) {
    const schema = jsonSchema(valueAt(version, 'schema', 'openAPIV3Schema'));
    const properties = Object.fromEntries(entriesAt(schema, 'properties'));
    const root = { ...schema, properties: { ...properties, apiVersion: {}, kind: {}, metadata: {} } };
    validators.set(`${textAt(definition, 'spec', 'group')}/${textAt(version, 'name')}`, newValidator().compile(root));
  }
  return (object) => {
    const validate = validators.get(object.apiVersion);
    if (!validate) return [`${definition.metadata.name} has no version ${object.apiVersion}`];
    return validate(object) ? [] : (validate.errors ?? []).map(describeError);
  };
}
