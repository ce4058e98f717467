import type { RuntimeStatus } from '../../foundry/runtimes.ts';
import { type ActionId, bindingOf, keyLabel } from '../keys/table.ts';

/** Whether no more than CRDs is there: an uninstallation leaves them, and so does an installation that was broken off. */
export const isLeftover = ({ state, operator }: RuntimeStatus): boolean => state === 'partial' && operator === null;

const key = (action: ActionId): string => keyLabel(bindingOf(action).keys[0] ?? '');

/** What can be done with CRDs that are there alone. */
export const leftoverWords = (status: RuntimeStatus): string =>
  isLeftover(status)
    ? `Only CRDs are left of it: ${key('runtime.install')} installs it again, ${key('runtime.uninstall')} deletes the CRDs.`
    : '';
