import * as z from 'zod';
import type { FoundryError } from '../errors.ts';
import { textAt } from '../kubernetes.ts';
import type { FailedQuery, Provider } from '../providers/provider.ts';
import { runtimeIds } from '../providers/spec.ts';
import type { Primaries } from './primaries.ts';
import { bindingCommand, observing } from './rights.ts';
import { plainLine } from './untrusted-text.ts';

/** Why an answer about one runtime is not the whole truth. */
export const problem = z.object({
  runtime: z.enum(runtimeIds),
  code: z.string(),
  message: z.string(),
  hint: z.string(),
});

export type RuntimeProblem = z.output<typeof problem>;

interface Unreadable {
  /** Default `list`. */
  readonly verb?: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** What was read instead of the whole cluster. */
  readonly within?: readonly string[];
  /** How many namespaces were not even tried. */
  readonly untried?: number;
}

/** The call that installs a runtime, ready to be made. */
export const installCall = (provider: Provider): string => `install_runtime {"runtime":"${provider.id}"}`;

export const notInstalled = (provider: Provider): RuntimeProblem => ({
  runtime: provider.id,
  code: 'RUNTIME_NOT_INSTALLED',
  message: `${provider.title} is not installed: the cluster does not serve ${provider.plural}.${provider.group}.`,
  hint: installCall(provider),
});

/** What hinders one runtime's list from being complete; empty = nothing. */
export function problemsOf(primaries: Primaries, failed: readonly FailedQuery[]): readonly RuntimeProblem[] {
  const { provider } = primaries;
  if (!primaries.served) return [notInstalled(provider)];
  const own = primaries.failed.map(({ namespace, error }) => ({
    resource: `${provider.plural}.${provider.group}`,
    namespace,
    verb: textAt(error.details, 'verb'),
    code: error.code,
    message: error.message,
    hint: error.hint,
    within: primaries.within,
    untried: primaries.untried,
  }));
  const others = failed.map(({ query, code, message }) => ({
    resource: resourceOf(provider, query),
    namespace: query.namespace,
    code,
    message,
  }));
  const groups = Map.groupBy<string, Unreadable>([...own, ...others], ({ resource, code }) => `${code} ${resource}`);
  return [...groups.values()].map((group) => summary(provider, group));
}

/** The name that RBAC has for what was asked. */
function resourceOf(provider: Provider, { group, kind }: FailedQuery['query']): string {
  const known = provider.reading.resources.find((resource) => resource.group === group && resource.kind === kind);
  const word = known?.plural ?? `${kind.toLowerCase()}s`;
  return group === '' ? word : `${word}.${group}`;
}

function summary(provider: Provider, group: readonly Unreadable[]): RuntimeProblem {
  const [first] = group;
  const { verb = 'list', resource, code, message, hint } = first ?? { resource: '', code: 'INTERNAL', message: '' };
  const namespaces = group.map(({ namespace }) => namespace).filter((namespace) => namespace !== undefined);
  const everywhere = namespaces.length < group.length;
  const where = everywhere ? 'all namespaces' : `namespace ${shortened(namespaces)}`;
  if (code !== 'FORBIDDEN') {
    return {
      runtime: provider.id,
      code,
      message: `Cannot ${verb} ${resource} in ${where}: ${plainLine(message)}`,
      hint: hint ?? 'Try again; `kubefoundry doctor` checks the connection.',
    };
  }
  const binding = bindingCommand(observing.within, everywhere ? undefined : namespaces[0]);
  const several = everywhere ? ' (--namespaces a,b names several for good)' : '';
  const instead = everywhere && first ? insteadOf(first) : '';
  return {
    runtime: provider.id,
    code,
    message: `Not allowed to ${verb} ${resource} in ${where}.${instead}`,
    hint: `Name a namespace that you may read${several}, or ask an administrator to bind ${observing.within} (docs/rbac): ${binding}`,
  };
}

/** What was read where the whole cluster may not be, and what was not even tried. */
function insteadOf({ within = [], untried = 0 }: Unreadable): string {
  const left = untried === 0 ? '' : `${untried} of the namespaces were not tried`;
  if (within.length === 0) return left === '' ? '' : ` ${left}.`;
  return ` Only what is in ${shortened(within)} was read${left === '' ? '' : `; ${left}`}.`;
}

const shortened = (names: readonly string[]): string =>
  `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;

/** The failure when nothing at all could be read and waiting or logging in may help; permission is no such failure. */
export function unreachable(reads: readonly Primaries[]): FoundryError | undefined {
  const served = reads.filter(({ served }) => served);
  const errors = served.flatMap(({ objects, failed }) => (objects.length === 0 ? failed.slice(0, 1) : []));
  if (errors.length === 0 || errors.length < served.length) return undefined;
  return errors.map(({ error }) => error).find(({ code }) => code !== 'FORBIDDEN');
}
