import * as z from 'zod';
import { shellWord } from '../foundry/shell.ts';
import { listAt } from '../kubernetes.ts';
import type { Tool } from './tool.ts';

/** The field that is given without a flag: the deployment, or the runtime where a tool needs no deployment. */
const positionals = ['name', 'runtime'] as const;

/** The field that stands alone after the command: `kubefoundry get qwen`. */
export function positionalOf(tool: Tool): (typeof positionals)[number] | undefined {
  const required = listAt(z.toJSONSchema(tool.input, { io: 'input' }), 'required');
  return positionals.find((field) => required.includes(field));
}

/** `planOnly` → `--plan-only` */
export const longFlag = (field: string): string =>
  `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** A tool's input as words of a command line: `{"name":"qwen","planOnly":true}` → `qwen --plan-only`. */
export function wordsOf(tool: Tool, input: object): readonly string[] {
  const positional = positionalOf(tool);
  return Object.entries(input).flatMap(([field, value]: readonly [string, unknown]) => {
    if (field === positional) return [word(value)];
    if (value === true) return [longFlag(field)];
    // What is not said is not so.
    if (value === false || value === undefined) return [];
    const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isRecord
      ? Object.entries(value).flatMap(([key, part]) => [longFlag(field), word(`${key}=${part}`)])
      : [longFlag(field), word(value)];
  });
}

const word = (value: unknown): string => shellWord(typeof value === 'string' ? value : JSON.stringify(value));

/** The command that makes the same call, as a shell takes it. */
export const commandLine = (tool: Tool, input: object): string =>
  ['kubefoundry', tool.command, ...wordsOf(tool, input)].join(' ');
