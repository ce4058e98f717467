import { isDeepStrictEqual } from 'node:util';
import { valueAt } from '../src/kubernetes.ts';

/**
 * The value at a path such as `deployments[phase=Failed].name` or `findings[0].fix`: names, places in a list, and in
 * brackets with `=` the first item of a list whose field has that value. Undefined where there is none.
 */
export function atPath(value: unknown, path: string): unknown {
  let current = value;
  for (const [, name, item] of path.matchAll(/([^.[\]]+)|\[([^\]]+)\]/g)) {
    current = item?.includes('=') ? chosen(current, item) : valueAt(current, name ?? Number(item));
  }
  return current;
}

function chosen(list: unknown, condition: string): unknown {
  const [field = '', wanted] = condition.split('=');
  return Array.isArray(list) ? list.find((each: unknown) => String(valueAt(each, field)) === wanted) : undefined;
}

/** What of `wanted` the value at that path is not; undefined where it is as wanted. */
export function difference(value: unknown, path: string, wanted: unknown): string | undefined {
  const found = atPath(value, path);
  return isDeepStrictEqual(found, wanted)
    ? undefined
    : `${path} is ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`;
}
