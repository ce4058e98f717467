import { quoteBar, withOwnLines } from '../foundry/untrusted-text.ts';
import { textAt } from '../kubernetes.ts';
import { advising, withTexts } from '../tools/advice.ts';
import { commandLine, wordsOf } from '../tools/command-line.ts';
import { tools } from '../tools/registry.ts';
import type { Tool } from '../tools/tool.ts';
import { fields as fieldNames, withFlags } from './field-names.ts';
import { leadingThere, type Where, whereWords } from './where.ts';

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
 *
 * @param where the commands are told to work, and those of ours that a sentence names in backticks
 */
export const asCommands = (text: string, tool: Tool, where: Where = {}): string =>
  withOwnLines(text, (line) => suggested(line, tool, where));

/** What kubectl is told, and the remark behind it which says what to edit: nothing of that is for this program. */
const remarked = /\bkubectl .* # .*$/;

function suggested(line: string, tool: Tool, where: Where): string {
  const end = remarked.exec(line)?.[0] ?? '';
  return [...pieces(leadingThere(line.slice(0, line.length - end.length), where), tool, where), end].join('');
}

/**
 * The commands that a text suggests, each whole: calls with their input, and what kubectl and helm are told at the end
 * of a line. None of them is the cluster's own.
 */
export function commandsIn(text: string, where: Where = {}): readonly string[] {
  const lines = text.split('\n').filter((line) => !line.startsWith(quoteBar));
  const found = lines.flatMap((line) => [
    ...[...line.matchAll(suggestion)].flatMap(({ 0: whole, groups: { name, json } = {} }) =>
      name === undefined || json === undefined ? [] : [commandFor(whole, { name, json, where })],
    ),
    ...(/: ((?:kubectl|helm) .+)$/.exec(line)?.slice(1) ?? []),
  ]);
  return [...new Set(found)].filter((command) => /^(?:kubefoundry|kubectl|helm) /.test(command));
}

/** The same answer as data: what advises in it as commands, all else as it is. */
export const adviceAsCommands = (data: object, tool: Tool, where: Where = {}): Record<string, unknown> =>
  withTexts(data, advising, (text) => asCommands(text, tool, where));

function* pieces(line: string, tool: Tool, where: Where): Generator<string> {
  let told = 0;
  for (const { 0: whole, index, groups = {} } of line.matchAll(suggestion)) {
    yield withFlags(line.slice(told, index));
    const { name, json, uncertain, record, members = '', quoted, text, plain = '', switched, value } = groups;
    const field = quoted ?? plain;
    if (uncertain !== undefined) yield whole;
    else if (name !== undefined) yield commandFor(whole, { name, json, where });
    else if (record !== undefined) yield wordsOf(tool, { [record]: parsed(members) ?? members }).join(' ');
    else yield wordsOf(tool, { [field]: switched === undefined ? (text ?? value) : true }).join(' ');
    told = index + whole.length;
  }
  yield withFlags(line.slice(told));
}

interface Call {
  readonly name: string;
  readonly json: string | undefined;
  readonly where: Where;
}

function commandFor(whole: string, { name, json, where }: Call): string {
  const tool = tools.find((candidate) => candidate.name === name);
  const input = json === undefined ? {} : parsed(json);
  return tool === undefined || input === undefined ? whole : commandThere(tool, input, where);
}

/** The command that makes the same call; its own context counts where none is given. */
export const commandThere = (tool: Tool, input: object, where: Where): string =>
  [
    commandLine(tool, { ...input, context: undefined }),
    ...whereWords({ ...where, context: where.context ?? textAt(input, 'context') }),
  ].join(' ');

function parsed(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
