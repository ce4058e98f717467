import { describe, expect, test } from 'vitest';
import { canSpread } from '../../../src/foundry/fit/need.ts';
import { type CatalogueRow, catalogue } from '../../../src/foundry/models/catalogue.ts';
import { enginesFor } from '../../../src/foundry/models/engine-support.ts';
import { attentionOf, factsOfRow } from '../../../src/foundry/models/model-facts.ts';

/** What else decides the number of weights, from config.json. */
interface Dimensions {
  readonly hidden: number;
  readonly intermediate: number;
  readonly vocabulary: number;
  readonly tied?: true;
  /** Vectors of `hidden` per layer, default 2. */
  readonly norms?: number;
  readonly headNorms?: true;
  readonly biases?: true;
  readonly experts?: number;
  /** Weights of what sees images. */
  readonly vision?: number;
}

/** All weights of a transformer decoder with grouped-query attention and gated feed-forward layers. */
function weightsOf({ layers, heads, kvHeads, headSize }: CatalogueRow, dimensions: Dimensions): number {
  const { hidden, intermediate, vocabulary, norms = 2, experts, vision = 0 } = dimensions;
  const [queries, keys] = [heads * headSize, kvHeads * headSize];
  const attention = 2 * hidden * queries + 2 * hidden * keys;
  const feedForward = 3 * hidden * intermediate * (experts ?? 1) + (experts === undefined ? 0 : experts * hidden);
  const biases = dimensions.biases ? queries + 2 * keys : 0;
  const layer = attention + feedForward + biases + norms * hidden + (dimensions.headNorms ? 2 * headSize : 0);
  return layers * layer + vocabulary * hidden * (dimensions.tied ? 1 : 2) + hidden + vision;
}

const llama8b = { hidden: 4096, intermediate: 14_336, vocabulary: 128_256 };
const llama70b = { hidden: 8192, intermediate: 28_672, vocabulary: 128_256 };
const qwen3 = (hidden: number, intermediate: number) =>
  ({ hidden, intermediate, vocabulary: 151_936, headNorms: true }) as const;
const qwen2 = (hidden: number, intermediate: number) =>
  ({ hidden, intermediate, vocabulary: 152_064, biases: true }) as const;
const siglip = 416_866_032;
/** The projector is a matrix from the 1,152 numbers of the vision tower, and a norm. */
const gemma = (hidden: number, intermediate: number) =>
  ({
    hidden,
    intermediate,
    vocabulary: 262_208,
    tied: true,
    norms: 4,
    headNorms: true,
    vision: siglip + 1152 * hidden + 1152,
  }) as const;

