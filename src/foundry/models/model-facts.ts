import type { HubModel } from '../../hub/hub.ts';
import { booleanAt, listAt, numberAt, textAt, valueAt } from '../../kubernetes.ts';
import { type Attention, parametersOf, weightBytesOf } from '../fit/need.ts';
import { plainLine } from '../untrusted-text.ts';
import type { CatalogueRow } from './catalogue.ts';

/** What sizing and choosing a model takes. Unknown is null. */
export interface ModelFacts {
  readonly id: string;
  readonly source: 'catalogue' | 'hub';
  /** How many of the parameters are embeddings. */
  readonly embeddings: number | null;
  readonly parameters: number | null;
  readonly weightBytes: number | null;
  /** `fp8`, `mxfp4`, `awq`, …; null = not quantized, or not known where `weightBytes` is null too. */
  readonly quantization: string | null;
  readonly attention: Attention | null;
  /** Longest context in tokens: what engines reserve for when no other is asked for. */
  readonly contextLength: number | null;
  readonly architecture: string | null;
  readonly licence: string | null;
  readonly gated: boolean | null;
}

/** The facts in what the hub tells, with the model's config.json where that could be read. */
export function factsOfHubModel(model: HubModel, config: unknown): ModelFacts {
  const { id, tensors, gated } = model;
  const quantization =
    model.quantization ??
    textAt(config, 'quantization_config', 'quant_method') ??
    (tensors && Object.keys(tensors).some((dtype) => dtype.startsWith('F8_')) ? 'fp8' : null);
  // Models that also see or hear keep the numbers of their language model apart.
  const language = valueAt(config, 'text_config') ?? config;
  return {
    id,
    source: 'hub',
    parameters: tensors && parametersOf(tensors),
    weightBytes: tensors && weightBytesOf(tensors),
    embeddings: embeddingsOf(language),
    quantization: quantization === null ? null : plainLine(quantization, 20),
    attention: attentionOf(language),
    contextLength: numberAt(language, 'max_position_embeddings') ?? null,
    architecture: model.architecture ?? textAt(config, 'architectures', 0) ?? null,
    licence: model.licence === null ? null : plainLine(model.licence, 30),
    gated,
  };
}

function embeddingsOf(config: unknown): number | null {
  const [vocabulary, hidden] = [numberAt(config, 'vocab_size'), numberAt(config, 'hidden_size')];
  if (vocabulary === undefined || hidden === undefined) return null;
  return vocabulary * hidden * (booleanAt(config, 'tie_word_embeddings') === true ? 1 : 2);
}

const bf16Bytes = 2;

/** The facts in a row of the catalogue. */
export function factsOfRow(row: CatalogueRow): ModelFacts {
  const { id, parameters, dtype, checkpoint, embeddings, contextLength, architecture, licence, gated } = row;
  const { layers, heads, kvHeads, headSize, sliding } = row;
  const full = layers - (sliding?.layers ?? 0);
  const windows = sliding && { slidingLayers: sliding.layers, window: sliding.window };
  return {
    id,
    source: 'catalogue',
    parameters,
    weightBytes: checkpoint ?? parameters * bf16Bytes,
    embeddings,
    quantization: dtype === 'BF16' ? null : dtype.toLowerCase(),
    attention: { layers: full, heads, kvHeads, headSize, ...windows },
    contextLength,
    architecture,
    licence,
    gated,
  };
}

/** What config.json says about the KV cache; null where it says too little, or what we do not know to read. */
export function attentionOf(config: unknown): Attention | null {
  const layers = numberAt(config, 'num_hidden_layers');
  const heads = numberAt(config, 'num_attention_heads');
  if (layers === undefined || heads === undefined || heads === 0) return null;
  const kvHeads = numberAt(config, 'num_key_value_heads') ?? heads;
  const hidden = numberAt(config, 'hidden_size');
  const headSize = numberAt(config, 'head_dim') ?? (hidden === undefined ? undefined : hidden / heads);
  const rank = numberAt(config, 'kv_lora_rank');
  if (rank !== undefined) {
    return { layers, heads, kvHeads: 1, headSize: rank + (numberAt(config, 'qk_rope_head_dim') ?? 0), latent: true };
  }
  if (headSize === undefined) return null;
  const kinds = listAt(config, 'layer_types');
  const full = kinds.filter((kind) => kind === 'full_attention' || kind === 'chunked_attention').length;
  const sliding = kinds.filter((kind) => kind === 'sliding_attention').length;
  const window = numberAt(config, 'sliding_window');
  const attention = { heads, kvHeads, headSize };
  if (kinds.length === 0) return { ...attention, layers };
  if (window === undefined) return { ...attention, layers: full + sliding };
  return { ...attention, layers: full, slidingLayers: sliding, window };
}
