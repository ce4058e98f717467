import { isText, type Json } from '../objects/json.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

const pair = (whole: number, unit: string, rest: number, smaller: string): string =>
  rest === 0 ? `${whole}${unit}` : `${whole}${unit}${rest}${smaller}`;

/** Seconds as kubectl shows them: two units while they are few (`2m5s`, `3d4h`), one after that. */
export function duration(seconds: number): string {
  if (seconds < -1) return '<invalid>';
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 2 * minute) return `${whole}s`;
  if (whole < 10 * minute) return pair(Math.floor(whole / minute), 'm', whole % minute, 's');
  if (whole < 3 * hour) return `${Math.floor(whole / minute)}m`;
  if (whole < 8 * hour) return pair(Math.floor(whole / hour), 'h', Math.floor((whole % hour) / minute), 'm');
  if (whole < 2 * day) return `${Math.floor(whole / hour)}h`;
  if (whole < 8 * day) return pair(Math.floor(whole / day), 'd', Math.floor((whole % day) / hour), 'h');
  if (whole < 2 * year) return `${Math.floor(whole / day)}d`;
  if (whole < 8 * year) return pair(Math.floor(whole / year), 'y', Math.floor((whole % year) / day), 'd');
  return `${Math.floor(whole / year)}y`;
}

/** How long ago a time was. */
export function age(time: Json | undefined): string {
  const then = isText(time) ? Date.parse(time) : Number.NaN;
  return Number.isNaN(then) ? '<unknown>' : duration((Date.now() - then) / 1000);
}
