import { numberOr, pairOf, scalar } from '../../tools/written-values.ts';

/** How a field's value stands in the form: `read` what was written as the tool takes it, `write` a value to be edited. */
interface Notation {
  read(text: string): unknown;
  write(value: unknown): string;
}

const plain: Notation = { read: (text) => text, write: String };

const wordsOf = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

const recordOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

/** `key=value other=1` */
const pairs = (read: (text: string) => unknown): Notation => ({
  read: (text) =>
    Object.fromEntries(
      wordsOf(text).map((word) => {
        const [key, value] = pairOf(word);
        return [key, read(value)];
      }),
    ),
  write: (value) =>
    recordOf(value)
      .map(([key, own]) => (own === true ? key : `${key}=${String(own)}`))
      .join(' '),
});

/** A toleration as taints are written: `key=value:NoSchedule`, `key:NoSchedule`, `key`; `*` for every key. */
function tolerationOf(word: string): object {
  const colon = word.lastIndexOf(':');
  const [subject, effect] = colon < 0 ? [word, ''] : [word.slice(0, colon), word.slice(colon + 1)];
  const at = subject.indexOf('=');
  const key = at < 0 ? subject : subject.slice(0, at);
  return {
    ...(key !== '*' && { key }),
    ...(at < 0 ? { operator: 'Exists' } : { operator: 'Equal', value: subject.slice(at + 1) }),
    ...(effect !== '' && { effect }),
  };
}

function tolerationText(toleration: unknown): string {
  const fields = new Map(recordOf(toleration));
  const value = fields.has('value') ? `=${String(fields.get('value'))}` : '';
  const effect = fields.has('effect') ? `:${String(fields.get('effect'))}` : '';
  return `${String(fields.get('key') ?? '*')}${value}${effect}`;
}

const tolerations: Notation = {
  read: (text) => wordsOf(text).map(tolerationOf),
  write: (value) => (Array.isArray(value) ? value.map(tolerationText).join(' ') : ''),
};

export const notations = {
  text: plain,
  choice: plain,
  number: { read: numberOr, write: String },
  toggle: { read: (text) => text === 'true', write: String },
  labels: pairs((text) => text),
  arguments: pairs(scalar),
  tolerations,
} as const satisfies Readonly<Record<string, Notation>>;
