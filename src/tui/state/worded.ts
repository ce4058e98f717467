import { FoundryError } from '../../errors.ts';
import type { CallResult } from '../../tools/call.ts';
import type { Tool } from '../../tools/tool.ts';

/** A text of a tool as a person at a terminal can use it: the calls and fields that it suggests as commands and flags. */
export type AsCommands = (text: string, tool: Tool) => string;

/** What came of a call, in the words of the commands. Its data stays as it is. */
export function worded(result: CallResult, tool: Tool, asCommands: AsCommands): CallResult {
  if (result.ok) return { ...result, text: asCommands(result.text, tool) };
  const { code, message, hint, details } = result.error;
  return { ok: false, error: new FoundryError(code, asCommands(message, tool), asCommands(hint, tool), details) };
}
