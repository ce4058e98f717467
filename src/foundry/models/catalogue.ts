/**
 * Models whose numbers we answer for without asking a hub. Source of each row: config.json, the safetensors index and the
 * model card of the repository of that id on the Hugging Face hub; for gpt-oss the sizes of its model card (arXiv
 * 2508.10925, table 1). The parameters follow from the dimensions, as the test computes them. What could not be cited was
 * left out.
 */
export interface CatalogueRow {
  readonly id: string;
  readonly architecture: string;
  /** Numbers in the weights; tied output embeddings count once, as engines load them. */
  readonly parameters: number;
  readonly dtype: 'BF16' | 'MXFP4';
  /** Bytes of the checkpoint where `dtype` does not tell them. */
  readonly checkpoint?: number;
  /** How many of the parameters are embeddings, which no quantization on load touches. */
  readonly embeddings: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  /** Of the layers, those that look only at a window, and its tokens. */
  readonly sliding?: { readonly layers: number; readonly window: number };
  /** `max_position_embeddings`. */
  readonly contextLength: number;
  readonly licence: string;
  readonly gated: boolean;
}

/** Vocabulary × hidden size; twice where input and output have their own. */
const embeddings = (vocabulary: number, hidden: number, times: 1 | 2): number => vocabulary * hidden * times;

const bf16 = (id: string, row: Omit<CatalogueRow, 'id' | 'dtype'>): CatalogueRow => ({ id, dtype: 'BF16', ...row });

const llama = { architecture: 'LlamaForCausalLM', kvHeads: 8, contextLength: 131_072 } as const;
const llama8b = {
  ...llama,
  layers: 32,
  heads: 32,
  headSize: 128,
  parameters: 8_030_261_248,
  embeddings: embeddings(128_256, 4096, 2),
};
const llama70b = {
  ...llama,
  layers: 80,
  heads: 64,
  headSize: 128,
  parameters: 70_553_706_496,
  embeddings: embeddings(128_256, 8192, 2),
};
const gatedBy = (licence: string) => ({ licence, gated: true });
const open = (licence: string) => ({ licence, gated: false });

const qwen3 = {
  architecture: 'Qwen3ForCausalLM',
  kvHeads: 8,
  headSize: 128,
  contextLength: 40_960,
  ...open('apache-2.0'),
} as const;
const qwen3moe = { ...qwen3, architecture: 'Qwen3MoeForCausalLM', kvHeads: 4 } as const;
const qwen2 = { architecture: 'Qwen2ForCausalLM', headSize: 128 } as const;
const qwen7b = {
  ...qwen2,
  layers: 28,
  heads: 28,
  kvHeads: 4,
  parameters: 7_615_616_512,
  embeddings: embeddings(152_064, 3584, 2),
};
const qwen14b = {
  ...qwen2,
  layers: 48,
  heads: 40,
  kvHeads: 8,
  parameters: 14_770_033_664,
  embeddings: embeddings(152_064, 5120, 2),
};
const qwen32b = {
  ...qwen2,
  layers: 64,
  heads: 40,
  kvHeads: 8,
  parameters: 32_763_876_352,
  embeddings: embeddings(152_064, 5120, 2),
};
const distilled = { contextLength: 131_072, ...open('mit') } as const;
const qwen25 = { contextLength: 32_768, ...open('apache-2.0') } as const;
const gemma3 = { architecture: 'Gemma3ForConditionalGeneration', contextLength: 131_072, ...gatedBy('gemma') } as const;
const gptOss = {
  architecture: 'GptOssForCausalLM',
  dtype: 'MXFP4',
  heads: 64,
  kvHeads: 8,
  headSize: 64,
  embeddings: embeddings(201_088, 2880, 2),
  contextLength: 131_072,
  ...open('apache-2.0'),
} as const;
const gibibytes = (number: number): number => Math.round(number * 2 ** 30);

