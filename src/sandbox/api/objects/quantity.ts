import type { Json } from './json.ts';

const factors: { readonly [suffix: string]: number } = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A quantity such as `500m`, `16Gi` or 2 as a number; undefined where it is none. */
export function parseQuantity(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(n|u|m|k|[MGTPE]i?|Ki)?$/.exec(value);
  const factor = factors[match?.[2] ?? ''];
  return match === null || factor === undefined ? undefined : Number(match[1]) * factor;
}

const binary = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'];

/** A number as a quantity: thousandths where it is no whole number, binary units for whole amounts of memory. */
export function formatQuantity(value: number, isMemory = false): string {
  if (!Number.isInteger(value)) return `${Math.round(value * 1000)}m`;
  if (isMemory && value !== 0) {
    for (const suffix of binary) {
      const factor = factors[suffix] ?? 1;
      if (value % factor === 0) return `${value / factor}${suffix}`;
    }
  }
  return String(value);
}
