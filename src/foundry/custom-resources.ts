import { FoundryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import type { CrdFact } from '../providers/provider.ts';
import { listWherePermitted } from './permitted.ts';
import type { Site } from './site.ts';

/**
 * Everything there is of the kinds that those of the CRDs define, in the version that is stored: reading it needs no conversion.
 *
 * @throws FoundryError where one kind cannot be read: what an uninstallation would stop must be known whole
 */
export async function readCustomResources(
  site: Site,
  names: readonly string[],
  crds: readonly CrdFact[],
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const known = crds.filter(({ name, served }) => names.includes(name) && served.length > 0);
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
