import { FoundryError } from '../errors.ts';
import type { Problem, Provider } from '../providers/provider.ts';
import { providers } from '../providers/registry.ts';
import type { DeploymentSpec, RuntimeId } from '../providers/spec.ts';

/** The fields of `deploy_model` as parsed: the namespace may still be missing. */
export type RequestedSpec = Omit<DeploymentSpec, 'namespace'> & { readonly namespace?: string };

/** The provider of a runtime that the schema let through. */
export function providerOf(runtime: RuntimeId): Provider {
  const provider = providers.find(({ id }) => id === runtime);
  if (!provider) throw new FoundryError('RUNTIME_UNKNOWN', `There is no runtime ${runtime}.`, 'Name a known runtime.');
  return provider;
}

/** Fills in what depends on the runtime alone. */
export const completeSpec = (spec: RequestedSpec, provider: Provider): DeploymentSpec => ({
  ...spec,
  namespace: spec.namespace ?? provider.defaultNamespace,
});

const gravity = ['INPUT_INVALID', 'INVALID_FOR_RUNTIME', 'NOT_SUPPORTED', 'NO_CAPACITY'] as const;

/** All refusals of a spec as one error under the gravest code; undefined where there are only warnings. */
export function refusalOf(problems: readonly Problem[]): FoundryError | undefined {
  const errors = problems
    .filter(({ severity }) => severity === 'error')
    .sort((a, b) => gravity.indexOf(a.code) - gravity.indexOf(b.code));
  const [first, ...others] = errors;
  if (!first) return undefined;
  const message = [first, ...others].map(sentence).join(' ');
  return new FoundryError(first.code, message, first.hint, {
    path: first.path,
    ...(first.allowed && { allowed: first.allowed }),
    problems: errors,
  });
}

/** More choices than this are not written out. */
const mostChoices = 12;

function sentence({ path, message, allowed = [] }: Problem): string {
  const unsaid = allowed.length <= mostChoices && allowed.some((choice) => !message.includes(choice));
  return `${path}: ${message}${unsaid ? ` Allowed: ${allowed.join(', ')}.` : ''}`;
}
