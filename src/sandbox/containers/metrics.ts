import type { Usage } from './openai.ts';

interface Series {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly value: number;
}

const written = (series: readonly Series[], labels: string): string =>
  series.map(({ name, type, value }) => `# TYPE ${name} ${type}\n${name}{${labels}} ${value}\n`).join('');

const histogram = (name: string, labels: string, count: number, each: number): string => {
  const buckets = [each / 2, each, each * 2].map(
    (limit, index) => `${name}_bucket{${labels},le="${limit}"} ${index === 0 ? 0 : count}\n`,
  );
  return `# TYPE ${name} histogram\n${buckets.join('')}${name}_bucket{${labels},le="+Inf"} ${count}\n${name}_sum{${labels}} ${count * each}\n${name}_count{${labels}} ${count}\n`;
};

const label = (models: readonly string[]): string => `model="${models[0] ?? ''}"`;

/** Prometheus text of a Dynamo frontend. Series appear with the first request, as they do there. */
export function frontendMetrics(models: readonly string[], { requests, answerTokens }: Usage): string {
  if (requests === 0) return '';
  const labels = label(models);
  return (
    written(
      [
        { name: 'dynamo_frontend_requests_total', type: 'counter', value: requests },
        { name: 'dynamo_frontend_active_requests', type: 'gauge', value: 0 },
        { name: 'dynamo_frontend_queued_requests', type: 'gauge', value: 0 },
        { name: 'dynamo_frontend_output_tokens_total', type: 'counter', value: answerTokens },
      ],
      labels,
    ) +
    histogram('dynamo_frontend_time_to_first_token_seconds', labels, requests, 0.08) +
    histogram('dynamo_frontend_inter_token_latency_seconds', labels, answerTokens, 0.005)
  );
}

/** Prometheus text of an engine: vLLM's names, on Ray with its prefix. */
export function engineMetrics(prefix: 'vllm:' | 'ray_vllm_', models: readonly string[], usage: Usage): string {
  const labels = label(models).replace('model=', 'model_name=');
  return (
    written(
      [
        { name: `${prefix}num_requests_running`, type: 'gauge', value: 0 },
        { name: `${prefix}num_requests_waiting`, type: 'gauge', value: 0 },
        { name: `${prefix}kv_cache_usage_perc`, type: 'gauge', value: usage.requests > 0 ? 0.04 : 0 },
        { name: `${prefix}prompt_tokens_total`, type: 'counter', value: usage.promptTokens },
        { name: `${prefix}generation_tokens_total`, type: 'counter', value: usage.answerTokens },
      ],
      labels,
    ) + histogram(`${prefix}time_to_first_token_seconds`, labels, usage.requests, 0.08)
  );
}
