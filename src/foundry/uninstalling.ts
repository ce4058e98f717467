import type { RuntimeId } from '../providers/spec.ts';
import { readCustomResources } from './custom-resources.ts';
import { preflight } from './preflight.ts';
import type { Operation } from './runtime-operation.ts';
import { providerOf } from './specification.ts';

export interface UninstallRequest {
  readonly runtime: RuntimeId;
  readonly deleteCrds: boolean;
  readonly planOnly: boolean;
}

/** Removes a runtime with all that runs on it. */
export function uninstallation({ runtime, deleteCrds, planOnly }: UninstallRequest): Operation {
  const provider = providerOf(runtime);
  return {
    provider,
    planOnly,
    plan: (site, signal) =>
      preflight(
        site,
        provider,
        async (facts) => {
          const objects = await readCustomResources(site, provider, facts, signal);
          return provider.installation.planUninstall(facts, { deleteCrds, objects });
        },
        signal,
      ),
  };
}
