/**
 * What a model needs of a GPU. Formulas, their sources and what is assumed: docs/fit.md. Sizes are in bytes.
 */

/** What decides the size of the KV cache, as in a model's config.json. */
export interface Attention {
  /** Layers that keep every token. */
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  /** Layers that keep the last `window` tokens. */
  readonly slidingLayers?: number;
  readonly window?: number;
  /** One compressed vector of `headSize` per token and layer (MLA), on every GPU alike. */
  readonly latent?: boolean;
}

/** Bytes of one number by the dtype's name in safetensors; packed formats (`I32`, `U8`) hold several weights in one. */
const dtypeBytes: Readonly<Record<string, number>> = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  BF16: 2,
  F16: 2,
  I16: 2,
  U16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  F8_E8M0: 1,
  I8: 1,
  U8: 1,
  BOOL: 1,
  F4: 0.5,
};

const packed: ReadonlySet<string> = new Set(['I32', 'U32', 'I8', 'U8', 'I64']);

/** Bytes of all tensors; null where a dtype is not known. */
export function weightBytesOf(tensors: Readonly<Record<string, number>>): number | null {
  const parts = Object.entries(tensors).map(([dtype, count]) => {
    const bytes = dtypeBytes[dtype];
    return bytes === undefined ? null : bytes * count;
  });
  return parts.reduce<number | null>((sum, part) => (sum === null || part === null ? null : sum + part), 0);
}

/** How many weights there are; null where some are packed, so that numbers are not weights. */
export const parametersOf = (tensors: Readonly<Record<string, number>>): number | null =>
  Object.keys(tensors).some((dtype) => packed.has(dtype))
    ? null
    : Object.values(tensors).reduce((sum, count) => sum + count, 0);

/** Bytes of one key or value: engines keep them in 16 bits unless told otherwise. */
const valueBytes = 2;

/** KV cache of one token in all layers that keep it, over all GPUs. */
export const kvBytesPerToken = ({ layers, kvHeads, headSize, latent }: Attention): number =>
  (latent ? 1 : 2) * layers * kvHeads * headSize * valueBytes;

/** KV cache of one sequence on each of so many GPUs. Heads are spread; where GPUs outnumber them, they are repeated. */
export function kvBytes(attention: Attention, tokens: number, gpus: number): number {
  const { kvHeads, slidingLayers = 0, window = tokens, latent } = attention;
  const heads = latent ? kvHeads : Math.ceil(kvHeads / gpus);
  const full = kvBytesPerToken({ ...attention, kvHeads: heads }) * tokens;
  const sliding = kvBytesPerToken({ ...attention, kvHeads: heads, layers: slidingLayers }) * Math.min(tokens, window);
  return full + sliding;
}

/** Whether engines can spread the heads over so many GPUs evenly. */
export const canSpread = ({ heads, kvHeads, latent }: Attention, gpus: number): boolean =>
  heads % gpus === 0 && (latent === true || kvHeads % gpus === 0 || gpus % kvHeads === 0);

/** The numbers of GPUs that a model can be spread over, smallest first, up to what one replica may ask for. */
export const spreads = (attention: Attention, most = 64): readonly number[] =>
  Array.from({ length: most }, (_, index) => index + 1).filter((gpus) => canSpread(attention, gpus));

/** Share of a GPU's memory that engines take: vLLM's own default. */
const usableShare = 0.9;

/** On every GPU besides weights and KV cache: CUDA context, activations, CUDA graphs, communication buffers. */
const overheadBytes = 2 * 2 ** 30;

/** Bytes that an engine may fill on a GPU of so many MiB. */
export const usableBytes = (mebibytes: number): number => mebibytes * 2 ** 20 * usableShare;

export interface Need {
  readonly gpus: number;
  readonly tokens: number;
  /** Per GPU. */
  readonly weights: number;
  readonly kvCache: number;
  readonly overhead: number;
  readonly total: number;
}

/** What one replica needs on each of its GPUs to serve one sequence of so many tokens. */
export function needOf(weightBytes: number, attention: Attention, tokens: number, gpus: number): Need {
  const weights = weightBytes / gpus;
  const kvCache = kvBytes(attention, tokens, gpus);
  return { gpus, tokens, weights, kvCache, overhead: overheadBytes, total: weights + kvCache + overheadBytes };
}

/** Longest context in steps of 1,024 tokens, at most `most`, that leaves room on GPUs of so many MiB; 0 = none. */
export function longestContext(
  weightBytes: number,
  attention: Attention,
  gpus: number,
  { mebibytes, most }: { readonly mebibytes: number; readonly most: number },
): number {
  const steps = Math.floor(most / 1024);
  let [fits, tooLong] = [0, steps + 1];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (needOf(weightBytes, attention, middle * 1024, gpus).total <= usableBytes(mebibytes)) fits = middle;
    else tooLong = middle;
  }
  return fits * 1024;
}
