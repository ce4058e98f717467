import type { FigureSeries } from './figures.ts';

const vllmNames = {
  requests: ['request_success_total'],
  running: ['num_requests_running'],
  waiting: ['num_requests_waiting'],
  timeToFirstToken: ['time_to_first_token_seconds'],
  // Before 0.11: time_per_output_token_seconds.
  interTokenLatency: ['inter_token_latency_seconds', 'time_per_output_token_seconds'],
  promptTokens: ['prompt_tokens_total'],
  outputTokens: ['generation_tokens_total'],
  // The V0 engine: gpu_cache_usage_perc.
  kvCacheUse: ['kv_cache_usage_perc', 'gpu_cache_usage_perc'],
} as const satisfies FigureSeries;

/** vLLM's names, under the prefixes that a runtime gives them (https://docs.vllm.ai/en/stable/usage/metrics/). */
export const vllmSeries = (...prefixes: readonly string[]): FigureSeries =>
  mapped(vllmNames, (names) => prefixes.flatMap((prefix) => names.map((name) => `${prefix}${name}`)));

/** https://docs.sglang.io/references/production_metrics.html */
export const sglangSeries: FigureSeries = {
  requests: ['sglang:num_requests_total'],
  running: ['sglang:num_running_reqs'],
  waiting: ['sglang:num_queue_reqs'],
  timeToFirstToken: ['sglang:time_to_first_token_seconds'],
  interTokenLatency: ['sglang:inter_token_latency_seconds', 'sglang:time_per_output_token_seconds'],
  promptTokens: ['sglang:prompt_tokens_total'],
  outputTokens: ['sglang:generation_tokens_total'],
  kvCacheUse: ['sglang:token_usage'],
};

/** As Dynamo passes them on; up to 0.7 with a colon (https://docs.nvidia.com/dynamo/latest/backends/trtllm/prometheus.html). */
export const trtllmSeries: FigureSeries = {
  requests: ['trtllm_request_success_total', 'trtllm:request_success_total'],
  running: [],
  waiting: [],
  timeToFirstToken: ['trtllm_time_to_first_token_seconds', 'trtllm:time_to_first_token_seconds'],
  interTokenLatency: ['trtllm_time_per_output_token_seconds', 'trtllm:time_per_output_token_seconds'],
  promptTokens: [],
  outputTokens: [],
  kvCacheUse: ['trtllm_kv_cache_utilization'],
};

/** The names of several sources, those of the first one first. */
export const joined = (first: FigureSeries, ...others: readonly FigureSeries[]): FigureSeries =>
  mapped(first, (names, quantity) => [...names, ...others.flatMap((other) => other[quantity])]);

function mapped(
  series: FigureSeries,
  change: (names: readonly string[], quantity: keyof FigureSeries) => readonly string[],
): FigureSeries {
  const of = (quantity: keyof FigureSeries) => change(series[quantity], quantity);
  return {
    requests: of('requests'),
    running: of('running'),
    waiting: of('waiting'),
    timeToFirstToken: of('timeToFirstToken'),
    interTokenLatency: of('interTokenLatency'),
    promptTokens: of('promptTokens'),
    outputTokens: of('outputTokens'),
    kvCacheUse: of('kvCacheUse'),
  };
}
