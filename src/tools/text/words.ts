import { plainLine } from '../../foundry/untrusted-text.ts';
import { written } from '../../foundry/written-number.ts';

/** `1 deployment`, `1,284 deployments`. */
export const count = (number: number, noun: string): string => `${written(number)} ${noun}${number === 1 ? '' : 's'}`;

/** `1/2`, with `?` for what is unknown. */
export const ratio = ({ ready, desired }: { readonly ready: number | null; readonly desired: number | null }): string =>
  `${ready ?? '?'}/${desired ?? '?'}`;

/** The lines that are there. */
export const lines = (...parts: readonly (string | undefined | false)[]): string =>
  parts.filter((part) => typeof part === 'string' && part !== '').join('\n');

/** Characters of one item: a server's refusal may be long. */
const longestItem = 2_000;

/** A heading over indented items, one line each; nothing where there are none. */
export const section = (heading: string, items: readonly string[]): string | undefined =>
  items.length === 0
    ? undefined
    : [`${heading}:`, ...items.map((item) => `- ${plainLine(item, longestItem)}`)].join('\n');

/** What could not be read, each with what to do about it; the same words once. */
export const problemLines = (
  problems: readonly { readonly code: string; readonly message: string; readonly hint: string }[],
): string => [...new Set(problems.map(({ code, message, hint }) => `! ${code}: ${message} Hint: ${hint}`))].join('\n');
