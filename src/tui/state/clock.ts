import type { Source } from './source.ts';

const tick = 1_000;

/** The time, told each second as long as somebody looks. */
export function createClock(now: () => Date): Source<Date> {
  const listeners = new Set<() => void>();
  let latest = now();
  let timer: NodeJS.Timeout | undefined;
  return {
    snapshot: () => latest,
    subscribe(listener) {
      listeners.add(listener);
      timer ??= setInterval(() => {
        latest = now();
        for (const each of [...listeners]) each();
      }, tick);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}
