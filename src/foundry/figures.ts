import * as z from 'zod';
import { type FigureName, type FigureRule, type FigureSeries, figureRules } from '../providers/figures.ts';
import { percentile, type Samples } from './prometheus.ts';

const names = Object.keys(figureRules).filter((name): name is FigureName => name in figureRules);

/** One figure with where it comes from. */
export const figure = z.object({
  figure: z.enum(names),
  value: z.number().nullable(),
  unit: z.string(),
  over: z.enum(['now', 'window', 'start']).nullable().describe('start: since its pods started'),
  source: z.string().nullable().describe('the series'),
  pods: z.int().describe('that have this series'),
});

export type Figure = z.output<typeof figure>;

/** A figure in words: `time to first token p50`. */
export const titleOf = ({ figure: name }: Figure): string => figureRules[name].title;

/** What one pod counted, twice where it could be asked twice. */
export interface Scrape {
  readonly first?: Samples;
  readonly last: Samples;
  /** Seconds between the two. */
  readonly window: number;
  /** Seconds that its process had run by the last one; null = unknown. */
  readonly age: number | null;
}

/** Every figure, in the order of the table. */
export const figuresOf = (series: FigureSeries, scrapes: readonly Scrape[]): readonly Figure[] =>
  names.map((name) => {
    const rule: FigureRule = figureRules[name];
    for (const source of series[rule.of]) {
      const having = scrapes.filter(({ last }) => last.values.has(source) || last.histograms.has(source));
      const reckoned = having.length === 0 ? undefined : reckon(rule, source, having);
      if (reckoned === undefined) continue;
      return {
        figure: name,
        ...reckoned,
        value: rounded(reckoned.value),
        unit: rule.unit,
        source,
        pods: having.length,
      };
    }
    return { figure: name, value: null, unit: rule.unit, over: null, source: null, pods: 0 };
  });

type Reckoned = Pick<Figure, 'value' | 'over'>;

function reckon({ reckoning }: FigureRule, source: string, scrapes: readonly Scrape[]): Reckoned | undefined {
  if (typeof reckoning === 'object') return latency(source, reckoning.percentile, scrapes);
  const values = scrapes.flatMap(({ last }) => last.values.get(source) ?? []);
  const sum = total(values.map((value) => value.sum));
  switch (reckoning) {
    case 'sum':
      return { value: sum, over: 'now' };
    case 'mean':
      return { value: (100 * sum) / total(values.map((value) => value.series)), over: 'now' };
    case 'total':
      return { value: sum, over: 'start' };
    case 'rate':
      return rate(source, scrapes);
  }
}

function rate(source: string, scrapes: readonly Scrape[]): Reckoned {
  const at = (samples: Samples | undefined): number => samples?.values.get(source)?.sum ?? 0;
  if (scrapes.every(({ first, window }) => first !== undefined && window > 0)) {
    return {
      value: total(scrapes.map(({ first, last, window }) => grown(at(first), at(last)) / window)),
      over: 'window',
    };
  }
  const rates = scrapes.map(({ last, age }) => (age === null || age <= 0 ? null : at(last) / age));
  const known = rates.filter((one) => one !== null);
  return known.length === rates.length ? { value: total(known), over: 'start' } : { value: null, over: null };
}

/** Of the window where something happened in it, else of all that happened. Null before the first observation. */
function latency(source: string, share: number, scrapes: readonly Scrape[]): Reckoned {
  const lasts = scrapes.flatMap(({ last }) => last.histograms.get(source) ?? []);
  const changes = scrapes.flatMap(({ first, last }) => {
    const now = last.histograms.get(source);
    if (now === undefined || first === undefined) return [];
    const before = first.histograms.get(source);
    return [new Map([...now].map(([limit, count]) => [limit, grown(before?.get(limit) ?? 0, count)]))];
  });
  const lately = changes.length === scrapes.length ? percentile(added(changes), share) : null;
  const value = lately ?? percentile(added(lasts), share);
  return {
    value: value === null ? null : value * 1000,
    over: value === null ? null : lately === null ? 'start' : 'window',
  };
}

/** A counter that has become less began anew. */
const grown = (before: number, now: number): number => (now >= before ? now - before : now);

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

function added(histograms: readonly ReadonlyMap<number, number>[]): ReadonlyMap<number, number> {
  const sum = new Map<number, number>();
  for (const [limit, count] of histograms.flatMap((one) => [...one])) sum.set(limit, (sum.get(limit) ?? 0) + count);
  return sum;
}

/** Three significant digits; counts stay whole. */
const rounded = (value: number | null): number | null =>
  value === null || !Number.isFinite(value) ? null : Number.isInteger(value) ? value : Number(value.toPrecision(3));
