const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti'] as const;
const decimal = ['m', '', 'k', 'M', 'G', 'T'] as const;

const shape = /^(\d+)(?:\.(\d+))?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/;

/** The number in its smallest unit (bytes, or thousandths), rounded up. */
function scaled(digits: bigint, decimals: number, base: bigint, power: number): bigint {
  const divisor = 10n ** BigInt(decimals);
  return (digits * base ** BigInt(power) + divisor - 1n) / divisor;
}

/** A quantity in its smallest unit; undefined where it is none. */
function amountOf(quantity: string) {
  const [, whole, fraction = '', suffix = ''] = shape.exec(quantity) ?? [];
  if (whole === undefined) return undefined;
  const isBinary = suffix.endsWith('i');
  const suffixes: readonly string[] = isBinary ? binary : decimal;
  const base = isBinary ? 1024n : 1000n;
  const amount = scaled(BigInt(whole + fraction), fraction.length, base, suffixes.indexOf(suffix));
  return { amount, suffixes, base, isBinary };
}

/**
 * A quantity as Kubernetes' own types write it (`1024Mi` → `1Gi`, `0.5` → `500m`). The operator rewrites whole objects through them:
 * a quantity in another form would change then, and every later apply would conflict with it.
 */
export function canonicalQuantity(quantity: string): string {
  const read = amountOf(quantity);
  if (!read) return quantity;
  const { suffixes, base } = read;
  let rest = read.amount;
  if (rest === 0n) return '0';
  let unit = 0;
  while (unit < suffixes.length - 1 && rest % base === 0n) {
    rest /= base;
    unit += 1;
  }
  return `${rest}${suffixes[unit]}`;
}

/** `1.5Gi` → 1,610,612,736; undefined for what is no amount of memory. */
export function bytes(quantity: string): number | undefined {
  const read = amountOf(quantity);
  return read && Number(read.amount) / (read.isBinary ? 1 : 1000);
}

/** `500m` → 0.5; undefined for what is no amount of CPUs. */
export function cores(quantity: string): number | undefined {
  const [, amount, milli] = /^(\d+(?:\.\d+)?)(m?)$/.exec(quantity) ?? [];
  return amount === undefined ? undefined : Number(amount) / (milli === 'm' ? 1000 : 1);
}
