import { joined, sglangSeries, trtllmSeries, vllmSeries } from '../engine-series.ts';
import type { FigureSeries } from '../figures.ts';
import { type LogTarget, logTargetsOf, type MetricTarget, metricTargetsOf } from '../observation.ts';
import type { Snapshot } from '../provider.ts';
import { pods } from './status.ts';

export const logTargets = (snapshot: Snapshot): readonly LogTarget[] => logTargetsOf(pods(snapshot), 'main');

/** Ports that the operator injects (ai-dynamo/dynamo 1.5.0): frontends answer on `http`, workers on `system`. */
export const metricTargets = (snapshot: Snapshot): readonly MetricTarget[] =>
  metricTargetsOf(pods(snapshot), (role) =>
    role === 'frontend' ? { name: 'http', usual: 8000 } : { name: 'system', usual: 9090 },
  );

/** What the frontend counts, which is what clients see. */
const frontend: FigureSeries = {
  requests: ['dynamo_frontend_requests_total'],
  running: ['dynamo_frontend_active_requests', 'dynamo_frontend_inflight_requests'],
  waiting: ['dynamo_frontend_queued_requests'],
  timeToFirstToken: ['dynamo_frontend_time_to_first_token_seconds'],
  interTokenLatency: ['dynamo_frontend_inter_token_latency_seconds'],
  promptTokens: ['dynamo_frontend_input_sequence_tokens_sum'],
  outputTokens: ['dynamo_frontend_output_tokens_total', 'dynamo_frontend_output_sequence_tokens_sum'],
  kvCacheUse: [],
};

export const series: FigureSeries = joined(frontend, vllmSeries('vllm:'), sglangSeries, trtllmSeries);
