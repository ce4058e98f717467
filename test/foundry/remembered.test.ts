import { expect, test } from 'vitest';
import { remembered } from '../../src/foundry/remembered.ts';

const signal = new AbortController().signal;

test('many who ask at once cause one load, and so do those who ask soon after', async () => {
  let loads = 0;
  const ask = remembered(async () => ++loads, 60_000);
  expect(await Promise.all([ask(signal), ask(signal), ask(signal)])).toEqual([1, 1, 1]);
  expect(await ask(signal)).toBe(1);
  expect(await ask(signal, true)).toBe(2);
});

test('who wants it fresh does not get what others began to load before', async () => {
  const asked: boolean[] = [];
  const ask = remembered(async (_, fresh) => {
    asked.push(fresh);
    return asked.length;
  }, 60_000);
  expect(await Promise.all([ask(signal), ask(signal, true), ask(signal, true)])).toEqual([1, 2, 2]);
  expect(asked).toEqual([false, true]);
});

test('what began earlier and comes later does not take the place of what is fresh', async () => {
  const slow = Promise.withResolvers<string>();
  const ask = remembered(async (_, fresh) => (fresh ? 'new' : slow.promise), 60_000);
  const earlier = ask(signal);
  await new Promise((resolve) => setTimeout(resolve, 2));
  expect(await ask(signal, true)).toBe('new');
  slow.resolve('old');
  expect(await earlier).toBe('old');
  expect(await ask(signal)).toBe('new');
});

test('a failure and what is not worth keeping are loaded anew', async () => {
  let loads = 0;
  const ask = remembered(
    async () => {
      loads += 1;
      if (loads === 1) throw new Error('away');
      return loads;
    },
    60_000,
    (value) => value > 2,
  );
  await expect(ask(signal)).rejects.toThrow('away');
  expect([await ask(signal), await ask(signal), await ask(signal)]).toEqual([2, 3, 3]);
});
