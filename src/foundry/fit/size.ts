import type { DeploymentSpec } from '../../providers/spec.ts';
import type { ModelFacts } from '../models/model-facts.ts';
import type { Attention } from './need.ts';

/** What sizing takes of a model as a spec asks for it. */
export interface Size {
  /** As loaded: after quantization on load, where the spec asks for it. */
  readonly weightBytes: number;
  /** What they would be in 8 bits; null where the weights are quantized already, or it cannot be told. */
  readonly quantizedBytes: number | null;
  readonly attention: Attention;
  /** The context asked for, else the model's longest: engines reserve for that. */
  readonly tokens: number;
}

/** Weights in 8 bits beside embeddings in 16, as engines quantize on load; null for a checkpoint that is no 16-bit one. */
function eightBits({ parameters, embeddings, weightBytes, quantization }: ModelFacts): number | null {
  if (quantization !== null || parameters === null || embeddings === null || weightBytes !== parameters * 2)
    return null;
  return parameters - embeddings + embeddings * 2;
}

/** Null where something that it takes is not known. */
export function sizeOf(
  spec: Pick<DeploymentSpec, 'contextLength' | 'quantization'>,
  model: ModelFacts | null,
): Size | null {
  if (model?.weightBytes == null || model.attention === null) return null;
  const tokens = spec.contextLength ?? model.contextLength;
  if (tokens === null) return null;
  const quantizedBytes = eightBits(model);
  const asked = spec.quantization === 'fp8' ? quantizedBytes : null;
  return {
    weightBytes: asked ?? model.weightBytes,
    quantizedBytes: asked === null ? quantizedBytes : null,
    attention: model.attention,
    tokens,
  };
}
