import { tools } from '../tools/registry.ts';
import { longFlag, wordsOf } from './flags.ts';

const call = new RegExp(`\\b(${tools.map((tool) => tool.name).join('|')})\\b(?: (\\{[^\\n]*?\\}))?`, 'g');

const fields = [...new Set(tools.flatMap((tool) => Object.keys(tool.input.shape)))].join('|');
/** A field to add to a call: `"runtime": "dynamo"`, `replace: true`. */
const addition = new RegExp(`(?:"(${fields})": "([^"\\s]*)"|\\b(${fields}): true\\b)`, 'g');

/**
 * Calls and fields that a text suggests, as commands and flags: `install_runtime {"runtime":"dynamo"}` →
 * `kubefoundry install dynamo`, `replace: true` → `--replace`.
 * Lines that quote the cluster stay as they are: nothing in them is a suggestion of ours.
 */
export const asCommands = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line.startsWith('| ') ? line : line.replace(call, commandFor).replace(addition, flagFor)))
    .join('\n');

function commandFor(whole: string, name: string, json: string | undefined): string {
  const tool = tools.find((candidate) => candidate.name === name);
  const input = json === undefined ? {} : parsed(json);
  return tool === undefined || input === undefined
    ? whole
    : ['kubefoundry', tool.command, ...wordsOf(tool, input)].join(' ');
}

const flagFor = (_: string, field: string | undefined, value: string, switched: string): string =>
  field === undefined ? longFlag(switched) : `${longFlag(field)} ${value}`;

function parsed(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
