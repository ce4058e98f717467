import { useLayoutEffect, useMemo } from 'react';
import { useDashboard } from '../state/dashboard.ts';
import { createCell, type Source } from '../state/source.ts';

/** Says something of the screen in the footer as long as the screen is there. */
export const useStatus = (text: string): void => useLiveStatus(useMemo(() => createCell(text), [text]));

/** The same where it changes by itself: the footer then changes in the same frame as the screen. */
export function useLiveStatus(source: Source<string>): void {
  const { status } = useDashboard();
  useLayoutEffect(() => {
    status.set(source);
    return () => status.set(silent);
  }, [status, source]);
}

const silent = createCell('');
