import { type Command, Option } from 'commander';
import * as z from 'zod';
import { entriesAt, listAt, textAt } from '../kubernetes.ts';
import { longFlag, positionalOf } from '../tools/command-line.ts';
import type { Tool } from '../tools/tool.ts';
import { numberOr, pairOf, scalar } from '../tools/written-values.ts';
import { withFlags } from './field-names.ts';

/** One input field of a tool on the command line. */
interface Flag {
  readonly field: string;
  readonly schema: unknown;
}

const inputSchema = (tool: Tool): unknown => z.toJSONSchema(tool.input, { io: 'input' });

/** Fields that have flags, in the order of the schema. `context` is an option of every command already. */
function flagsOf(tool: Tool): readonly Flag[] {
  const positional = positionalOf(tool);
  return entriesAt(inputSchema(tool), 'properties')
    .filter(([field]) => field !== positional && field !== 'context')
    .map(([field, schema]) => ({ field, schema }));
}

/** Adds the tool's positional argument and flags to its command. Values are judged by the tool, not here. */
export function addFlags(command: Command, tool: Tool): void {
  const positional = positionalOf(tool);
  // Left out, a runtime is asked for by the tool, which can tell those that are installed.
  if (positional !== undefined) command.argument(positional === 'runtime' ? `[${positional}]` : `<${positional}>`);
  for (const flag of flagsOf(tool)) command.addOption(optionOf(flag));
}

/** The tool's raw input from what commander parsed: numbers, pairs and JSON become values where they can. */
export function inputOf(tool: Tool, positional: string | undefined, values: Readonly<Record<string, unknown>>): object {
  const input: Record<string, unknown> = {};
  const field = positionalOf(tool);
  if (field !== undefined) input[field] = positional;
  for (const flag of flagsOf(tool)) {
    if (values[flag.field] !== undefined) input[flag.field] = values[flag.field];
  }
  return input;
}

function optionOf({ field, schema }: Flag): Option {
  const long = longFlag(field);
  const name = field === 'namespace' ? `-n, ${long}` : long;
  const about = withFlags(textAt(schema, 'description') ?? '');
  const choices = listAt(schema, 'enum').filter((choice) => typeof choice === 'string');
  switch (textAt(schema, 'type')) {
    case 'boolean':
      return new Option(name, about);
    case 'integer':
    case 'number':
      return new Option(`${name} <n>`, about).argParser(numberOr);
    case 'object':
      return new Option(`${name} <key=value>`, `${about} (repeatable)`.trim()).argParser(pairs(schema));
    case 'array':
      return textAt(schema, 'items', 'type') === 'object'
        ? new Option(`${name} <json>`, `${about} (repeatable)`.trim()).argParser(jsonItems)
        : new Option(`${name} <value>`, `${about} (repeatable)`.trim()).argParser(items);
    default:
      return new Option(`${name} <${choices.length > 0 ? choices.join('|') : 'text'}>`, about);
  }
}

const items = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

function jsonItems(text: string, before: readonly unknown[] = []): readonly unknown[] {
  let value: unknown = text;
  try {
    value = JSON.parse(text);
  } catch {
    // Stays text: the tool refuses it and names the field.
  }
  return [...before, ...(Array.isArray(value) ? value : [value])];
}

/** Numbers and booleans are told apart only where the schema has both. */
function pairs(schema: unknown) {
  const allowed = listAt(schema, 'additionalProperties', 'anyOf').map((one) => textAt(one, 'type'));
  const typed = allowed.includes('number') || allowed.includes('boolean');
  return (text: string, before: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => {
    const [key, value] = pairOf(text);
    return { ...before, [key]: typed ? scalar(value) : value };
  };
}
