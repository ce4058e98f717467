import { FoundryError } from '../errors.ts';
import { redact, redactText } from './redaction.ts';
import { inContext } from './shell.ts';
import { plainText } from './untrusted-text.ts';

/** Characters: servers and operators may have much to say. A plan that somebody is to approve tells all that it destroys. */
const longestLine = 2_000;
const longestPlan = 100_000;

/** An error as it may be shown: clean, through the redactor, with another hint where one is given, its commands for that context. */
export function harmless(
  error: FoundryError,
  { hint = error.hint, context }: { readonly hint?: string; readonly context?: string | undefined },
): FoundryError {
  const { code, message, details, cause } = error;
  const clean = (text: string) =>
    plainText(redactText(inContext(text, context)), code === 'CONFIRMATION_REQUIRED' ? longestPlan : longestLine);
  const result = new FoundryError(code, clean(message), clean(hint), redact(details), { cause });
  if (error.stack !== undefined) result.stack = error.stack;
  return result;
}
