import type { Facts, Plan, Provider } from '../providers/provider.ts';
import type { RuntimeId } from '../providers/spec.ts';
import { preflight } from './preflight.ts';
import { readPrimaries } from './primaries.ts';
import type { Operation } from './runtime-operation.ts';
import type { Site } from './site.ts';
import { providerOf } from './specification.ts';

export interface InstallRequest {
  readonly runtime: RuntimeId;
  readonly version?: string;
  readonly planOnly: boolean;
}

/** Installs a runtime, brings it to the asked version, or finishes what was begun. */
export function installation({ runtime, version, planOnly }: InstallRequest): Operation {
  const provider = providerOf(runtime);
  return {
    provider,
    planOnly,
    plan: (site, signal) =>
      preflight(site, provider, (facts) => planFor(site, provider, { facts, version }, signal), signal),
  };
}

/** Nobody is upgraded unasked: without a version, what is installed is only made well. */
async function planFor(
  site: Site,
  provider: Provider,
  { facts, version }: { readonly facts: Facts; readonly version: string | undefined },
  signal: AbortSignal,
): Promise<Plan> {
  const { detect, planInstall, planUpgrade } = provider.installation;
  const found = detect(facts);
  if (!found.installed) return planInstall(facts, { version });
  const { objects } = await readPrimaries(site, provider, {}, signal);
  const deployments = objects.map(({ apiVersion, kind, metadata }) => {
    const { name, namespace, uid } = metadata;
    return { apiVersion, kind, name, namespace, uid };
  });
  return planUpgrade(facts, { version: version ?? found.version, deployments });
}
