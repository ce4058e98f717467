import { redact } from '../../foundry/redaction.ts';
import type { CallResult } from '../../tools/call.ts';
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

/** The last action as a command, as the call that an assistant would make, and as what kubectl and helm would be told. */
export function commandLines(
  operation: Operation | undefined,
  { asCommands, isPrivate = false, width }: CommandOptions,
): readonly Line[] {
  if (!operation) return [line(' Nothing was done here yet.')];
  const { tool, plan, result } = operation;
  const input = redact(operation.input);
  const text = (words: string) => wrap(words, width - 4).map((row) => line('   ', row));
  const section = (title: string, rows: readonly Line[]) =>
    rows.length === 0 ? [] : [blank, line(' ', span(title, 'dim')), ...rows];
  const own = asCommands(`${tool.name} ${JSON.stringify(input)}`, tool);
  const steps = (plan?.steps ?? []).filter(({ kind, command }) => kind !== 'check' && command !== '');
  return [
    line(' ', span(`The last action: ${tool.title}`, 'title'), `  ${operation.state}`),
    ...(isPrivate ? wrap(privateWords, width - 2).map((row) => line(' ', span(row, 'dim'))) : []),
    // A call that cannot be written as one line stays a call.
    ...section('as a command', own.startsWith('kubefoundry ') ? commandRows(own, width) : []),
    ...section('as a tool call', text(JSON.stringify({ name: tool.name, arguments: input }))),
    ...section('what came of it', result === undefined ? [] : resultWords(result).split('\n').flatMap(text)),
    ...section(
      'step by step',
      steps.flatMap((step) => byHand(step, width)),
    ),
  ];
}

const resultWords = (result: CallResult): string =>
  result.ok ? result.text : `${result.error.code}: ${result.error.message} ${result.error.hint}`;
