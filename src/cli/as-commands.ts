import { tools } from '../tools/registry.ts';
import { wordsOf } from './flags.ts';

const call = new RegExp(`\\b(${tools.map((tool) => tool.name).join('|')})\\b(?: (\\{[^\\n]*?\\}))?`, 'g');

/**
 * Calls that a text suggests, as commands: `install_runtime {"runtime":"dynamo"}` → `kubefoundry install dynamo`.
 * Lines that quote the cluster stay as they are: nothing in them is a suggestion of ours.
 */
export const asCommands = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line.startsWith('| ') ? line : line.replace(call, commandFor)))
    .join('\n');

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
