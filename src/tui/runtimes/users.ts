import type { Deployment } from '../../foundry/deployment.ts';
import type { LiveDeployments } from '../../foundry/live-listing.ts';
import type { RuntimeStatus } from '../../foundry/runtimes.ts';

/** The deployments of a runtime, as far as they could be read. */
export type Users = readonly Deployment[] | 'reading' | 'unknown';

export function usersOf({ id, deployments }: Pick<RuntimeStatus, 'id' | 'deployments'>, live: LiveDeployments): Users {
  const state = live.runtimes.find(({ runtime }) => runtime === id)?.state ?? 'connecting';
  const users = live.deployments.filter(({ runtime }) => runtime === id);
  if (users.length > 0) return users;
  if (state === 'connecting') return 'reading';
  return state === 'failed' || deployments === null ? 'unknown' : users;
}
