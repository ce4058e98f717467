import { useCallback, useSyncExternalStore } from 'react';
import type { Source } from './source.ts';

/** The one way in which a view reads what changes: live lists, stores and what is derived from them. */
export function useLive<Value>(source: Source<Value>): Value {
  const subscribe = useCallback(
    (listener: () => void) => {
      const stop = source.subscribe(listener);
      // A view that is laid out anew lets go a moment before it subscribes again: what it looks at goes on.
      return () => void setImmediate(stop);
    },
    [source],
  );
  return useSyncExternalStore(subscribe, source.snapshot);
}
