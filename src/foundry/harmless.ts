import { FoundryError } from '../errors.ts';
import { redact, redactText } from './redaction.ts';
import { plainText } from './untrusted-text.ts';

/** Characters: servers and operators may have much to say. */
const longestLine = 2_000;

/** An error as it may be shown, with another hint where one is given: clean, and through the redactor. */
export function harmless(error: FoundryError, hint = error.hint): FoundryError {
  const { code, message, details, cause } = error;
  const clean = (text: string) => plainText(redactText(text), longestLine);
  const result = new FoundryError(code, clean(message), clean(hint), redact(details), { cause });
  if (error.stack !== undefined) result.stack = error.stack;
  return result;
}
