import { longFlag } from '../tools/command-line.ts';
import { tools } from '../tools/registry.ts';

/** The input fields of all tools. */
export const fields = [...new Set(tools.flatMap((tool) => Object.keys(tool.input.shape)))];

/** Only these are no words of the language. */
const compound = fields.filter((field) => /[A-Z]/.test(field)).join('|');

/**
 * A field in backticks, and one of several words wherever a sentence names it: `contextLength: 8192`, `engineArgs.dtype`.
 * Not what somebody gave (in double quotes), not part of a path, not a key of YAML that holds something.
 */
const named = new RegExp(
  [
    `"[^"\\n]*"`,
    `\`(?<quoted>${fields.join('|')})\``,
    `(?<![\\w./-])(?<plain>${compound})(?:: (?=\\d)|\\.(?=[\\w-])|(?![\\w/-]|:$|: [{[]))`,
  ].join('|'),
  'g',
);

/** Fields that a line names, as flags: `use hfTokenSecret` → `use --hf-token-secret`. */
export const withFlags = (line: string): string =>
  line.replace(named, (whole, quoted: string | undefined, plain: string | undefined) => {
    const field = quoted ?? plain;
    if (field === undefined) return whole;
    return plain !== undefined && whole.length > plain.length ? `${longFlag(field)} ` : longFlag(field);
  });

const leading = new RegExp(`^(${compound})(?:(\\.)(?=[\\w-])|(?=: | is ))`);

/** The field with which a refusal of input begins, as its flag; what follows may be in the words of whoever gave it. */
export const withFlag = (message: string): string =>
  message.replace(leading, (_, field: string, dot: string | undefined) => `${longFlag(field)}${dot ? ' ' : ''}`);
