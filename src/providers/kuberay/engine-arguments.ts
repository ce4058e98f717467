import { entriesAt } from '../../kubernetes.ts';
import { nearest } from '../nearest.ts';
import type { Problem } from '../provider.ts';
import type { DeploymentSpec } from '../spec.ts';

type Kind = 'text' | 'number' | 'flag' | 'json';

/** Keys of `engine_kwargs` that Ray Serve LLM hands to vLLM (AsyncEngineArgs and the front-end arguments of vLLM 0.26), with the type of their value. */
const known: ReadonlyMap<string, Kind> = new Map<string, Kind>(
  Object.entries({
    additional_config: 'json',
    aggregate_engine_logging: 'flag',
    all2all_backend: 'text',
    allowed_local_media_path: 'text',
    allowed_media_domains: 'json',
    async_scheduling: 'flag',
    attention_backend: 'text',
    attention_config: 'json',
    block_size: 'number',
    calculate_kv_scales: 'flag',
    chat_template: 'text',
    chat_template_content_format: 'text',
    code_revision: 'text',
    compilation_config: 'json',
    config_format: 'text',
    convert: 'text',
    cpu_offload_gb: 'number',
    cudagraph_capture_sizes: 'json',
    default_mm_loras: 'json',
    disable_cascade_attn: 'flag',
    disable_chunked_mm_input: 'flag',
    disable_custom_all_reduce: 'flag',
    disable_hybrid_kv_cache_manager: 'flag',
    disable_sliding_window: 'flag',
    download_dir: 'text',
    dtype: 'text',
    enable_auto_tool_choice: 'flag',
    enable_chunked_prefill: 'flag',
    enable_dbo: 'flag',
    enable_eplb: 'flag',
    enable_expert_parallel: 'flag',
    enable_lora: 'flag',
    enable_mm_embeds: 'flag',
    enable_prefix_caching: 'flag',
    enable_prompt_embeds: 'flag',
    enable_sleep_mode: 'flag',
    enforce_eager: 'flag',
    eplb_config: 'json',
    expert_placement_strategy: 'text',
    fully_sharded_loras: 'flag',
    generation_config: 'text',
    gpu_memory_utilization: 'number',
    hf_config_path: 'text',
    hf_overrides: 'json',
    ignore_patterns: 'json',
    interleave_mm_strings: 'flag',
    kernel_config: 'json',
    kv_cache_dtype: 'text',
    kv_cache_memory_bytes: 'number',
    kv_cache_metrics: 'flag',
    kv_events_config: 'json',
    kv_offloading_backend: 'text',
    kv_offloading_size: 'number',
    kv_sharing_fast_prefill: 'flag',
    language_model_only: 'flag',
    limit_mm_per_prompt: 'json',
    load_format: 'text',
    logits_processors: 'json',
    logprobs_mode: 'text',
    long_prefill_token_threshold: 'number',
    lora_dtype: 'text',
    mamba_block_size: 'number',
    mamba_cache_dtype: 'text',
    mamba_cache_mode: 'text',
    mamba_ssm_cache_dtype: 'text',
    max_cpu_loras: 'number',
    max_cudagraph_capture_size: 'number',
    max_logprobs: 'number',
    max_long_partial_prefills: 'number',
    max_lora_rank: 'number',
    max_loras: 'number',
    max_num_batched_tokens: 'number',
    max_num_partial_prefills: 'number',
    max_num_seqs: 'number',
    max_parallel_loading_workers: 'number',
    media_io_kwargs: 'json',
    mm_encoder_attn_backend: 'text',
    mm_encoder_tp_mode: 'text',
    mm_processor_cache_gb: 'number',
    mm_processor_cache_type: 'text',
    mm_processor_kwargs: 'json',
    model_impl: 'text',
    model_loader_extra_config: 'json',
    moe_backend: 'text',
    num_gpu_blocks_override: 'number',
    optimization_level: 'number',
    override_generation_config: 'json',
    performance_mode: 'text',
    pooler_config: 'json',
    prefix_caching_hash_algo: 'text',
    reasoning_parser: 'text',
    revision: 'text',
    runner: 'text',
    safetensors_load_strategy: 'text',
    scheduler_cls: 'text',
    scheduling_policy: 'text',
    seed: 'number',
    skip_mm_profiling: 'flag',
    skip_tokenizer_init: 'flag',
    speculative_config: 'json',
    stream_interval: 'number',
    structured_outputs_config: 'json',
    tokenizer: 'text',
    tokenizer_mode: 'text',
    tokenizer_revision: 'text',
    tool_call_parser: 'text',
    use_tqdm_on_load: 'flag',
    video_pruning_rate: 'number',
  } as const),
);

