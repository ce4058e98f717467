import { describe, expect, test } from 'vitest';
import { parseMetrics, percentile } from '../../src/foundry/prometheus.ts';

describe('the text format of Prometheus', () => {
  test('series of one name are added up, and their number is kept', () => {
    const { values } = parseMetrics(
      [
        '# HELP vllm:num_requests_running Number of requests in model execution batches.',
        '# TYPE vllm:num_requests_running gauge',
        'vllm:num_requests_running{engine="0",model_name="a"} 2.0',
        'vllm:num_requests_running{engine="1",model_name="a"} 1.5e0 1700000000000',
        'process_start_time_seconds 1.7e+09',
      ].join('\n'),
    );
    expect(Object.fromEntries(values)).toEqual({
      'vllm:num_requests_running': { sum: 3.5, series: 2 },
      process_start_time_seconds: { sum: 1.7e9, series: 1 },
    });
  });

  test('braces, commas and quotes in a label are no labels', () => {
    const text = 'hits_bucket{model="a\\"}{,le=\\"9\\"",le="0.5"} 4\nhits_bucket{le="+Inf",model="b"} 7';
    expect(parseMetrics(text).histograms.get('hits')).toEqual(
      new Map([
        [0.5, 4],
        [Number.POSITIVE_INFINITY, 7],
      ]),
    );
  });

  test.each(['', '<html>502 Bad Gateway</html>', 'name', 'name{a="b"', 'name{a="b} 1', 'name NaN', '{"json": true}'])(
    '%j is no sample, and no failure',
    (text) => {
      expect(parseMetrics(text)).toEqual({ values: new Map(), histograms: new Map() });
    },
  );

  test('a hundred thousand lines that never close their labels are read in one pass', () => {
    const line = `name{${'a="{",'.repeat(2_000)}`;
    expect(parseMetrics(`${line}\n`.repeat(200)).values.size).toBe(0);
  });
});

describe('percentiles of a histogram', () => {
  const buckets = new Map([
    [0.1, 50],
    [0.2, 90],
    [0.4, 100],
    [Number.POSITIVE_INFINITY, 100],
  ]);

  test.each([
    [0.5, 0.1],
    [0.7, 0.15],
    [0.9, 0.2],
    [0.95, 0.3],
    [0.25, 0.05],
  ])('the %d quantile lies where Prometheus says', (share, value) => {
    expect(percentile(buckets, share)).toBeCloseTo(value, 10);
  });

  test('what lies above the last bound is told as that bound', () => {
    expect(
      percentile(
        new Map([
          [0.1, 1],
          [Number.POSITIVE_INFINITY, 10],
        ]),
        0.95,
      ),
    ).toBe(0.1);
  });

  test('without observations there is none', () => {
    expect(
      percentile(
        new Map([
          [0.1, 0],
          [Number.POSITIVE_INFINITY, 0],
        ]),
        0.5,
      ),
    ).toBeNull();
    expect(percentile(new Map(), 0.5)).toBeNull();
  });
});
