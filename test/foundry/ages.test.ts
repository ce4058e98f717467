import { expect, test } from 'vitest';
import { age } from '../../src/foundry/ages.ts';

const now = new Date('2026-11-25T12:00:00Z');

test.each([
  ['2026-11-25T11:59:15Z', '45s'],
  ['2026-11-25T11:58:30Z', '90s'],
  ['2026-11-25T11:48:00Z', '12m'],
  ['2026-11-25T09:00:00Z', '3h'],
  ['2026-11-19T12:00:00Z', '6d'],
  ['2026-11-25T12:00:05Z', '0s'],
  ['not a time', '?'],
  [null, '?'],
])('%s is %s ago', (timestamp, expected) => {
  expect(age(timestamp, now)).toBe(expected);
});
