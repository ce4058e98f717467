import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { atRest, together } from '../../src/cli/hold.ts';
import { holdHeapWhileListing } from '../../src/cli/small-heap.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A hold that tells what becomes of it. */
function told(name: string, log: string[]) {
  return () => {
    log.push(`${name} held`);
    return () => void log.push(`${name} released`);
  };
}

test('what is held at rest is released when there is something to do, and held once however often rest is told', () => {
  const log: string[] = [];
  const rest = atRest(together(told('heap', log), told('compilers', log)));
  rest(true);
  rest(false);
  rest(false);
  expect(log).toEqual(['heap held', 'compilers held', 'heap released', 'compilers released']);
});

test('while lists come in, one clock collects for all of them, and stops with the last', () => {
  const first = holdHeapWhileListing();
  const second = holdHeapWhileListing();
  expect(vi.getTimerCount()).toBe(1);
  first();
  expect(vi.getTimerCount()).toBe(1);
  second();
  expect(vi.getTimerCount()).toBe(0);
});
