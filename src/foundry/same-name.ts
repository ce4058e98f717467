import { FoundryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import type { Provider } from '../providers/provider.ts';
import { providers } from '../providers/registry.ts';
import type { DeploymentSpec } from '../providers/spec.ts';
import { readPrimaries } from './primaries.ts';
import type { Site } from './site.ts';

/**
 * Whether another runtime already has a deployment of that name in that namespace: names stand for one deployment
 * there, and labels and Services of the two would collide. `anywhere`: also in another namespace, where one that is to
 * be replaced may be meant, as runtimes have default namespaces of their own.
 */
export async function otherRuntimes(
  site: Site,
  provider: Provider,
  { name, namespace }: DeploymentSpec,
  { anywhere }: { readonly anywhere: boolean },
  signal: AbortSignal,
): Promise<{
  readonly refusal?: FoundryError;
  readonly elsewhere?: FoundryError;
  readonly warnings: readonly string[];
}> {
  const others = providers.filter((other) => other !== provider);
  const reads = await Promise.all(
    others.map((other) => readPrimaries(site, other, anywhere ? { name } : { name, namespace }, signal)),
  );
  const warnings = reads
    .filter(({ failed }) => failed.length > 0)
    .map((read) => `Whether ${read.provider.title} has a deployment ${namespace}/${name} could not be read.`);
  const places = reads.flatMap(({ provider, objects }) => objects.map((object) => placeOf(provider, object)));
  const here = places.find((place) => place.namespace === namespace);
  const [elsewhere] = places;
  return { refusal: here && taken(here), elsewhere: here ? undefined : elsewhere && taken(elsewhere), warnings };
}

interface TakenPlace {
  readonly name: string;
  readonly namespace: string;
  readonly provider: Provider;
}

const placeOf = (provider: Provider, { metadata: { name, namespace = '' } }: KubernetesObject): TakenPlace => ({
  name,
  namespace,
  provider,
});

function taken({ name, namespace, provider: { title, id } }: TakenPlace): FoundryError {
  return new FoundryError(
    'ALREADY_EXISTS',
    `${namespace}/${name} exists already, on ${title}; nothing was created.`,
    `Choose another name or namespace, or delete it first: delete_deployment ${JSON.stringify({ name, namespace, runtime: id })}`,
    { name, namespace, runtime: id },
  );
}
