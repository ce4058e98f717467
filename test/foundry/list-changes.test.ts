import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changesBetween, createIntake } from '../../src/foundry/list-changes.ts';

const items = Array.from({ length: 12 }, (_, index) => ({ index }));
const some = fc.subarray(items).chain((list) => fc.shuffledSubarray(list, { minLength: list.length }));

test('the changes lead from one list to the other, whatever the two are', () => {
  fc.assert(
    fc.property(some, some, (before, after) => {
      const { gone, come } = changesBetween(before, after);
      const now = new Set(before);
      for (const item of gone) expect(now.delete(item)).toBe(true);
      for (const item of come) now.add(item);
      expect([...now].sort((a, b) => a.index - b.index)).toEqual([...after].sort((a, b) => a.index - b.index));
    }),
  );
});

test('an item that stays is neither gone nor come, and one in another place counts as it did', () => {
  const [a, b, c, d] = items;
  expect(changesBetween([a, b, c], [a, d, c])).toEqual({ gone: [b], come: [d] });
  expect(changesBetween([a, b, c], [a, c])).toEqual({ gone: [b], come: [] });
  expect(changesBetween([a, b], [a, b, c])).toEqual({ gone: [], come: [c] });
});

test('a list that is asked no more goes with all that it held', () => {
  const listOf = (...held: readonly number[]) => ({
    subscribe: () => () => {},
    snapshot: () => ({ state: 'live', items: held, since: new Date(0) }) as const,
  });
  const take = createIntake<number>();
  const [one, two] = [listOf(1, 2), listOf(3)];
  expect(take([one, two])).toEqual({ gone: [], come: [1, 2, 3] });
  expect(take([two])).toEqual({ gone: [1, 2], come: [] });
});
