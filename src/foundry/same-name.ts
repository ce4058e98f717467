import { FoundryError } from '../errors.ts';
import type { Provider } from '../providers/provider.ts';
import { providers } from '../providers/registry.ts';
import type { DeploymentSpec } from '../providers/spec.ts';
import { readPrimaries } from './primaries.ts';
import type { Site } from './site.ts';

/**
 * Whether another runtime already has a deployment of that name in that namespace: names stand for one deployment
 * there, and labels and Services of the two would collide.
 */
export async function otherRuntimes(
  site: Site,
  provider: Provider,
  { name, namespace }: DeploymentSpec,
  signal: AbortSignal,
): Promise<{ readonly refusal?: FoundryError; readonly warnings: readonly string[] }> {
  const others = providers.filter((other) => other !== provider);
  const reads = await Promise.all(others.map((other) => readPrimaries(site, other, { name, namespace }, signal)));
  const taken = reads.find(({ objects }) => objects.length > 0);
  const warnings = reads
    .filter(({ failed }) => failed.length > 0)
    .map((read) => `Whether ${read.provider.title} has a deployment ${namespace}/${name} could not be read.`);
  if (!taken) return { warnings };
  const { title, id } = taken.provider;
  const refusal = new FoundryError(
    'ALREADY_EXISTS',
    `${namespace}/${name} exists already, on ${title}; nothing was created.`,
    `Choose another name or namespace, or delete it first: delete_deployment ${JSON.stringify({ name, namespace, runtime: id })}`,
    { name, namespace, runtime: id },
  );
  return { refusal, warnings };
}
