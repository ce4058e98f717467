import { textAt, valueAt } from '../kubernetes.ts';

const mark = '[redacted]';

/** A name before its value: `name: `, `"name": `, `name=`. */
const named = (names: string, equals = '[:=]'): string => String.raw`((?:${names})(?:\\?["'])?\s*${equals}\s*)`;
/** What stands in quotes, without them, or a word; what stands for a value (`<token>`, `$TOKEN`, None) is none. */
const standIn = String.raw`(?:<[\w -]+>|\$\w+|\*+|None|null|true|false)(?=[\s"',;&)}\]\\]|$)|\$[({]`;
const value = (word: string): string => String.raw`(?:(\\?["'])(?:(?!\2).)+|(?!["'\\]|${standIn})${word})`;
const word = String.raw`[^\s"',;&]+`;
/** How sentences about a field of that name go on. */
const sentence = String.raw`(?:Invalid|Required|must|expected|missing|is|not|cannot)(?=[\s:])`;
const passwords =
  'password|passwd|client[-_]?secret|(?:access|refresh|\\bid)[-_]?token|api[_-]?key|secret[_-]?access[_-]?key';
/** Tokens of models have other names: `eos_token`, `time_per_output_token`. */
const tokens = String.raw`(?<![\w-])(?:--?)?(?:x-)?(?:(?:hf|kube|auth|bearer|api|session|vault|github|gitlab|registry)[-_]?)?token`;

/** What must never leave: each pattern with its replacement. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g, mark],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/g, mark],
  [/\bhf_[A-Za-z0-9]{10,}/g, mark],
  [/\bsk-(?=[\w-]*[A-Z])[\w-]{16,}/g, mark],
  [/\bnvapi-[A-Za-z0-9_-]{16,}/g, mark],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}|glpat-[A-Za-z0-9_-]{16,})/g, mark],
  [/\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g, mark],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@]+@/gi, `$1${mark}@`],
  [/\b(authorization["']?\s*[:=]\s*["']?)(?:(?:bearer|basic|token)\s+)?[^\s"',;]+/gi, `$1${mark}`],
  [/\b(bearer\s+)[A-Za-z0-9._~+/=-]{12,}/gi, `$1${mark}`],
  [new RegExp(named(passwords) + value(`(?!${sentence})${word}`), 'gi'), `$1$2${mark}`],
  [new RegExp(named(String.raw`${tokens}|(?<![\w-])secret`, '=') + value(word), 'gi'), `$1$2${mark}`],
  // Engines have numbers of such names: `EOS_TOKEN=2`.
  [
    new RegExp(named(String.raw`\b[A-Z][A-Z0-9_]*TOKEN`, '=') + value(String.raw`(?!\d+(?:[\s"',;&]|$))${word}`), 'g'),
    `$1$2${mark}`,
  ],
  // With a colon it may be a sentence: what has many letters and a digit among them is a token.
  [
    new RegExp(named(tokens, ':') + String.raw`(\\?["'])?(?!\/)(?=[^\s"',;&]*\d)[^\s"',;&}\\]{10,}`, 'gi'),
    `$1$2${mark}`,
  ],
  [/([?&](?:sig|signature|x-amz-(?:signature|credential|security-token))=)[^\s&"']+/gi, `$1${mark}`],
];

const secretField =
  /^(?:(?:(?:hf|kube|vault|auth)[-_]?)?token|\w*password|passwd|authorization|(?:access|refresh|id|bearer)[-_]?token|api[-_]?key|client[-_]?secret|client-key-data|client-certificate-data|private[-_]?key)$/i;
const secretVariable = /(?:TOKEN|PASSWORD|PASSWD|SECRET|API_?KEY|ACCESS_?KEY|CREDENTIALS?)$/i;
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** A part of everything that the patterns find: most text holds none of it and is passed at once. */
const suspicious =
  /-----BEGIN|eyJ|hf_|sk-|nvapi-|gh[pousr]_|github_pat_|glpat-|AKIA|ASIA|AROA|AIDA|:\/\/|authorization|bearer|passw|secret|token\\?["']?\s*[:=]|[?&]sig|x-amz-|api[_-]?key/i;

/** The one redactor: text without tokens, keys, passwords and credentials in URLs. */
export function redactText(text: string): string {
  if (!suspicious.test(text)) return text;
  let result = text;
  for (const [pattern, replacement] of patterns) result = result.replace(pattern, replacement);
  return result;
}

const keyBegins = /-----BEGIN [A-Z0-9 ]+-----(?![\s\S]*-----END)/;

/** The same for lines that come one by one: a key stands on many of them. */
export function createLineRedactor(): (line: string) => string {
  let inKey = false;
  return (line) => {
    if (inKey) {
      inKey = !line.includes('-----END');
      return mark;
    }
    inKey = keyBegins.test(line);
    return redactText(line);
  };
}

const isSecretVariable = (value: object): boolean => {
  const name = textAt(value, 'name');
  return name !== undefined && secretVariable.test(name) && textAt(value, 'value') !== undefined;
};

/** The same for data of any shape: strings by pattern, and by structure what is secret whatever it looks like. */
export function redact<Value>(value: Value): Value;
export function redact(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map((item: unknown) => redact(item));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const isSecret = textAt(value, 'kind') === 'Secret' && valueAt(value, 'apiVersion') === 'v1';
  const hidesValue = isSecretVariable(value);
  const result: Record<string, unknown> = {};
  for (const [field, content] of Object.entries(value)) {
    if (field === lastApplied) continue;
    const hidden =
      (isSecret && (field === 'data' || field === 'stringData')) ||
      (hidesValue && field === 'value') ||
      (typeof content === 'string' && secretField.test(field));
    result[field] = hidden ? mark : redact(content);
  }
  return result;
}
