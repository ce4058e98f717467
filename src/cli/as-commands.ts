import { quoteBar } from '../foundry/untrusted-text.ts';
import { advising, withTexts } from '../tools/advice.ts';
import { commandLine, wordsOf } from '../tools/command-line.ts';
import { tools } from '../tools/registry.ts';
import type { Tool } from '../tools/tool.ts';
import { fields as fieldNames, withFlags } from './field-names.ts';

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
 *
 * @param context that the commands are told, where they are for another than the one that is current
 */
export const asCommands = (text: string, tool: Tool, context?: string): string =>
  text
    .split('\n')
    .map((line) => (line.startsWith(quoteBar) ? line : suggested(line, tool, context)))
    .join('\n');

/** What kubectl is told, and the remark behind it which says what to edit: nothing of that is for this program. */
const remarked = /\bkubectl .* # .*$/;

function suggested(line: string, tool: Tool, context: string | undefined): string {
  const end = remarked.exec(line)?.[0] ?? '';
  return [...pieces(line.slice(0, line.length - end.length), tool, context), end].join('');
}

/**
 * The commands that a text suggests, each whole: calls with their input, and what kubectl and helm are told at the end
 * of a line. None of them is the cluster's own.
 */
export function commandsIn(text: string, context?: string): readonly string[] {
  const lines = text.split('\n').filter((line) => !line.startsWith(quoteBar));
  const found = lines.flatMap((line) => [
    ...[...line.matchAll(suggestion)].flatMap(({ 0: whole, groups: { name, json } = {} }) =>
      name === undefined || json === undefined ? [] : [commandFor(whole, { name, json, context })],
    ),
    ...(/: ((?:kubectl|helm) .+)$/.exec(line)?.slice(1) ?? []),
  ]);
  return [...new Set(found)].filter((command) => /^(?:kubefoundry|kubectl|helm) /.test(command));
}

/** The same answer as data: what advises in it as commands, all else as it is. */
export const adviceAsCommands = (data: object, tool: Tool, context?: string): Record<string, unknown> =>
  withTexts(data, advising, (text) => asCommands(text, tool, context));

function* pieces(line: string, tool: Tool, context: string | undefined): Generator<string> {
  let told = 0;
  for (const { 0: whole, index, groups = {} } of line.matchAll(suggestion)) {
    yield withFlags(line.slice(told, index));
    const { name, json, uncertain, record, members = '', quoted, text, plain = '', switched, value } = groups;
    const field = quoted ?? plain;
    if (uncertain !== undefined) yield whole;
    else if (name !== undefined) yield commandFor(whole, { name, json, context });
    else if (record !== undefined) yield wordsOf(tool, { [record]: parsed(members) ?? members }).join(' ');
    else yield wordsOf(tool, { [field]: switched === undefined ? (text ?? value) : true }).join(' ');
    told = index + whole.length;
  }
  yield withFlags(line.slice(told));
}

interface Call {
  readonly name: string;
  readonly json: string | undefined;
  readonly context: string | undefined;
}

function commandFor(whole: string, { name, json, context }: Call): string {
  const tool = tools.find((candidate) => candidate.name === name);
  const input = json === undefined ? {} : parsed(json);
  return tool === undefined || input === undefined
    ? whole
    : commandLine(tool, { ...input, ...(context !== undefined && { context }) });
}

function parsed(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
