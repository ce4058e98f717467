const units: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A Kubernetes quantity (`200m`, `32Gi`, 4) as a number; 0 where it is none. */
export function quantity(value: unknown): number {
  if (typeof value === 'number') return value;
  const [, amount, unit = ''] =
    /^([0-9.]+)(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(typeof value === 'string' ? value : '') ?? [];
  return amount === undefined ? 0 : Number(amount) * (units[unit] ?? 1);
}

/** Bytes as Kubernetes prints a sum of them: in the greatest binary unit that divides them. */
export function bytes(total: number): string {
  const unit = ['Ti', 'Gi', 'Mi', 'Ki'].find((name) => total > 0 && total % (units[name] ?? 1) === 0);
  return unit === undefined ? String(total) : `${total / (units[unit] ?? 1)}${unit}`;
}
