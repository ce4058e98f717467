const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
] as const;

/** How long ago, as kubectl says it: `45s`, `12m`, `3h`, `6d`; `?` where the time is unknown. */
export function age(timestamp: string | null | undefined, now: Date): string {
  const began = timestamp ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(began)) return '?';
  const seconds = Math.max(0, Math.floor((now.getTime() - began) / 1000));
  for (const [unit, length] of units) {
    // Two of a unit before it is used: 90s says more than 1m.
    if (seconds >= 2 * length) return `${Math.floor(seconds / length)}${unit}`;
  }
  return `${seconds}s`;
}
