import type { RuntimeId } from '../providers/spec.ts';
import { boundCrdDeletion } from './crd-deletion.ts';
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
          const { crds, planUninstall } = provider.installation;
          const objects = await readCustomResources(site, crds, facts.crds, signal);
          return boundCrdDeletion(site, planUninstall(facts, { deleteCrds, objects }), facts, signal);
        },
        signal,
      ),
  };
}
