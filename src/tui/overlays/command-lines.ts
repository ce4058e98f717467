import { redact } from '../../foundry/redaction.ts';
import type { CallResult } from '../../tools/call.ts';
import { wordsFor } from '../runtimes/operation-lines.ts';
import type { Operation } from '../state/operations.ts';
import type { AsCommands } from '../state/worded.ts';
import { wrap } from '../text/cells.ts';
import { blank, type Line, line, span } from '../text/line.ts';
import { byHand, commandRows } from './by-hand.ts';
import { privateWords } from './copy-choices.ts';

interface CommandOptions {
  readonly asCommands: AsCommands;
  readonly isPrivate?: boolean;
  readonly width: number;
}

/** The last action as commands, as the calls that an assistant would make, and as what kubectl and helm would be told. */
export function commandLines(
  /** All that were called together, in their order. */
  operations: readonly Operation[],
  { asCommands, isPrivate = false, width }: CommandOptions,
): readonly Line[] {
  const [first] = operations;
  if (!first) return [line(' Nothing was done here yet.')];
  const text = (words: string) => wrap(words, width - 4).map((row) => line('   ', row));
  const section = (title: string, rows: readonly Line[]) =>
    rows.length === 0 ? [] : [blank, line(' ', span(title, 'dim')), ...rows];
  const calls = operations.map(({ tool, input }) => ({ tool, input: redact(input) }));
  const own = calls.map(({ tool, input }) => asCommands(`${tool.name} ${JSON.stringify(input)}`, tool));
  return [
    line(' ', span(`The last action: ${first.tool.title}`, 'title'), `  ${stateWords(operations)}`),
    ...(isPrivate ? wrap(privateWords, width - 2).map((row) => line(' ', span(row, 'dim'))) : []),
    ...section(
      'as a command',
      // A call that cannot be written as one line stays a call.
      own.filter((words) => words.startsWith('kubefoundry ')).flatMap((words) => commandRows(words, width)),
    ),
    ...section(
      'as a tool call',
      calls.flatMap(({ tool, input }) => text(JSON.stringify({ name: tool.name, arguments: input }))),
    ),
    ...section(
      'what came of it',
      operations.flatMap(({ result }) => (result === undefined ? [] : resultWords(result).split('\n').flatMap(text))),
    ),
    ...section(
      'step by step',
      operations.flatMap((operation) => stepRows(operation, width)),
    ),
  ];
}

/** Its state; of several how many there are, and in which states. */
function stateWords(operations: readonly Operation[]): string {
  const counts = [...Map.groupBy(operations, (operation) => wordsFor(operation).words)].map(([state, { length }]) => ({
    state,
    length,
  }));
  const states = counts.map(({ state, length }) => (counts.length === 1 ? state : `${length} ${state}`)).join(', ');
  return operations.length === 1 ? states : `${operations.length} at once: ${states}`;
}

function stepRows({ plan }: Operation, width: number): readonly Line[] {
  const steps = (plan?.steps ?? []).filter(({ kind, command }) => kind !== 'check' && command !== '');
  return steps.flatMap((step) => byHand(step, width));
}

const resultWords = (result: CallResult): string =>
  result.ok ? result.text : `${result.error.code}: ${result.error.message} ${result.error.hint}`;
