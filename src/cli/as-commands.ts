import { tools } from '../tools/registry.ts';
import type { Tool } from '../tools/tool.ts';
import { wordsOf } from './flags.ts';

const call = new RegExp(`\\b(${tools.map((tool) => tool.name).join('|')})\\b(?: (\\{[^\\n]*?\\}))?`, 'g');

const fields = [...new Set(tools.flatMap((tool) => Object.keys(tool.input.shape)))].join('|');
/** A field to add to the call: `"runtime": "dynamo"`, `replace: true`, `cursor=abc`. */
const addition = new RegExp(`"(${fields})": "([^"\\s]*)"|\\b(${fields})(?:: (true)\\b|=([^\\s,;.]+))`, 'g');

/**
 * Calls and fields that a text suggests, as commands and flags: `install_runtime {"runtime":"dynamo"}` →
 * `kubefoundry install dynamo`, `replace: true` → `--replace`.
 * Lines that quote the cluster stay as they are: nothing in them is a suggestion of ours.
 */
export const asCommands = (text: string, tool: Tool): string =>
  text
    .split('\n')
    .map((line) =>
      line.startsWith('| ')
        ? line
        : line.replace(call, commandFor).replace(addition, (...found) => wordsFor(tool, found)),
    )
    .join('\n');

function commandFor(whole: string, name: string, json: string | undefined): string {
  const tool = tools.find((candidate) => candidate.name === name);
  const input = json === undefined ? {} : parsed(json);
  return tool === undefined || input === undefined
    ? whole
    : ['kubefoundry', tool.command, ...wordsOf(tool, input)].join(' ');
}

/** `found`: what a match of `addition` holds. */
function wordsFor(tool: Tool, [, quoted, text, plain = '', switched, value]: readonly (string | undefined)[]): string {
  const field = quoted ?? plain;
  return wordsOf(tool, { [field]: switched === undefined ? (text ?? value) : true }).join(' ');
}

function parsed(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
