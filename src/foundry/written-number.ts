/**
 * A number as people read it, to three decimals: `1,284`, `0.125`; `?` for null, which is unknown. Not by
 * `toLocaleString`, which in Node 24 takes 7 MB of tables that stay in memory.
 */
export function written(number: number | null): string {
  if (number === null) return '?';
  const [whole = '', decimals = ''] = number.toFixed(3).split('.');
  const fraction = decimals.replace(/0+$/, '');
  return `${whole.replace(/\B(?=(?:\d{3})+$)/g, ',')}${fraction === '' ? '' : `.${fraction}`}`;
}
