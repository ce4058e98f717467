import { useSyncExternalStore } from 'react';
import type { Source } from './source.ts';

/** The one way in which a view reads what changes: live lists, stores and what is derived from them. */
export const useLive = <Value>(source: Source<Value>): Value => useSyncExternalStore(source.subscribe, source.snapshot);
