import { quoteBar } from '../foundry/untrusted-text.ts';
import { tools } from '../tools/registry.ts';
import type { Tool } from '../tools/tool.ts';
import { fields as fieldNames, withFlags } from './field-names.ts';
import { wordsOf } from './flags.ts';

const names = tools.map((tool) => tool.name).join('|');
const fields = fieldNames.join('|');

/**
 * A call with its input, one whose input ends in no way that is known, or a field to add to the call:
 * `"runtime": "dynamo"`, `replace: true`, `cursor=abc`, `nodeSelector {"disk":"ssd"}`.
 */
const suggestion = new RegExp(
  [
    `\\b(?<name>${names})\\b(?: (?<json>\\{[^\\n]*?\\})(?=$|[\\s.;)]|, )|(?! \\{))`,
    `\\b(?<uncertain>${names}) \\{[^\\n}]*\\}?`,
    `\\b(?<record>${fields}) (?<members>\\{"[^\\n{}]*\\})`,
    `"(?<quoted>${fields})": "(?<text>[^"\\s]*)"`,
    `(?<![\\w./-])(?<plain>${fields})(?:: (?<switched>true)\\b|=(?<value>[^\\s,;.]+))`,
  ].join('|'),
  'g',
);

/**
 * Calls and fields that a text suggests, as commands and flags: `install_runtime {"runtime":"dynamo"}` →
 * `kubefoundry install dynamo`, `replace: true` → `--replace`, `hfTokenSecret` → `--hf-token-secret`.
 * Lines that quote the cluster stay as they are: nothing in them is a suggestion of ours.
 */
export const asCommands = (text: string, tool: Tool): string =>
  text
    .split('\n')
    .map((line) => (line.startsWith(quoteBar) ? line : [...pieces(line, tool)].join('')))
    .join('\n');

/** Fields of an answer that advise a reader. */
const advising: ReadonlySet<string> = new Set(['hint', 'fix', 'nextSteps', 'warnings']);

/** The same answer as data: what advises in it as commands, all else as it is. */
export const adviceAsCommands = (data: object, tool: Tool): Record<string, unknown> =>
  Object.fromEntries(Object.entries(data).map(([field, value]) => [field, advised(field, value, tool)]));

function advised(field: string, value: unknown, tool: Tool): unknown {
  if (typeof value === 'string') return advising.has(field) ? asCommands(value, tool) : value;
  if (Array.isArray(value)) return value.map((item: unknown) => advised(field, item, tool));
  return typeof value === 'object' && value !== null ? adviceAsCommands(value, tool) : value;
}

function* pieces(line: string, tool: Tool): Generator<string> {
  let told = 0;
  for (const { 0: whole, index, groups = {} } of line.matchAll(suggestion)) {
    yield withFlags(line.slice(told, index));
    const { name, json, uncertain, record, members = '', quoted, text, plain = '', switched, value } = groups;
    const field = quoted ?? plain;
    if (uncertain !== undefined) yield whole;
    else if (name !== undefined) yield commandFor(whole, name, json);
    else if (record !== undefined) yield wordsOf(tool, { [record]: parsed(members) ?? members }).join(' ');
    else yield wordsOf(tool, { [field]: switched === undefined ? (text ?? value) : true }).join(' ');
    told = index + whole.length;
  }
  yield withFlags(line.slice(told));
}

function commandFor(whole: string, name: string, json: string | undefined): string {
  const tool = tools.find((candidate) => candidate.name === name);
  const input = json === undefined ? {} : parsed(json);
  return tool === undefined || input === undefined
    ? whole
    : ['kubefoundry', tool.command, ...wordsOf(tool, input)].join(' ');
}

function parsed(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
