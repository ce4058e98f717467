import type { RuntimeStatus } from '../../foundry/runtimes.ts';
import { keyOf } from '../keys/table.ts';

/** Whether no more than CRDs is there: an uninstallation leaves them, and so does an installation that was broken off. */
export const isLeftover = ({ state, operator }: RuntimeStatus): boolean => state === 'partial' && operator === null;

const installs = `${keyOf('runtime.install')} installs it again`;
const removes = keyOf('runtime.uninstall');

/** What can be done with CRDs that no operator looks after, and with deployments that it left behind. */
export function leftoverWords(status: RuntimeStatus): string {
  const { deployments } = status;
  if (!isLeftover(status)) return '';
  if (deployments === 0) return `Only CRDs are left of it: ${installs}, ${removes} deletes the CRDs.`;
  const left =
    deployments === null
      ? 'Deployments may be'
      : `${deployments} ${deployments === 1 ? 'deployment is' : 'deployments are'}`;
  return `${left} left with the CRDs: ${installs} for them, ${removes} deletes all of it or says what is in the way.`;
}
