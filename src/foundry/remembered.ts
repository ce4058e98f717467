import { singleFlight } from '../cluster/single-flight.ts';

/** Asks for the value, which is at most as old as it is kept; `fresh` loads anew. */
export type Remembered<Value> = (signal: AbortSignal, fresh?: boolean) => Promise<Value>;

/** One load for everyone who asks alike at the same time, its value kept for some milliseconds where it is worth it. Failures are not kept. */
export function remembered<Value>(
  load: (signal: AbortSignal, fresh: boolean) => Promise<Value>,
  milliseconds: number,
  worthKeeping: (value: Value) => boolean = () => true,
): Remembered<Value> {
  let kept: { readonly value: Value; readonly until: number } | undefined;
  let newest = 0;
  const loading = (fresh: boolean) =>
    singleFlight(async (signal) => {
      const begun = performance.now();
      const value = await load(signal, fresh);
      // One that began before what is kept knows less.
      if (begun < newest) return value;
      newest = begun;
      kept = worthKeeping(value) ? { value, until: performance.now() + milliseconds } : undefined;
      return value;
    });
  const [usual, anew] = [loading(false), loading(true)];
  return async (signal, fresh = false) => {
    if (fresh) return anew(signal);
    return kept && performance.now() < kept.until ? kept.value : usual(signal);
  };
}
