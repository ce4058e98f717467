import { inspect } from 'node:util';
import { type ErrorCode, errorStatus, FoundryError } from '../errors.ts';
import { redactText } from '../foundry/redaction.ts';

export const exitCodes = { done: 0, failed: 1, wrongInput: 2, refused: 3, interrupted: 130 } as const;

/**
 * 2: the command was wrong (the codes with status 400). 3: it was right and not allowed: read-only, forbidden, quota,
 * credentials, declined, or nobody there to confirm it. 1: everything else.
 */
export function exitCodeOf(code: ErrorCode): number {
  const status = errorStatus[code];
  if (status === 400) return exitCodes.wrongInput;
  return status === 401 || status === 403 || status === 428 ? exitCodes.refused : exitCodes.failed;
}

/** One line on stderr, the hint below; the stack only under `--debug`. Returns the exit code. */
export function printFailure(error: unknown, debug: boolean): number {
  const failure = error instanceof FoundryError ? error : internal(error);
  console.error(`${failure.code}: ${failure.message}`);
  if (failure.hint !== '') console.error(`  ${failure.hint}`);
  if (debug) console.error(redactText(inspect(failure)));
  return exitCodeOf(failure.code);
}

const internal = (error: unknown): FoundryError =>
  new FoundryError(
    'INTERNAL',
    redactText(error instanceof Error ? error.message : String(error)),
    'Run it again with --debug and report what it prints.',
    {},
    { cause: error },
  );
