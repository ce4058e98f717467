/** Observations in seconds, counted up to each bound as Prometheus does. */
export interface Distribution {
  readonly counts: readonly { readonly bound: number; count: number }[];
  sum: number;
  count: number;
}

const distribution = (...bounds: readonly number[]): Distribution => ({
  counts: bounds.map((bound) => ({ bound, count: 0 })),
  sum: 0,
  count: 0,
});

export function observe(into: Distribution, seconds: number): void {
  into.sum += seconds;
  into.count += 1;
  for (const bucket of into.counts) {
    if (seconds <= bucket.bound) bucket.count += 1;
  }
}

/** What was asked of the pods of a deployment, for their metrics. */
export interface Usage {
  requests: number;
  running: number;
  promptTokens: number;
  answerTokens: number;
  readonly firstToken: Distribution;
  readonly betweenTokens: Distribution;
}

export const createUsage = (): Usage => ({
  requests: 0,
  running: 0,
  promptTokens: 0,
  answerTokens: 0,
  firstToken: distribution(0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10),
  betweenTokens: distribution(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.2, 0.5, 1),
});