/** From small to large within a family. */
export const catalogue: readonly CatalogueRow[] = [
  bf16('Qwen/Qwen3-0.6B', {
    ...qwen3,
    layers: 28,
    heads: 16,
    parameters: 596_049_920,
    embeddings: embeddings(151_936, 1024, 1),
  }),
  bf16('Qwen/Qwen3-1.7B', {
    ...qwen3,
    layers: 28,
    heads: 16,
    parameters: 1_720_574_976,
    embeddings: embeddings(151_936, 2048, 1),
  }),
  bf16('Qwen/Qwen3-4B', {
    ...qwen3,
    layers: 36,
    heads: 32,
    parameters: 4_022_468_096,
    embeddings: embeddings(151_936, 2560, 1),
  }),
  bf16('Qwen/Qwen3-8B', {
    ...qwen3,
    layers: 36,
    heads: 32,
    parameters: 8_190_735_360,
    embeddings: embeddings(151_936, 4096, 2),
  }),
  bf16('Qwen/Qwen3-14B', {
    ...qwen3,
    layers: 40,
    heads: 40,
    parameters: 14_768_307_200,
    embeddings: embeddings(151_936, 5120, 2),
  }),
  bf16('Qwen/Qwen3-32B', {
    ...qwen3,
    layers: 64,
    heads: 64,
    parameters: 32_762_123_264,
    embeddings: embeddings(151_936, 5120, 2),
  }),
  bf16('Qwen/Qwen3-30B-A3B', {
    ...qwen3moe,
    layers: 48,
    heads: 32,
    parameters: 30_532_122_624,
    embeddings: embeddings(151_936, 2048, 2),
  }),
  bf16('Qwen/Qwen3-235B-A22B', {
    ...qwen3moe,
    layers: 94,
    heads: 64,
    parameters: 235_093_634_560,
    embeddings: embeddings(151_936, 4096, 2),
  }),
  bf16('Qwen/Qwen2.5-7B-Instruct', { ...qwen7b, ...qwen25 }),
  bf16('Qwen/Qwen2.5-Coder-7B-Instruct', { ...qwen7b, ...qwen25 }),
  bf16('Qwen/Qwen2.5-Coder-32B-Instruct', { ...qwen32b, ...qwen25 }),
  bf16('meta-llama/Llama-3.2-1B-Instruct', {
    ...llama,
    layers: 16,
    heads: 32,
    headSize: 64,
    parameters: 1_235_814_400,
    embeddings: embeddings(128_256, 2048, 1),
    ...gatedBy('llama3.2'),
  }),
  bf16('meta-llama/Llama-3.2-3B-Instruct', {
    ...llama,
    layers: 28,
    heads: 24,
    headSize: 128,
    parameters: 3_212_749_824,
    embeddings: embeddings(128_256, 3072, 1),
    ...gatedBy('llama3.2'),
  }),
  bf16('meta-llama/Llama-3.1-8B-Instruct', { ...llama8b, ...gatedBy('llama3.1') }),
  bf16('meta-llama/Llama-3.1-70B-Instruct', { ...llama70b, ...gatedBy('llama3.1') }),
  bf16('meta-llama/Llama-3.3-70B-Instruct', { ...llama70b, ...gatedBy('llama3.3') }),
  bf16('deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B', {
    ...qwen2,
    layers: 28,
    heads: 12,
    kvHeads: 2,
    parameters: 1_777_088_000,
    embeddings: embeddings(151_936, 1536, 2),
    ...distilled,
  }),
  bf16('deepseek-ai/DeepSeek-R1-Distill-Qwen-7B', { ...qwen7b, ...distilled }),
  bf16('deepseek-ai/DeepSeek-R1-Distill-Llama-8B', { ...llama8b, ...distilled }),
  bf16('deepseek-ai/DeepSeek-R1-Distill-Qwen-14B', { ...qwen14b, ...distilled }),
  bf16('deepseek-ai/DeepSeek-R1-Distill-Qwen-32B', { ...qwen32b, ...distilled }),
  bf16('deepseek-ai/DeepSeek-R1-Distill-Llama-70B', { ...llama70b, ...distilled }),
  {
    id: 'openai/gpt-oss-20b',
    ...gptOss,
    layers: 24,
    parameters: 20_910_000_000,
    checkpoint: gibibytes(12.8),
    sliding: { layers: 12, window: 128 },
  },
  {
    id: 'openai/gpt-oss-120b',
    ...gptOss,
    layers: 36,
    parameters: 116_830_000_000,
    checkpoint: gibibytes(60.8),
    sliding: { layers: 18, window: 128 },
  },
  bf16('google/gemma-3-4b-it', {
    ...gemma3,
    layers: 34,
    heads: 8,
    kvHeads: 4,
    headSize: 256,
    parameters: 4_300_079_472,
    embeddings: embeddings(262_208, 2560, 1),
    sliding: { layers: 29, window: 1024 },
  }),
  bf16('google/gemma-3-12b-it', {
    ...gemma3,
    layers: 48,
    heads: 16,
    kvHeads: 8,
    headSize: 256,
    parameters: 12_187_325_040,
    embeddings: embeddings(262_208, 3840, 1),
    sliding: { layers: 40, window: 1024 },
  }),
  bf16('google/gemma-3-27b-it', {
    ...gemma3,
    layers: 62,
    heads: 32,
    kvHeads: 16,
    headSize: 128,
    parameters: 27_432_406_640,
    embeddings: embeddings(262_208, 5376, 1),
    sliding: { layers: 52, window: 1024 },
  }),
  bf16('microsoft/Phi-4-mini-instruct', {
    architecture: 'Phi3ForCausalLM',
    layers: 32,
    heads: 24,
    kvHeads: 8,
    headSize: 128,
    parameters: 3_836_021_760,
    embeddings: embeddings(200_064, 3072, 1),
    contextLength: 131_072,
    ...open('mit'),
  }),
  bf16('microsoft/phi-4', {
    architecture: 'Phi3ForCausalLM',
    layers: 40,
    heads: 40,
    kvHeads: 10,
    headSize: 128,
    parameters: 14_659_507_200,
    embeddings: embeddings(100_352, 5120, 2),
    contextLength: 16_384,
    ...open('mit'),
  }),
];
