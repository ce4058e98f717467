import { FoundryError } from '../../errors.ts';
import type { Source } from '../state/source.ts';

/** What was read the last time that it could be, and why it could not be the time after. */
export interface Reading<Value> {
  readonly value?: Value;
  readonly at?: Date;
  readonly error?: Pick<FoundryError, 'code' | 'message' | 'hint'>;
}

/** What no watch tells: read again and again as long as somebody looks. */
export interface Polled<Value> extends Source<Reading<Value>> {
  refresh(): void;
}

export function createPolled<Value>(
  read: (signal: AbortSignal) => Promise<Value>,
  options: { readonly every: number; readonly now: () => Date },
): Polled<Value> {
  const listeners = new Set<() => void>();
  let latest: Reading<Value> = {};
  let json = '';
  let abort: AbortController | undefined;
  let timer: NodeJS.Timeout | undefined;

  function become(next: Reading<Value>): void {
    // The same again is no news: nothing is painted for it.
    const told = JSON.stringify([next.value, next.error]);
    const changed = told !== json;
    json = told;
    if (!changed && latest.value !== undefined) return;
    latest = next;
    for (const listener of [...listeners]) listener();
  }

  async function look(): Promise<void> {
    clearTimeout(timer);
    abort?.abort();
    const own = new AbortController();
    abort = own;
    try {
      const value = await read(own.signal);
      if (!own.signal.aborted) become({ value, at: options.now() });
    } catch (error) {
      if (own.signal.aborted) return;
      const { code, message, hint } = asFoundryError(error);
      become({ ...latest, error: { code, message, hint } });
    }
    if (!own.signal.aborted) timer = setTimeout(look, options.every);
  }

  return {
    snapshot: () => latest,
    refresh() {
      if (listeners.size > 0) void look();
    },
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) void look();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        abort?.abort();
        clearTimeout(timer);
      };
    },
  };
}

/** A failure that is not ours is a bug, and is told like one. */
export function asFoundryError(error: unknown): FoundryError {
  if (error instanceof FoundryError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new FoundryError('INTERNAL', message, 'Report this as a bug.', {}, { cause: error });
}
