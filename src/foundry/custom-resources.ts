import { FoundryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import type { Facts, Provider } from '../providers/provider.ts';
import { listWherePermitted } from './permitted.ts';
import type { Site } from './site.ts';

/**
 * Everything there is of a runtime's kinds, in the version that is stored: reading it needs no conversion.
 *
 * @throws FoundryError where one kind cannot be read: what an uninstallation would stop must be known whole
 */
export async function readCustomResources(
  site: Site,
  provider: Provider,
  facts: Facts,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const known = facts.crds.filter(({ name, served }) => provider.installation.crds.includes(name) && served.length > 0);
  const lists = await Promise.all(
    known.map(async ({ name, group, kind, served, storage }) => {
      const version = served.find((candidate) => candidate === storage) ?? served[0];
      const { objects, failed } = await listWherePermitted(site.cluster, { group, kind, version }, { signal });
      const [first] = failed;
      if (first === undefined) return objects;
      const { code, message, hint, details } = first.error;
      if (details.served === false) return objects;
      throw new FoundryError(code, `What would stop cannot be told, ${name} cannot be listed: ${message}`, hint);
    }),
  );
  return lists.flat();
}
