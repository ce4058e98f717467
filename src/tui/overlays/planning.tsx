import { useActions } from '../keys/use-actions.ts';
import { useDashboard } from '../state/dashboard.ts';

/**
 * Takes all keys between asking for an action and the question about its plan: what is typed meanwhile was not meant as
 * the answer to it. A no is one already.
 */
export function Planning() {
  const { operations } = useDashboard();
  const stop = () => void operations.stop();
  useActions({ 'dialog.no': stop, 'dialog.cancel': stop }, { level: 'dialog' });
  return null;
}
