/** How a figure is worked out from its series. */
type Reckoning =
  /** What holds now, over all pods. */
  | 'sum'
  /** What holds now, on average over the pods. */
  | 'mean'
  /** How much a counter grew, per second. */
  | 'rate'
  /** How far a counter has come. */
  | 'total'
  /** Of a histogram of seconds, in milliseconds. */
  | { readonly percentile: number };

export interface FigureRule {
  readonly title: string;
  readonly unit: string;
  readonly of: Quantity;
  readonly reckoning: Reckoning;
}

/** What runtimes and engines count, each under names of its own. */
const quantities = [
  'requests',
  'running',
  'waiting',
  'timeToFirstToken',
  'interTokenLatency',
  'promptTokens',
  'outputTokens',
  'kvCacheUse',
] as const;
type Quantity = (typeof quantities)[number];

/** Names of the series that hold a quantity, the best first. Of a counter the full name, of a histogram the bare one. */
export type FigureSeries = Readonly<Record<Quantity, readonly string[]>>;

/** What is told about a deployment, in this order. */
export const figureRules = {
  requestsTotal: { title: 'requests so far', unit: '', of: 'requests', reckoning: 'total' },
  requestRate: { title: 'requests', unit: '/s', of: 'requests', reckoning: 'rate' },
  requestsRunning: { title: 'running', unit: '', of: 'running', reckoning: 'sum' },
  requestsWaiting: { title: 'waiting', unit: '', of: 'waiting', reckoning: 'sum' },
  ttftP50: { title: 'time to first token p50', unit: 'ms', of: 'timeToFirstToken', reckoning: { percentile: 0.5 } },
  ttftP95: { title: 'time to first token p95', unit: 'ms', of: 'timeToFirstToken', reckoning: { percentile: 0.95 } },
  itlP50: { title: 'inter-token latency p50', unit: 'ms', of: 'interTokenLatency', reckoning: { percentile: 0.5 } },
  itlP95: { title: 'inter-token latency p95', unit: 'ms', of: 'interTokenLatency', reckoning: { percentile: 0.95 } },
  promptTokenRate: { title: 'prompt tokens', unit: '/s', of: 'promptTokens', reckoning: 'rate' },
  outputTokenRate: { title: 'output tokens', unit: '/s', of: 'outputTokens', reckoning: 'rate' },
  kvCacheUse: { title: 'KV cache in use', unit: '%', of: 'kvCacheUse', reckoning: 'mean' },
} as const satisfies Readonly<Record<string, FigureRule>>;

export type FigureName = keyof typeof figureRules;
