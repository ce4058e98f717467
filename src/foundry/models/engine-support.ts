import type { Engine } from '../../providers/spec.ts';

/**
 * Architectures (`architectures[0]` of config.json) that engines name as supported. Sources, read November 2026:
 * vllm: vllm/model_executor/models/registry.py; sglang: the entry classes in python/sglang/srt/models; trtllm: the table
 * of the PyTorch backend in TensorRT-LLM's docs/source/models/supported-models.md.
 */
const support: Readonly<Record<string, readonly Engine[]>> = {
  DeepseekV3ForCausalLM: ['vllm', 'sglang', 'trtllm'],
  Gemma3ForCausalLM: ['vllm', 'sglang', 'trtllm'],
  Gemma3ForConditionalGeneration: ['vllm', 'sglang', 'trtllm'],
  Glm4MoeForCausalLM: ['vllm', 'sglang', 'trtllm'],
  GptOssForCausalLM: ['vllm', 'sglang', 'trtllm'],
  LlamaForCausalLM: ['vllm', 'sglang', 'trtllm'],
  MistralForCausalLM: ['vllm', 'sglang', 'trtllm'],
  MixtralForCausalLM: ['vllm', 'sglang', 'trtllm'],
  Phi3ForCausalLM: ['vllm', 'sglang', 'trtllm'],
  Qwen2ForCausalLM: ['vllm', 'sglang', 'trtllm'],
  Qwen3ForCausalLM: ['vllm', 'sglang', 'trtllm'],
  Qwen3MoeForCausalLM: ['vllm', 'sglang', 'trtllm'],
  DeepseekV2ForCausalLM: ['vllm', 'sglang'],
  Gemma2ForCausalLM: ['vllm', 'sglang'],
};

/** Engines known to serve an architecture; null where the table does not have it. */
export const enginesFor = (architecture: string | null): readonly Engine[] | null =>
  (architecture === null ? undefined : support[architecture]) ?? null;
