import { setFlagsFromString } from 'node:v8';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { compileLater, holdCompilers } from '../../src/cli/compilers.ts';

vi.mock('node:v8', () => ({ setFlagsFromString: vi.fn() }));

/** Nothing tells of V8's flags but what was said to it. */
const said = () => vi.mocked(setFlagsFromString).mock.calls.slice(-3).flat().join(' ');
const on = '--sparkplug --maglev --opt';
const off = '--no-sparkplug --no-maglev --no-opt';

const worked = (milliseconds: number) =>
  vi.spyOn(process, 'cpuUsage').mockReturnValue({ user: milliseconds * 600, system: milliseconds * 400 });

beforeEach(() => {
  vi.useFakeTimers();
  vi.mocked(setFlagsFromString).mockClear();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test('V8 compiles nothing until the program has worked for a second, however long that takes', async () => {
  worked(150);
  compileLater();
  expect(said()).toBe(off);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said()).toBe(off);
  worked(1_000);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(said()).toBe(on);
  expect(vi.getTimerCount()).toBe(0);
});

test('while they are held V8 compiles nothing, whatever was worked, and nobody looks', () => {
  worked(150);
  compileLater();
  const first = holdCompilers();
  const second = holdCompilers();
  expect(vi.getTimerCount()).toBe(0);
  worked(5_000);
  first();
  expect(said()).toBe(off);
  second();
  expect(said()).toBe(on);
});

test('a V8 that was started without compilers is not asked for them', () => {
  vi.stubGlobal('WebAssembly', undefined);
  Reflect.deleteProperty(globalThis, 'WebAssembly');
  worked(5_000);
  holdCompilers()();
  expect(setFlagsFromString).not.toHaveBeenCalled();
});
