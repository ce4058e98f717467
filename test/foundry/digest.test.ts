import { expect, test } from 'vitest';
import { digestOf } from '../../src/foundry/digest.ts';

test('equal plans have equal digests, whatever the order of their keys', () => {
  expect(digestOf({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(digestOf({ b: [{ d: 3, c: 2 }], a: 1 }));
  expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: 2 }));
  expect(digestOf([1, 2])).not.toBe(digestOf([2, 1]));
});
