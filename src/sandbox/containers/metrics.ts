import type { Distribution, Usage } from './usage.ts';

type Sample = readonly [name: string, type: 'counter' | 'gauge', value: number] | readonly [name: string, Distribution];

const header = (name: string, type: string): string => `# TYPE ${name} ${type}\n`;

function histogram(name: string, labels: string, { counts, sum, count }: Distribution): string {
  const buckets = [...counts, { bound: '+Inf', count }].map(
    (bucket) => `${name}_bucket{${labels},le="${bucket.bound}"} ${bucket.count}\n`,
  );
  return `${header(name, 'histogram')}${buckets.join('')}${name}_sum{${labels}} ${sum}\n${name}_count{${labels}} ${count}\n`;
}

const written = (samples: readonly Sample[], labels: string): string =>
  samples
    .map((sample) =>
      sample.length === 2
        ? histogram(sample[0], labels, sample[1])
        : `${header(sample[0], sample[1])}${sample[0]}{${labels}} ${sample[2]}\n`,
    )
    .join('');

const label = (name: string, models: readonly string[]): string => `${name}="${models[0] ?? ''}"`;

/** Prometheus text of a Dynamo frontend. Series appear with the first request, as they do there. */
export function frontendMetrics(models: readonly string[], usage: Usage): string {
  if (usage.requests === 0) return '';
  const samples: readonly Sample[] = [
    ['dynamo_frontend_requests_total', 'counter', usage.requests],
    ['dynamo_frontend_active_requests', 'gauge', usage.running],
    ['dynamo_frontend_queued_requests', 'gauge', 0],
    ['dynamo_frontend_output_tokens_total', 'counter', usage.answerTokens],
    ['dynamo_frontend_time_to_first_token_seconds', usage.firstToken],
    ['dynamo_frontend_inter_token_latency_seconds', usage.betweenTokens],
  ];
  return written(samples, label('model', models));
}

const kvCacheUse = ({ requests, running }: Usage): number => (requests === 0 ? 0 : 0.04 + running * 0.01);

/** vLLM's series, on Ray with its prefix. */
const vllm = (prefix: string, usage: Usage): readonly Sample[] => [
  [`${prefix}num_requests_running`, 'gauge', usage.running],
  [`${prefix}num_requests_waiting`, 'gauge', 0],
  [`${prefix}kv_cache_usage_perc`, 'gauge', kvCacheUse(usage)],
  [`${prefix}request_success_total`, 'counter', usage.requests],
  [`${prefix}prompt_tokens_total`, 'counter', usage.promptTokens],
  [`${prefix}generation_tokens_total`, 'counter', usage.answerTokens],
  [`${prefix}time_to_first_token_seconds`, usage.firstToken],
  [`${prefix}inter_token_latency_seconds`, usage.betweenTokens],
];

const sglang = (usage: Usage): readonly Sample[] => [
  ['sglang:num_running_reqs', 'gauge', usage.running],
  ['sglang:num_queue_reqs', 'gauge', 0],
  ['sglang:token_usage', 'gauge', kvCacheUse(usage)],
  ['sglang:num_requests_total', 'counter', usage.requests],
  ['sglang:prompt_tokens_total', 'counter', usage.promptTokens],
  ['sglang:generation_tokens_total', 'counter', usage.answerTokens],
  ['sglang:time_to_first_token_seconds', usage.firstToken],
  ['sglang:inter_token_latency_seconds', usage.betweenTokens],
];

/** As Dynamo passes on the few that TensorRT-LLM has. */
const trtllm = (usage: Usage): readonly Sample[] => [
  ['trtllm_request_success_total', 'counter', usage.requests],
  ['trtllm_time_to_first_token_seconds', usage.firstToken],
  ['trtllm_time_per_output_token_seconds', usage.betweenTokens],
];

const samplesOf: Readonly<Record<string, (usage: Usage) => readonly Sample[]>> = {
  vllm: (usage) => vllm('vllm:', usage),
  ray: (usage) => vllm('ray_vllm_', usage),
  sglang,
  trtllm,
};

/** Prometheus text of an engine in a Dynamo worker, or (`ray`) of vLLM in a Ray worker. */
export const engineMetrics = (engine: string, models: readonly string[], usage: Usage): string =>
  written(samplesOf[engine]?.(usage) ?? [], label('model_name', models));
