import { useLayoutEffect, useMemo } from 'react';
import { useDashboard } from '../state/dashboard.ts';
import { createCell, type Source } from '../state/source.ts';
import { type Status, silent } from '../state/status.ts';

/** Says something of the screen in the footer as long as the screen is there. */
export const useStatus = (text: string): void =>
  useLiveStatus(useMemo(() => createCell({ text, lasting: '' }), [text]));

/** The same where it changes by itself: the footer then changes in the same frame as the screen. */
export function useLiveStatus(source: Source<Status>): void {
  const { status } = useDashboard();
  useLayoutEffect(() => {
    status.set(source);
    return () => status.set(silent);
  }, [status, source]);
}
