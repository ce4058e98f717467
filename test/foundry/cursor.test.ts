import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparePlaces, decodeCursor, encodeCursor } from '../../src/foundry/cursor.ts';

const place = fc.tuple(fc.string(), fc.string(), fc.string());

test('a cursor is the place it was made of', async () => {
  await fc.assert(
    fc.property(place, (any) => {
      expect(decodeCursor(encodeCursor(any, {}), {})).toEqual(any);
    }),
  );
});

test('the order of places is total: by namespace, then name, then runtime', async () => {
  await fc.assert(
    fc.property(place, place, (a, b) => {
      expect(Math.sign(comparePlaces(a, b))).toBe(-Math.sign(comparePlaces(b, a)) + 0);
    }),
  );
  expect(comparePlaces(['a', 'z', 'x'], ['b', 'a', 'x'])).toBe(-1);
  expect(comparePlaces(['a', 'b', 'kuberay'], ['a', 'b', 'dynamo'])).toBe(1);
});

test.each(['', 'x', 'eyJhIjoxfQ', '../..', Buffer.from('[1]').toString('base64url')])(
  'INPUT_INVALID: %j is no cursor of ours',
  (cursor) => {
    expect(() => decodeCursor(cursor, {})).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  },
);
