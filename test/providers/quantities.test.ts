import { expect, test } from 'vitest';
import { bytes, canonicalQuantity } from '../../src/providers/quantities.ts';

test.each([
  ['1024Mi', '1Gi'],
  ['1.5Gi', '1536Mi'],
  ['64Gi', '64Gi'],
  ['1000Gi', '1000Gi'],
  ['0.5Ki', '512'],
  ['0.5', '500m'],
  ['2000m', '2'],
  ['2500m', '2500m'],
  ['16', '16'],
  ['1000000000', '1G'],
  ['1.5G', '1500M'],
  ['0', '0'],
])('%s is written %s, as the operator would', (given, written) => {
  expect(canonicalQuantity(given)).toBe(written);
});

test.each([
  ['1Gi', 2 ** 30],
  ['12.5Gi', 12.5 * 2 ** 30],
  ['8192Mi', 2 ** 33],
  ['8G', 8e9],
  ['1500', 1500],
  ['1500m', 1.5],
  ['much', undefined],
])('%s is %s bytes', (quantity, number) => {
  expect(bytes(quantity)).toBe(number);
});
