import fc from 'fast-check';
import { expect, test } from 'vitest';
import { written } from '../../src/foundry/written-number.ts';

test.each([
  [0, '0'],
  [999, '999'],
  [1_284, '1,284'],
  [1_234_567.5, '1,234,567.5'],
  [0.0625, '0.063'],
  [-40_000, '-40,000'],
  [null, '?'],
])('%s is written %s', (number, expected) => {
  expect(written(number)).toBe(expected);
});

test('numbers are written as English readers know them', () => {
  const thousandths = fc.maxSafeInteger().map((number) => Math.trunc(number / 1e4) / 1_000);
  // A zero below zero is none of ours.
  fc.assert(fc.property(thousandths, (number) => written(number) === (number + 0).toLocaleString('en-US')));
});
