import { useLayoutEffect } from 'react';
import { useDashboard } from '../state/dashboard.ts';

/** Says something of the screen in the footer as long as the screen is there. */
export function useStatus(text: string): void {
  const { status } = useDashboard();
  useLayoutEffect(() => {
    status.set(text);
    return () => status.set('');
  }, [status, text]);
}
