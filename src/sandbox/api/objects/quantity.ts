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

const nano = 10n ** 9n;
const powers = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const thousands = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];

/** A quantity as the server keeps it: the shortest text of the same amount, so that `2048Gi` becomes `2Ti`. */
export function canonicalQuantity(text: string): string {
  const match = /^([+-]?)(\d*)\.?(\d*)(n|u|m|k|[MGTPE]i?|Ki)?$/.exec(text);
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match ?? [];
  if (match === null || whole + fraction === '') return text;
  const power = powers.indexOf(suffix);
  const isBinary = power > 0;
  const unit = isBinary ? nano * 1024n ** BigInt(power) : 1000n ** BigInt(thousands.indexOf(suffix));
  const amount = (BigInt(whole + fraction) * unit) / 10n ** BigInt(fraction.length);
  if (amount === 0n) return '0';
  const shorten = (value: bigint, base: bigint, units: readonly string[]): string => {
    let rest = value;
    let step = 0;
    for (; rest % base === 0n && step < units.length - 1; step += 1) rest /= base;
    return `${sign === '-' ? '-' : ''}${rest}${units[step]}`;
  };
  if (isBinary && amount % nano === 0n && amount >= 1024n * nano) return shorten(amount / nano, 1024n, powers);
  return shorten(amount, 1000n, thousands);
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
