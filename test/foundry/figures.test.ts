import { describe, expect, test } from 'vitest';
import { type Figure, figuresOf, type Scrape } from '../../src/foundry/figures.ts';
import { parseMetrics } from '../../src/foundry/prometheus.ts';
import { dynamo } from '../../src/providers/dynamo/provider.ts';
import { kuberay } from '../../src/providers/kuberay/provider.ts';

const scrape = (last: string, first?: string, more: Partial<Scrape> = {}): Scrape => ({
  last: parseMetrics(last),
  ...(first === undefined ? {} : { first: parseMetrics(first) }),
  window: first === undefined ? 0 : 2,
  age: 100,
  ...more,
});

const byName = (figures: readonly Figure[]) => Object.fromEntries(figures.map((one) => [one.figure, one]));
const ofDynamo = (...scrapes: readonly Scrape[]) => byName(figuresOf(dynamo.reading.series, scrapes));

/** A histogram in seconds that has counted so many up to 0.1, 0.2 and 0.4. */
const histogram = (name: string, ...counts: readonly number[]) =>
  ['0.1', '0.2', '0.4', '+Inf']
    .map((bound, at) => `${name}_bucket{le="${bound}"} ${counts[at] ?? counts.at(-1)}`)
    .join('\n');

test('counters are rates over the window, added over the pods', () => {
  const pods = [
    scrape('dynamo_frontend_requests_total 30', 'dynamo_frontend_requests_total 10'),
    scrape('dynamo_frontend_requests_total 5', 'dynamo_frontend_requests_total 1'),
  ];
  const { requestRate, requestsTotal } = ofDynamo(...pods);
  expect(requestRate).toEqual({
    figure: 'requestRate',
    value: 12,
    unit: '/s',
    over: 'window',
    source: 'dynamo_frontend_requests_total',
    pods: 2,
  });
  expect(requestsTotal).toMatchObject({ value: 35, over: 'start' });
});

test('a counter that begins anew in the window counts from nought', () => {
  expect(
    ofDynamo(scrape('vllm:generation_tokens_total 8', 'vllm:generation_tokens_total 900')).outputTokenRate?.value,
  ).toBe(4);
});

test('with one reading, a rate is over the life of the process, and unknown where that is', () => {
  expect(ofDynamo(scrape('vllm:generation_tokens_total 800')).outputTokenRate).toMatchObject({
    value: 8,
    over: 'start',
  });
  const unknown = ofDynamo(scrape('vllm:generation_tokens_total 800', undefined, { age: null }));
  expect(unknown.outputTokenRate).toMatchObject({ value: null, over: null });
});

test('percentiles are of the window where something happened in it, else of all', () => {
  const ttft = 'dynamo_frontend_time_to_first_token_seconds';
  const busy = ofDynamo(scrape(histogram(ttft, 100, 110), histogram(ttft, 100, 100)));
  expect(busy.ttftP50).toMatchObject({ value: 150, unit: 'ms', over: 'window', source: ttft });
  const idle = ofDynamo(scrape(histogram(ttft, 100, 100), histogram(ttft, 100, 100)));
  expect(idle.ttftP50).toMatchObject({ value: 50, over: 'start' });
  const fresh = ofDynamo(scrape(histogram(ttft, 0, 0), histogram(ttft, 0, 0)));
  expect(fresh.ttftP50).toMatchObject({ value: null, over: null });
});

test('gauges are added, a share is averaged over engines', () => {
  const figures = ofDynamo(
    scrape(
      'vllm:num_requests_waiting 3\nvllm:kv_cache_usage_perc{engine="0"} 0.5\nvllm:kv_cache_usage_perc{engine="1"} 0.1',
    ),
    scrape('vllm:num_requests_waiting 1\nvllm:kv_cache_usage_perc 0.3'),
  );
  expect(figures.requestsWaiting).toMatchObject({ value: 4, over: 'now', pods: 2 });
  expect(figures.kvCacheUse).toMatchObject({ value: 30, unit: '%' });
});

test('what nothing tells is null, with no source', () => {
  for (const figure of Object.values(ofDynamo(scrape('')))) {
    expect(figure).toMatchObject({ value: null, over: null, source: null, pods: 0 });
  }
});

describe('a figure is found under the names of every version', () => {
  const value = (provider: typeof dynamo, text: string, figure: Figure['figure']) =>
    byName(figuresOf(provider.reading.series, [scrape(text)]))[figure];

  test.each([
    [dynamo, 'vllm:gpu_cache_usage_perc 0.5', 'kvCacheUse', 50],
    [dynamo, 'sglang:token_usage 0.25', 'kvCacheUse', 25],
    [dynamo, 'trtllm_kv_cache_utilization 0.1', 'kvCacheUse', 10],
    [dynamo, 'trtllm:request_success_total 4', 'requestsTotal', 4],
    [dynamo, 'sglang:num_queue_reqs 2', 'requestsWaiting', 2],
    [dynamo, 'dynamo_frontend_inflight_requests 3', 'requestsRunning', 3],
    [dynamo, 'dynamo_frontend_output_sequence_tokens_sum 500', 'outputTokenRate', 5],
    [dynamo, histogram('vllm:time_per_output_token_seconds', 10), 'itlP50', 50],
    [kuberay, 'ray_vllm:kv_cache_usage_perc 0.5', 'kvCacheUse', 50],
    [kuberay, 'ray_vllm_kv_cache_usage_perc 0.5', 'kvCacheUse', 50],
    [kuberay, 'ray_serve_num_http_requests_total 9', 'requestsTotal', 9],
  ] as const)('%o %s', (provider, text, figure, expected) => {
    expect(value(provider, text, figure)?.value).toBe(expected);
  });

  test("what clients see counts before the engine's own word", () => {
    const both = 'vllm:request_success_total 7\ndynamo_frontend_requests_total 5';
    expect(value(dynamo, both, 'requestsTotal')).toMatchObject({ value: 5, source: 'dynamo_frontend_requests_total' });
  });
});
