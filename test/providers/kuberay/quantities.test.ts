import { expect, test } from 'vitest';
import { canonicalQuantity } from '../../../src/providers/kuberay/quantities.ts';

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
