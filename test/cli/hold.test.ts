import { constants, PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { atRest, together } from '../../src/cli/hold.ts';
import { holdHeapWhileListing } from '../../src/cli/small-heap.ts';

afterEach(() => void vi.useRealTimers());

/** A hold that tells what becomes of it. */
function told(name: string, log: string[]) {
  return () => {
    log.push(`${name} held`);
    return () => void log.push(`${name} released`);
  };
}

test('what is held at rest is held once, however often rest is told, and released when there is something to do', () => {
  const log: string[] = [];
  const rest = atRest(together(told('heap', log), told('compilers', log)));
  rest(false);
  rest(true);
  rest(true);
  expect(log).toEqual(['heap held', 'compilers held']);
  rest(false);
  rest(false);
  expect(log).toEqual(['heap held', 'compilers held', 'heap released', 'compilers released']);
});

test('while lists come in, one clock collects for all of them, and stops with the last', () => {
  vi.useFakeTimers();
  const first = holdHeapWhileListing();
  const second = holdHeapWhileListing();
  expect(vi.getTimerCount()).toBe(1);
  first();
  expect(vi.getTimerCount()).toBe(1);
  second();
  expect(vi.getTimerCount()).toBe(0);
});

test('while a list comes in, V8 gives its collector, and what is new is collected again and again', async () => {
  let collections = 0;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (Object(Reflect.get(entry, 'detail')).kind === constants.NODE_PERFORMANCE_GC_MINOR) collections += 1;
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  const release = holdHeapWhileListing();
  await vi.waitFor(() => expect(collections).toBeGreaterThan(5), { timeout: 10_000 });
  release();
  await sleep(50);
  const before = collections;
  await sleep(50);
  observer.disconnect();
  expect(collections - before).toBeLessThan(5);
});
