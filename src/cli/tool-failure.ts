import { type ErrorCode, FoundryError } from '../errors.ts';
import type { Tool } from '../tools/tool.ts';
import { asCommands } from './as-commands.ts';
import { exitCodeOf, exitCodes, printFailure } from './failure.ts';
import { withFlag } from './field-names.ts';
import type { GlobalOptions } from './options.ts';
import { remarkOn } from './where.ts';

/** Hints that are other ones for a person at a terminal than for an assistant. */
const typedHints: Readonly<Partial<Record<ErrorCode, string>>> = {
  CONFIRMATION_REQUIRED: 'Run it on a terminal, or again with --yes.',
  DECLINED: 'Nothing was changed. Run it again to be asked again, or with --yes not to be.',
};

/**
 * Prints why a tool refused, with a hint that a person can type. What is wrong with the input begins with its field.
 * Returns the exit code.
 */
export function printToolFailure(
  { code, message, hint, details, cause }: FoundryError,
  tool: Tool,
  { options, wasStopped = false }: { readonly options: GlobalOptions; readonly wasStopped?: boolean },
): number {
  const said = exitCodeOf(code) === exitCodes.wrongInput ? withFlag(message) : message;
  const typed = wasStopped ? undefined : typedHints[code];
  const told = new FoundryError(code, said, typed ?? asCommands(hint, tool, options), details, { cause });
  const exitCode = printFailure(told, options.debug);
  const remark = remarkOn(`${told.message} ${told.hint}`, options, tool);
  if (remark !== undefined) console.error(`  ${remark}`);
  return wasStopped ? exitCodes.interrupted : exitCode;
}
