import type { RuntimeStatus } from '../../foundry/runtimes.ts';
import { keyOf } from '../keys/table.ts';

/** Whether no more than CRDs is there: an uninstallation leaves them, and so does an installation that was broken off. */
export const isLeftover = ({ state, operator }: RuntimeStatus): boolean => state === 'partial' && operator === null;

/** What can be done with CRDs that are there alone. */
export const leftoverWords = (status: RuntimeStatus): string =>
  isLeftover(status)
    ? `Only CRDs are left of it: ${keyOf('runtime.install')} installs it again, ${keyOf('runtime.uninstall')} deletes the CRDs.`
    : '';
