import type { Json } from '../objects/json.ts';
import type { Schema } from './schema.ts';

/**
 * Types in a short notation, one a paragraph: `Name: field type, field! type, …`; `!` marks what is required.
 * A type is `string`, `integer`, `number`, `boolean`, `bytes`, `time`, `microTime`, `quantity`, `intOrString`, `any`,
 * the name of another one, `[T]` (a list replaced as a whole), `[T set]`, `[T by key,key]`, `{T}` (a map) or `{T}
 * atomic`. `Name: atomic …` is a structure that is owned as a whole.
 */
type Definitions = ReadonlyMap<string, string>;

/** Defaults by type and field. */
export type Defaults = { readonly [type: string]: { readonly [field: string]: Json } };

const primitives: { readonly [name: string]: Schema } = {
  string: { type: 'string' },
  bytes: { type: 'string', format: 'byte' },
  time: { type: 'string', format: 'date-time' },
  microTime: { type: 'string', format: 'micro-time' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  quantity: { 'x-kubernetes-int-or-string': true, format: 'quantity' },
  intOrString: { 'x-kubernetes-int-or-string': true, format: 'int-or-string' },
  any: { 'x-kubernetes-preserve-unknown-fields': true },
};

function definitionsIn(text: string): Definitions {
  const joined = text.trim().replaceAll(/\n\s+/g, ' ');
  return new Map(
    joined.split('\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
}

/** Reads definitions on demand; the schema of a type is one and the same object wherever it is used. */
export class Types {
  readonly #definitions: Definitions;
  readonly #defaults: Defaults;
  readonly #known = new Map<string, Schema>();

  constructor(texts: readonly string[], defaults: Defaults) {
    this.#definitions = new Map(texts.flatMap((text) => [...definitionsIn(text)]));
    this.#defaults = defaults;
  }

  has(name: string): boolean {
    return this.#definitions.has(name);
  }

  /** Names of all types, for those that publish them. */
  names(): readonly string[] {
    return [...this.#definitions.keys()];
  }

  get(name: string): Schema {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const definition = this.#definitions.get(name);
    if (definition === undefined) throw new Error(`no type is named ${name}`);
    const schema = this.#structure(name, definition);
    this.#known.set(name, schema);
    return schema;
  }

  #structure(name: string, definition: string): Schema {
    const isAtomic = definition.startsWith('atomic ');
    const properties: { [field: string]: Schema } = {};
    const required: string[] = [];
    const defaults = this.#defaults[name] ?? {};
    for (const part of (isAtomic ? definition.slice(7) : definition).split(/, /)) {
      if (part === '') continue;
      const [field = '', ...type] = part.split(' ');
      const plain = field.replace('!', '');
      if (plain !== field) required.push(plain);
      const schema = this.#type(type.join(' '));
      const value = defaults[plain];
      properties[plain] = value === undefined ? schema : { ...schema, default: value };
    }
    return {
      type: 'object',
      title: name,
      properties,
      ...(required.length > 0 ? { required } : {}),
      ...(isAtomic ? { 'x-kubernetes-map-type': 'atomic' as const } : {}),
    };
  }

  #type(text: string): Schema {
    const list = /^\[(\S+?)(?: (set)| by (\S+))?\]$/.exec(text);
    if (list !== null) {
      const [, item = '', set, keys] = list;
      const items = this.#type(item);
      if (set !== undefined) return { type: 'array', items, 'x-kubernetes-list-type': 'set' };
      if (keys === undefined) return { type: 'array', items, 'x-kubernetes-list-type': 'atomic' };
      return { type: 'array', items, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys.split(',') };
    }
    const map = /^\{(.+)\}( atomic)?$/.exec(text);
    if (map !== null) {
      const additionalProperties = this.#type(map[1] ?? '');
      return map[2] === undefined
        ? { type: 'object', additionalProperties }
        : { type: 'object', additionalProperties, 'x-kubernetes-map-type': 'atomic' };
    }
    return primitives[text] ?? this.get(text);
  }
}