/** Arguments that we or Ray Serve set, and what to use instead. */
const owned: ReadonlyMap<string, string> = new Map(
  Object.entries({
    data_parallel_size: 'use replicas: every replica is a copy of the model',
    disable_log_stats: 'Ray Serve needs the statistics for its metrics: leave it out',
    distributed_executor_backend: 'Ray Serve sets it: leave it out',
    hf_token: 'use hfTokenSecret, the name of a Secret',
    kv_transfer_config: 'use mode disaggregated',
    max_model_len: 'use contextLength',
    model: 'use model',
    pipeline_parallel_size: 'use gpus: a replica stays on one node',
    quantization: 'use quantization',
    served_model_name: 'use servedModelName',
    tensor_parallel_size: 'use gpus: tensor parallelism follows it',
    trust_remote_code: 'use trustRemoteCode',
  }),
);

type Value = string | number | boolean;

/** `--max-num-seqs` → `max_num_seqs`, the spelling of `engine_kwargs`. */
const spelled = (name: string): string => name.replace(/^-+/, '').replaceAll('-', '_');

const read: Readonly<Record<Kind, (value: Value) => unknown>> = {
  text: (value) => (typeof value === 'string' ? value : undefined),
  number: (value) =>
    typeof value === 'number'
      ? value
      : typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
        ? Number(value)
        : undefined,
  flag: (value) =>
    typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : undefined,
  json: (value) => {
    if (typeof value !== 'string') return undefined;
    try {
      const parsed: unknown = JSON.parse(value);
      return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
    } catch {
      return undefined;
    }
  },
};

const wanted: Readonly<Record<Kind, string>> = {
  text: 'a text',
  number: 'a number',
  flag: 'true or false',
  json: 'a JSON object or list, written as text',
};

function refusal(given: string, name: string, value: Value): Omit<Problem, 'path' | 'severity'> | undefined {
  const instead = owned.get(name);
  if (instead !== undefined)
    return {
      code: 'INVALID_FOR_RUNTIME',
      message: `The engine argument ${given} is not set through engineArgs.`,
      hint: `Instead: ${instead}.`,
    };
  const kind = known.get(name);
  if (kind === undefined) {
    const near = nearest(name, [...known.keys(), ...owned.keys()]);
    return {
      code: 'INVALID_FOR_RUNTIME',
      message: `vLLM has no engine argument ${given}.`,
      hint:
        near.length > 0
          ? `Did you mean ${near.join(' or ')}?`
          : "Use vLLM's own, in snake_case, such as gpu_memory_utilization and max_num_seqs.",
      allowed: near.length > 0 ? near : [...known.keys()],
    };
  }
  if (read[kind](value) === undefined)
    return {
      code: 'INPUT_INVALID',
      message: `The engine argument ${given} takes ${wanted[kind]}, not ${JSON.stringify(value)}.`,
      hint: `Give ${name} as ${wanted[kind]}.`,
    };
  return undefined;
}

/** What is wrong with `engineArgs`: unknown names (with near ones), names that another field owns, values of the wrong type, names given twice. */
export function engineArgumentProblems(spec: DeploymentSpec): readonly Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [given, value] of Object.entries(spec.engineArgs ?? {})) {
    const name = spelled(given);
    const found = seen.has(name)
      ? {
          code: 'INPUT_INVALID' as const,
          message: `The engine argument ${name} is given twice.`,
          hint: `Keep one of the spellings of ${name}.`,
        }
      : refusal(given, name, value);
    seen.add(name);
    if (found !== undefined) problems.push({ path: `engineArgs.${given}`, severity: 'error', ...found });
  }
  return problems;
}

/** `engineArgs` as keys of `engine_kwargs`. Call it on specs without {@link engineArgumentProblems}. */
export function engineArguments(spec: DeploymentSpec): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = {};
  for (const [given, value] of Object.entries(spec.engineArgs ?? {})) {
    const name = spelled(given);
    const kind = known.get(name);
    if (kind !== undefined) result[name] = read[kind](value);
  }
  return result;
}

/** The other way round: of `engine_kwargs` those that `engineArgs` can hold. */
export const engineArgsIn = (engineKwargs: unknown): Readonly<Record<string, Value>> =>
  Object.fromEntries(
    entriesAt(engineKwargs).flatMap(([name, value]) => {
      const kind = owned.has(name) ? undefined : known.get(name);
      const written = kind === 'json' ? JSON.stringify(value) : value;
      const isValue = typeof written === 'string' || typeof written === 'number' || typeof written === 'boolean';
      return kind !== undefined && isValue && read[kind](written) !== undefined ? [[name, written]] : [];
    }),
  );
