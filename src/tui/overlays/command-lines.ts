import type { Operation } from '../state/operations.ts';
import { wrap } from '../text/cells.ts';
import { blank, type Line, line, span } from '../text/line.ts';

/** The last action as kubectl or helm commands, and as the call of a tool that an assistant would make. */
export function commandLines(operation: Operation | undefined, width: number): readonly Line[] {
  if (!operation) return [line(' Nothing was done here yet.')];
  const { tool, input, plan } = operation;
  const commands = (plan?.steps ?? []).filter(({ kind, command }) => kind !== 'check' && command !== '');
  const text = (words: string) => wrap(words, width - 4).map((row) => line('   ', row));
  return [
    line(' ', span(`The last action: ${tool.title}`, 'title'), `  ${operation.state}`),
    blank,
    line(' ', span('as a tool call', 'dim')),
    ...text(JSON.stringify({ name: tool.name, arguments: input })),
    blank,
    line(' ', span('as commands', 'dim')),
    ...(commands.length === 0
      ? [line('   no plan was shown for it')]
      : commands.flatMap(({ command }) => text(command))),
    blank,
    ...(operation.result
      ? [
          line(' ', span('what came of it', 'dim')),
          ...(operation.result.ok
            ? operation.result.text.split('\n').flatMap(text)
            : text(`${operation.result.error.code}: ${operation.result.error.message} ${operation.result.error.hint}`)),
        ]
      : []),
  ];
}
