import { expect, test } from 'vitest';
import { createDialogs } from '../../src/tui/state/dialogs.ts';
import { createCell, derive } from '../../src/tui/state/source.ts';

test('what is derived is worked out once for each change, and stays the same as long as it looks the same', () => {
  const numbers = createCell([3, 1, 2]);
  let computed = 0;
  const first = derive(
    [numbers],
    () => {
      computed += 1;
      return [...numbers.snapshot()].sort().slice(0, 2);
    },
    (a, b) => a.join() === b.join(),
  );
  const before = first.snapshot();
  expect(first.snapshot()).toBe(before);
  expect(computed).toBe(1);
  numbers.set([9, 1, 2]);
  expect(first.snapshot()).toBe(before);
  numbers.set([0, 1]);
  expect(first.snapshot()).toEqual([0, 1]);
  expect(computed).toBe(3);
});

test('questions are asked one after the other, and one whose asker went away is taken back', async () => {
  const dialogs = createDialogs();
  const abort = new AbortController();
  const answers = [
    dialogs.ask({ title: 'first', lines: [] }),
    dialogs.ask({ title: 'second', lines: [] }, abort.signal),
    dialogs.ask({ title: 'third', lines: [] }),
  ];
  expect(dialogs.snapshot()?.title).toBe('first');
  abort.abort();
  dialogs.snapshot()?.answer(true);
  expect(dialogs.snapshot()?.title).toBe('third');
  dialogs.snapshot()?.answer(false);
  expect(await Promise.all(answers)).toEqual([true, false, false]);
  expect(dialogs.snapshot()).toBeUndefined();
});
