import { FoundryError } from '../errors.ts';
import type { Deployment } from './deployment.ts';
import { digestOf } from './digest.ts';

/** The place of a deployment in the merged list: it stays where it is whatever comes and goes around it. */
export type Place = readonly [namespace: string, name: string, runtime: string];

export const placeOf = ({ namespace, name, runtime }: Pick<Deployment, 'namespace' | 'name' | 'runtime'>): Place => [
  namespace,
  name,
  runtime,
];

/** Order by namespace, name, runtime, by code unit: the same everywhere, whatever the locale. */
export function comparePlaces(a: Place, b: Place): number {
  for (const [index, part] of a.entries()) {
    const other = b[index] ?? '';
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}

/** The same order for rows, without a list for each comparison. */
export const compareDeployments = (a: Deployment, b: Deployment): number =>
  byCodeUnit(a.namespace, b.namespace) || byCodeUnit(a.name, b.name) || byCodeUnit(a.runtime, b.runtime);

export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What a list is of: its context, and what it was filtered by. */
type Filter = Readonly<Record<string, string | undefined>>;

/** Enough to tell lists apart; nobody gains by making two alike. */
const markOf = (filter: Filter): string => digestOf(filter).slice(0, 6);

/** Where a page ended of the list that is filtered so. */
export const encodeCursor = (place: Place, filter: Filter): string =>
  Buffer.from(JSON.stringify([...place, markOf(filter)])).toString('base64url');

/** @throws FoundryError INPUT_INVALID when no list of ours gave that cursor, or one of another context or filter */
export function decodeCursor(cursor: string, filter: Filter): Place {
  const [namespace, name, runtime, mark] = partsOf(cursor);
  if (mark === markOf(filter)) return [namespace, name, runtime];
  throw new FoundryError(
    'INPUT_INVALID',
    'cursor: it belongs to a list with another context, runtime, namespace or phase.',
    'Repeat the context and filters of the call that gave it, or leave cursor out to begin anew.',
    { path: 'cursor' },
  );
}

function partsOf(cursor: string): readonly [...place: Place, mark: string] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parts) && parts.length === 4) {
      const [namespace = '', name = '', runtime = '', mark = ''] = parts.map(String);
      return [namespace, name, runtime, mark];
    }
  } catch {}
  throw new FoundryError(
    'INPUT_INVALID',
    'cursor: this is no cursor of list_deployments.',
    'Pass nextCursor of the previous answer as it is, or leave cursor out to begin anew.',
    { path: 'cursor' },
  );
}
