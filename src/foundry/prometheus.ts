/** What one endpoint counts, series of the same name taken together. */
export interface Samples {
  /** By name: the sum over its series, and how many these are. */
  readonly values: ReadonlyMap<string, { readonly sum: number; readonly series: number }>;
  /** By a histogram's bare name: observations up to each bound. */
  readonly histograms: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

const bound = /(?:^|,)\s*le="([^"]*)"/;

/**
 * Reads the text format of Prometheus, leniently: a line that is none says nothing.
 * Format: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parseMetrics(text: string): Samples {
  const values = new Map<string, { sum: number; series: number }>();
  const histograms = new Map<string, Map<number, number>>();
  for (const line of text.split('\n')) {
    const sample = readSample(line);
    if (sample === undefined || Number.isNaN(sample.value)) continue;
    const { name, labels, value } = sample;
    const limit = name.endsWith('_bucket') ? bound.exec(labels)?.[1] : undefined;
    if (limit === undefined) {
      const { sum, series } = values.get(name) ?? { sum: 0, series: 0 };
      values.set(name, { sum: sum + value, series: series + 1 });
      continue;
    }
    const of = name.slice(0, -'_bucket'.length);
    const buckets = histograms.get(of) ?? new Map<number, number>();
    const upTo = numberOf(limit);
    buckets.set(upTo, (buckets.get(upTo) ?? 0) + value);
    histograms.set(of, buckets);
  }
  return { values, histograms };
}

const nameAtStart = /^([a-zA-Z_:][a-zA-Z0-9_:]*)/;

function readSample(line: string): { name: string; labels: string; value: number } | undefined {
  const name = nameAtStart.exec(line)?.[1];
  if (name === undefined) return undefined;
  const end = line[name.length] === '{' ? endOfLabels(line, name.length + 1) : name.length;
  if (end === undefined) return undefined;
  const labels = end === name.length ? '' : line.slice(name.length + 1, end);
  const [value = ''] = line
    .slice(end === name.length ? end : end + 1)
    .trim()
    .split(/\s/, 1);
  return { name, labels, value: numberOf(value) };
}

/** Where the labels end: a brace in a quoted value is none. */
function endOfLabels(line: string, start: number): number | undefined {
  let quoted = false;
  for (let at = start; at < line.length; at += 1) {
    const character = line[at];
    if (quoted && character === '\\') at += 1;
    else if (character === '"') quoted = !quoted;
    else if (character === '}' && !quoted) return at;
  }
  return undefined;
}

const numberOf = (text: string): number =>
  text === '+Inf'
    ? Number.POSITIVE_INFINITY
    : text === '-Inf'
      ? Number.NEGATIVE_INFINITY
      : text === ''
        ? Number.NaN
        : Number(text);

/**
 * The value below which that share of the observations lies, as Prometheus' histogram_quantile reckons it: evenly spread within a
 * bucket; of what lies above the last finite bound, that bound. Null without observations.
 */
export function percentile(buckets: ReadonlyMap<number, number>, share: number): number | null {
  const bounds = [...buckets].sort(([one], [other]) => one - other);
  const total = bounds.at(-1)?.[1] ?? 0;
  if (total <= 0) return null;
  const rank = share * total;
  let below = { limit: 0, count: 0 };
  for (const [limit, count] of bounds) {
    if (count >= rank) {
      if (!Number.isFinite(limit)) return below.limit;
      const inside = count - below.count;
      return below.limit + (inside === 0 ? 0 : (limit - below.limit) * ((rank - below.count) / inside));
    }
    below = { limit, count };
  }
  return below.limit;
}
