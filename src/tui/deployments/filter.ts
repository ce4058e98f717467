import type { Deployment } from '../../foundry/deployment.ts';
import { engines, modes, phases, runtimeIds } from '../../foundry/spec.ts';
import { badges } from '../runtimes/badges.ts';

/** The words that a filter can ask for by name, the most asked first, and where they stand. */
const fields: Readonly<Record<string, (row: Deployment) => string>> = {
  runtime: ({ runtime }) => `${runtime} ${badges[runtime]}`,
  phase: ({ phase }) => phase ?? 'unreadable',
  namespace: ({ namespace }) => namespace,
  model: ({ model }) => model ?? '',
  engine: ({ engine }) => engine ?? '',
  mode: ({ mode }) => mode ?? '',
  reason: ({ reason }) => reason,
  owner: ({ managed }) => ownerOf(managed),
  name: ({ name }) => name,
};

const short: Readonly<Record<string, string>> = { ns: 'namespace', rt: 'runtime' };

/** The field that a word names, in full. */
const fieldOf = (word: string): string => short[word.toLowerCase()] ?? word.toLowerCase();

export const ownerOf = (managed: boolean): string => (managed ? 'kubefoundry' : 'others');

/** Whether something is the matter with it that does not pass by itself. */
export const isFault = ({ phase }: Pick<Deployment, 'phase'>): boolean =>
  phase === null || phase === 'Failed' || phase === 'Degraded' || phase === 'Pending';

type Test = (row: Deployment) => boolean;

/**
 * Words with spaces between them; all must hold. `70b` anywhere in name, namespace, model or reason; `runtime:kuberay`
 * or `phase=Running` in one field; `!70b`, `phase!=Running` the contrary; `is:fault`.
 */
export function filterOf(text: string): Test {
  const tests = text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '!')
    .map(testOf);
  return (row) => tests.every((test) => test(row));
}

function testOf(word: string): Test {
  const [, not, field, operator, value] = /^(!?)(?:(\w+)(!=|[:=]))?(.*)$/.exec(word) ?? [];
  const wanted = (value ?? '').toLowerCase();
  const contrary = (not === '!') !== (operator === '!=');
  const test = field === undefined ? anywhere(wanted) : inField(fieldOf(field), wanted, word.toLowerCase());
  return contrary ? (row) => !test(row) : test;
}

function inField(field: string, wanted: string, word: string): Test {
  if (field === 'is' && wanted === 'fault') return isFault;
  const read = fields[field];
  // No field of ours: perhaps a part of a name, such as `a:b`.
  return read ? (row) => read(row).toLowerCase().includes(wanted) : anywhere(word);
}

const anywhere =
  (wanted: string): Test =>
  ({ name, namespace, model, reason }) =>
    name.toLowerCase().includes(wanted) ||
    namespace.toLowerCase().includes(wanted) ||
    (model ?? '').toLowerCase().includes(wanted) ||
    reason.toLowerCase().includes(wanted);

const toldFields = [...Object.keys(fields), 'is:fault'].join(', ');

/** What can stand in a field, where that is known. */
const values: Readonly<Record<string, readonly string[]>> = {
  runtime: [...runtimeIds, ...Object.values(badges)],
  engine: engines,
  mode: modes,
  phase: [...phases, 'unreadable'],
  owner: [true, false].map(ownerOf),
  is: ['fault'],
};

/** What in a filter means nothing, with what would; undefined where all of it can be meant. */
export const doubtOf = (text: string): string | undefined =>
  text
    .trim()
    .split(/\s+/)
    .map(doubtOfWord)
    .find((doubt) => doubt !== undefined);

function doubtOfWord(word: string): string | undefined {
  if (word.includes('|')) return 'no "|" here: all words must hold';
  const [, name = '', operator, value = ''] = /^!?(\w+)(!=|[:=]|[<>]=?)(.*)$/.exec(word) ?? [];
  if (operator === undefined) return undefined;
  const field = fieldOf(name);
  if (field !== 'is' && !Object.hasOwn(fields, field))
    return `${name} is no field, so it is looked for as text; fields: ${toldFields}`;
  if (/[<>]/.test(operator)) return `no ${operator} here: ${name}:value, ${name}!=value`;
  const known = Object.hasOwn(values, field) ? values[field] : undefined;
  const isKnown = known?.some((one) => one.toLowerCase().includes(value.toLowerCase())) ?? true;
  return isKnown ? undefined : `no ${name} ${value}: ${known?.join(', ')}`;
}
