import { describe, expect, test } from 'vitest';
import {
  type Attention,
  kvBytes,
  kvBytesPerToken,
  longestContext,
  needOf,
  parametersOf,
  spreads,
  usableBytes,
  weightBytesOf,
} from '../../../src/foundry/fit/need.ts';

const llama8b: Attention = { layers: 32, heads: 32, kvHeads: 8, headSize: 128 };
const llamaWeights = 8_030_261_248 * 2;
const l4 = 23_034;

describe('weights', () => {
  test('Llama-3.1-8B in BF16 are 16.06 GB', () => {
    expect(weightBytesOf({ BF16: 8_030_261_248 })).toBe(16_060_522_496);
    expect(parametersOf({ BF16: 8_030_261_248 })).toBe(8_030_261_248);
  });

  test('of packed 4-bit weights have their bytes, and an unknown number of parameters', () => {
    const awq = { I32: 1_000, F16: 500, BF16: 10 };
    expect(weightBytesOf(awq)).toBe(5_020);
    expect(parametersOf(awq)).toBeNull();
  });

  test('of a dtype that nobody knows are unknown', () => {
    expect(weightBytesOf({ BF16: 10, Q9: 10 })).toBeNull();
  });
});

describe('KV cache', () => {
  test('of Llama-3.1-8B is 131,072 bytes per token, and 16 GiB for its longest context', () => {
    expect(kvBytesPerToken(llama8b)).toBe(131_072);
    expect(kvBytes(llama8b, 131_072, 1)).toBe(16 * 2 ** 30);
  });

  test('is spread over GPUs, until they outnumber the KV heads', () => {
    expect([1, 2, 8, 16, 32].map((gpus) => kvBytes(llama8b, 1, gpus))).toEqual([
      131_072, 65_536, 16_384, 16_384, 16_384,
    ]);
  });

  test('of layers with a window stops growing', () => {
    const gptOss: Attention = { layers: 12, heads: 64, kvHeads: 8, headSize: 64, slidingLayers: 12, window: 128 };
    const perLayer = 2 * 8 * 64 * 2;
    expect(kvBytes(gptOss, 100, 1)).toBe(24 * perLayer * 100);
    expect(kvBytes(gptOss, 10_000, 1)).toBe(12 * perLayer * (10_000 + 128));
  });

  test('of latent attention (DeepSeek-V3) is 70,272 bytes per token on every GPU', () => {
    const deepseek: Attention = { layers: 61, heads: 128, kvHeads: 1, headSize: 512 + 64, latent: true };
    expect([1, 8].map((gpus) => kvBytes(deepseek, 1, gpus))).toEqual([70_272, 70_272]);
  });
});

test.each([
  ['Llama-3.1-8B', llama8b, [1, 2, 4, 8, 16, 32]],
  ['Qwen2.5-7B, 28 heads and 4 for keys', { layers: 28, heads: 28, kvHeads: 4, headSize: 128 }, [1, 2, 4, 28]],
  ['phi-4, 40 heads and 10 for keys', { layers: 40, heads: 40, kvHeads: 10, headSize: 128 }, [1, 2, 5, 10, 20, 40]],
])('GPUs that divide the heads: %s', (_, attention, sizes) => {
  expect(spreads(attention)).toEqual(sizes);
});

test('what fits on an L4: Llama-3.1-8B with 8,192 tokens, not with 131,072', () => {
  expect(needOf(llamaWeights, llama8b, 8_192, 1).total).toBeLessThan(usableBytes(l4));
  expect(needOf(llamaWeights, llama8b, 131_072, 1).total).toBeGreaterThan(usableBytes(l4));
});

test('the longest context is the last that fits', () => {
  const longest = longestContext(llamaWeights, llama8b, 1, { mebibytes: l4, most: 131_072 });
  expect(longest % 1_024).toBe(0);
  expect(needOf(llamaWeights, llama8b, longest, 1).total).toBeLessThanOrEqual(usableBytes(l4));
  expect(needOf(llamaWeights, llama8b, longest + 1_024, 1).total).toBeGreaterThan(usableBytes(l4));
  expect(longestContext(llamaWeights, llama8b, 1, { mebibytes: 16_000, most: 131_072 })).toBe(0);
});
