import { FoundryError } from '../../errors.ts';
import type { CallResult } from '../../tools/call.ts';
import type { Tool } from '../../tools/tool.ts';

/** The context that the commands name; none inside a pod, which has but one cluster. */
interface Where {
  readonly context: string | undefined;
}

/** A text of a tool as a person at a terminal can use it: the calls and fields that it suggests as commands and flags. */
export type AsCommands = (text: string, tool: Tool, where?: Where) => string;

/** The commands that such a text suggests, each as a shell takes it. */
export type CommandsIn = (text: string, where?: Where) => readonly string[];

/** What came of a call in a context, in the words of the commands. Its data stays as it is. */
export function worded(result: CallResult, words: (text: string) => string): CallResult {
  if (result.ok) return { ...result, text: words(result.text) };
  const { code, message, hint, details } = result.error;
  return { ok: false, error: new FoundryError(code, words(message), words(hint), details) };
}