const dimensions: Readonly<Record<string, Dimensions>> = {
  'Qwen/Qwen3-0.6B': { ...qwen3(1024, 3072), tied: true },
  'Qwen/Qwen3-1.7B': { ...qwen3(2048, 6144), tied: true },
  'Qwen/Qwen3-4B': { ...qwen3(2560, 9728), tied: true },
  'Qwen/Qwen3-8B': qwen3(4096, 12_288),
  'Qwen/Qwen3-14B': qwen3(5120, 17_408),
  'Qwen/Qwen3-32B': qwen3(5120, 25_600),
  'Qwen/Qwen3-30B-A3B': { ...qwen3(2048, 768), experts: 128 },
  'Qwen/Qwen3-235B-A22B': { ...qwen3(4096, 1536), experts: 128 },
  'Qwen/Qwen2.5-7B-Instruct': qwen2(3584, 18_944),
  'Qwen/Qwen2.5-Coder-7B-Instruct': qwen2(3584, 18_944),
  'Qwen/Qwen2.5-Coder-32B-Instruct': qwen2(5120, 27_648),
  'meta-llama/Llama-3.2-1B-Instruct': { hidden: 2048, intermediate: 8192, vocabulary: 128_256, tied: true },
  'meta-llama/Llama-3.2-3B-Instruct': { hidden: 3072, intermediate: 8192, vocabulary: 128_256, tied: true },
  'meta-llama/Llama-3.1-8B-Instruct': llama8b,
  'meta-llama/Llama-3.1-70B-Instruct': llama70b,
  'meta-llama/Llama-3.3-70B-Instruct': llama70b,
  'deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B': { ...qwen2(1536, 8960), vocabulary: 151_936 },
  'deepseek-ai/DeepSeek-R1-Distill-Qwen-7B': qwen2(3584, 18_944),
  'deepseek-ai/DeepSeek-R1-Distill-Llama-8B': llama8b,
  'deepseek-ai/DeepSeek-R1-Distill-Qwen-14B': qwen2(5120, 13_824),
  'deepseek-ai/DeepSeek-R1-Distill-Qwen-32B': qwen2(5120, 27_648),
  'deepseek-ai/DeepSeek-R1-Distill-Llama-70B': llama70b,
  'google/gemma-3-4b-it': gemma(2560, 10_240),
  'google/gemma-3-12b-it': gemma(3840, 15_360),
  'google/gemma-3-27b-it': gemma(5376, 21_504),
  'microsoft/Phi-4-mini-instruct': { hidden: 3072, intermediate: 8192, vocabulary: 200_064, tied: true },
  'microsoft/phi-4': { hidden: 5120, intermediate: 17_920, vocabulary: 100_352 },
};

describe('the catalogue', () => {
  const measured = catalogue.filter(({ dtype }) => dtype === 'BF16');

  test.each(measured.map((row) => [row.id, row] as const))(
    '%s has as many weights as its dimensions give',
    (id, row) => {
      const its = dimensions[id];
      if (!its) throw new Error('no dimensions');
      expect(row.parameters).toBe(weightsOf(row, its));
      expect(row.embeddings).toBe(its.vocabulary * its.hidden * (its.tied ? 1 : 2));
    },
  );

  test('names each model once, with engines that serve it', () => {
    expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
    for (const { id, architecture } of catalogue) expect(enginesFor(architecture), id).toContain('vllm');
  });

  test('gives sizes that can be computed with', () => {
    for (const row of catalogue) {
      const { attention, weightBytes } = factsOfRow(row);
      expect(attention && canSpread(attention, 1), row.id).toBe(true);
      expect(weightBytes, row.id).toBeGreaterThan(0);
    }
    const llama = catalogue.filter(({ id }) => id.endsWith('Llama-3.1-8B-Instruct')).map(factsOfRow);
    expect(llama.map(({ weightBytes }) => weightBytes)).toEqual([16_060_522_496]);
  });
});

describe('config.json', () => {
  test('with a window in some layers', () => {
    const config = {
      num_hidden_layers: 4,
      num_attention_heads: 64,
      num_key_value_heads: 8,
      head_dim: 64,
      sliding_window: 128,
      layer_types: ['sliding_attention', 'full_attention', 'sliding_attention', 'full_attention'],
    };
    expect(attentionOf(config)).toEqual({
      layers: 2,
      heads: 64,
      kvHeads: 8,
      headSize: 64,
      slidingLayers: 2,
      window: 128,
    });
  });

  test('without a head size or KV heads of its own', () => {
    expect(attentionOf({ num_hidden_layers: 12, num_attention_heads: 12, hidden_size: 768 })).toEqual({
      layers: 12,
      heads: 12,
      kvHeads: 12,
      headSize: 64,
    });
  });

  test('with latent attention', () => {
    const config = { num_hidden_layers: 61, num_attention_heads: 128, kv_lora_rank: 512, qk_rope_head_dim: 64 };
    expect(attentionOf(config)).toEqual({ layers: 61, heads: 128, kvHeads: 1, headSize: 576, latent: true });
  });

  test.each([[undefined], [{}], [{ num_hidden_layers: 2, num_attention_heads: 0 }]])(
    'that says too little: %j',
    (config) => {
      expect(attentionOf(config)).toBeNull();
    },
  );
});
