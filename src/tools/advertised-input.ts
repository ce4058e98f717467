import * as z from 'zod';
import type { Tool } from './tool.ts';

type JsonSchema = Record<string, unknown>;

/** Constraints that cost a model tokens on every turn; the parser keeps them and says them when one is broken. */
const unsaid: ReadonlySet<string> = new Set([
  '$schema',
  'additionalProperties',
  'exclusiveMinimum',
  'maxItems',
  'maxLength',
  'maximum',
  'minLength',
  'minimum',
  'pattern',
  'propertyNames',
]);

/** The input schema as clients see it: fields, types, choices and descriptions. The parser is stricter. */
export function advertisedInput(tool: Tool): JsonSchema {
  return lean(z.toJSONSchema(tool.input, { io: 'input' }));
}

function lean(schema: object): JsonSchema {
  const kept = Object.entries(schema).filter(([keyword]) => !unsaid.has(keyword));
  return Object.fromEntries(
    kept.map(([keyword, content]) => [
      keyword,
      keyword === 'properties' ? mapValues(content, lean) : keyword === 'items' ? lean(content) : content,
    ]),
  );
}

const mapValues = (fields: object, change: (value: object) => JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, change(value)]));
