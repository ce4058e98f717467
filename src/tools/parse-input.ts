import type * as z from 'zod';
import { FoundryError } from '../errors.ts';
import type { Foundry } from '../foundry/foundry.ts';
import { nearest } from '../foundry/nearest.ts';
import { redactText } from '../foundry/redaction.ts';
import { installedRuntimes } from '../foundry/runtimes.ts';
import { runtimeIds } from '../foundry/spec.ts';
import { plainLine } from '../foundry/untrusted-text.ts';
import { valueAt } from '../kubernetes.ts';
import type { Tool } from './tool.ts';

type Issue = z.core.$ZodIssue;

interface Misfit {
  readonly path: string;
  readonly message: string;
  readonly missing: boolean;
  /** A field that is no field, and is like none. */
  readonly unknown?: boolean;
}

/**
 * Raw input in, parsed input out. Nothing reaches the cluster before every given value fits; only the question which
 * runtimes are installed is asked, for a caller who named none.
 *
 * @throws FoundryError INPUT_INVALID, RUNTIME_REQUIRED, RUNTIME_UNKNOWN, each with what is allowed
 */
export async function parseInput<Input extends z.ZodObject>(
  tool: Tool<Input>,
  raw: unknown,
  foundry: Foundry,
  signal: AbortSignal,
): Promise<z.output<Input>> {
  const given = raw ?? {};
  const result = tool.input.safeParse(given);
  if (result.success) return result.data;
  const misfits = misfitsOf(tool, given, result.error.issues);
  const wrongRuntime = misfits.find(({ path, missing }) => path === 'runtime' && !missing);
  if (wrongRuntime) throw runtimeUnknown(valueAt(given, 'runtime'));
  const wrong = misfits.filter(({ missing }) => !missing);
  if (wrong.length > 0) throw invalid(tool, [...wrong, ...misfits.filter(({ missing }) => missing)]);
  if (misfits.some(({ path }) => path === 'runtime')) throw await runtimeRequired(tool, given, foundry, signal);
  throw invalid(tool, misfits);
}

/** The sentence with which the tool refuses what is given for a field; undefined where that fits. */
export function refusalOf(tool: Tool, given: Readonly<Record<string, unknown>>, field: string): string | undefined {
  const issues = tool.input.safeParse(given).error?.issues ?? [];
  return misfitsOf(tool, given, issues).find(({ path }) => path === field)?.message;
}

const misfitsOf = ({ input }: Tool, given: unknown, issues: readonly Issue[]): readonly Misfit[] =>
  issues.flatMap((issue) => misfitsOfIssue(issue, given, Object.keys(input.shape)));

function invalid(tool: Tool, misfits: readonly Misfit[]): FoundryError {
  return new FoundryError(
    'INPUT_INVALID',
    misfits.map(({ message }) => message).join(' '),
    `Correct this and call ${tool.name} again${misfits.some(({ unknown }) => unknown) ? `; its fields: ${Object.keys(tool.input.shape).join(', ')}` : ''}.`,
    { problems: misfits.map(({ path, message }) => ({ path, message })) },
  );
}

function runtimeUnknown(value: unknown): FoundryError {
  return new FoundryError(
    'RUNTIME_UNKNOWN',
    `runtime: ${shown(value)} is no known runtime.`,
    `Use ${runtimeIds.join(' or ')}; get_runtimes_status tells which are installed.`,
    { allowed: runtimeIds },
  );
}

async function runtimeRequired(
  tool: Tool,
  given: unknown,
  foundry: Foundry,
  signal: AbortSignal,
): Promise<FoundryError> {
  const context = valueAt(given, 'context');
  const { installed, preferred } = await installedRuntimes(
    foundry,
    typeof context === 'string' ? context : undefined,
    signal,
  );
  const known = runtimeIds.join(' or ');
  const [only] = installed ?? [];
  return new FoundryError(
    'RUNTIME_REQUIRED',
    installed === undefined
      ? `${tool.name} needs a runtime: ${known}; which are installed could not be read.`
      : only === undefined
        ? `${tool.name} needs a runtime: ${known}; none is installed here.`
        : `${tool.name} needs a runtime; installed here: ${installed.join(', ')}.`,
    only === undefined && installed !== undefined
      ? `Install one first: install_runtime {"runtime":"${preferred}"}`
      : `Add "runtime": "${preferred}"${installed?.length === 1 ? '' : ', or the one that the user wants'}.`,
    { allowed: installed && installed.length > 0 ? installed : runtimeIds },
  );
}

function misfitsOfIssue(issue: Issue, given: unknown, fields: readonly string[]): readonly Misfit[] {
  const path = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField(key, path, fields));
  if (issue.code === 'invalid_key') return wrongKey(issue);
  const value = valueAt(given, ...steps(issue.path));
  if (value === undefined) return [{ path, message: `${path} is required.`, missing: true }];
  return [{ path, message: `${path || 'input'}: ${shown(value)} ${complaint(issue)}.`, missing: false }];
}

function wrongKey({ path, issues }: z.core.$ZodIssueInvalidKey): readonly Misfit[] {
  const [first] = issues;
  const where = pathOf(path.slice(0, -1));
  const what = first === undefined ? 'does not fit' : complaint(first);
  return [{ path: where, message: `${where}: the key ${shown(path.at(-1))} ${what}.`, missing: false }];
}

function complaint(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `is not one of ${issue.values.join(', ')}`;
    case 'invalid_type':
      return `is no ${issue.expected === 'int' ? 'integer' : issue.expected}`;
    case 'invalid_format':
      return issue.format === 'regex' ? `is wrong: it takes ${issue.message}` : `is no valid ${issue.format}`;
    case 'too_big':
      return `is too ${issue.origin === 'string' ? 'long' : 'big'}: at most ${issue.maximum}${unitOf(issue.origin)}`;
    case 'too_small':
      return `is too ${issue.origin === 'string' ? 'short' : 'small'}: at least ${issue.minimum}${unitOf(issue.origin)}`;
    case 'invalid_union':
      return 'has a type that does not fit here';
    default:
      return 'does not fit';
  }
}

const unitOf = (origin: string): string => (origin === 'string' ? ' characters' : origin === 'array' ? ' items' : '');

function unknownField(key: string, within: string, fields: readonly string[]): Misfit {
  const [meant] = within === '' ? nearest(key, fields) : [];
  const of = within === '' ? '' : ` of ${within}`;
  const suggestion = meant === undefined ? '' : ` Did you mean ${meant}?`;
  return {
    path: plainLine(within === '' ? key : `${within}.${key}`, 80),
    message: `${shown(key)} is no field${of}.${suggestion}`,
    missing: false,
    unknown: meant === undefined,
  };
}

const steps = (path: readonly PropertyKey[]): readonly (string | number)[] =>
  path.filter((step) => typeof step !== 'symbol');

const pathOf = (path: readonly PropertyKey[]): string =>
  plainLine(
    steps(path)
      .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
      .join(''),
    80,
  );

/** What was given, made harmless: it goes back to whoever reads the error. */
const shown = (value: unknown): string =>
  typeof value === 'string'
    ? JSON.stringify(plainLine(redactText(value), 60))
    : plainLine(redactText(JSON.stringify(value) ?? String(value)), 60);
