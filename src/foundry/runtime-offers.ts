import type { Provider } from '../providers/provider.ts';
import { providers } from '../providers/registry.ts';
import { type Release, releasesAfter } from '../providers/releases.ts';
import { type RuntimeSelection, selectRuntime } from '../providers/selection.ts';
import { parseVersion } from '../providers/semantic-version.ts';
import type { RuntimeId } from '../providers/spec.ts';
import type { RuntimeStatus } from './runtimes.ts';

/** What a runtime offers to someone who chooses among them; known before any cluster has answered. */
export type RuntimeOffer = Pick<
  Provider,
  | 'id'
  | 'title'
  | 'description'
  | 'engines'
  | 'modes'
  | 'routers'
  | 'unused'
  | 'defaultNamespace'
  | 'releases'
  | 'skipsMinors'
>;

/** Every runtime that can be chosen, the preferred one first. */
export const runtimeOffers: readonly RuntimeOffer[] = providers;

/** What an upgrade in the dashboard offers, oldest first: all that is known where the installed version is not. */
export function releasesToOffer(runtime: RuntimeId, version: string | undefined): readonly Release[] {
  const { releases = [], skipsMinors = true } = runtimeOffers.find(({ id }) => id === runtime) ?? {};
  return version === undefined || parseVersion(version) === undefined
    ? releases
    : releasesAfter(releases, version, skipsMinors);
}

/** What to choose beforehand, judged by what the cluster says of each runtime. */
export function selectionOf(statuses: readonly RuntimeStatus[]): RuntimeSelection {
  const of = (runtime: RuntimeId) => {
    const { installed = null, healthy = null, message = '' } = statuses.find(({ id }) => id === runtime) ?? {};
    return { installed, healthy, message };
  };
  return selectRuntime({ dynamo: of('dynamo'), kuberay: of('kuberay') });
}
