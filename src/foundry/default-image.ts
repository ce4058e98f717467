import { FoundryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import type { Facts, Provider } from '../providers/provider.ts';
import type { DeploymentSpec } from '../providers/spec.ts';
import { differences } from './differences.ts';
import type { Site } from './site.ts';
import { refusalOf } from './specification.ts';

/**
 * The image that an existing object runs, where it alone makes the difference: defaults follow the versions of the
 * runtime and of KubeFoundry, so that the same call asks for another one after an upgrade. The server is asked whether
 * the call changes nothing with that image named.
 */
export async function imageToKeep(
  site: Site,
  wanted: { readonly provider: Provider; readonly spec: DeploymentSpec; readonly facts: Facts },
  existing: KubernetesObject,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { provider, spec, facts } = wanted;
  const { image } = provider.deploying.parse(existing);
  if (spec.image !== undefined || image === null) return undefined;
  const named = { ...spec, image };
  if (refusalOf(provider.deploying.validate(named, facts))) return undefined;
  try {
    const { primary } = provider.deploying.build(named, facts);
    const tried = await site.cluster.apply(primary, { dryRun: true, signal });
    return differences(existing, tried, primary).length === 0 ? image : undefined;
  } catch (error) {
    if (error instanceof FoundryError) return undefined;
    throw error;
  }
}
