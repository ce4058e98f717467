import { FoundryError } from '../errors.ts';
import type { Deployment } from './deployment.ts';

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

export const encodeCursor = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** @throws FoundryError INPUT_INVALID when no list of ours gave that cursor */
export function decodeCursor(cursor: string): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(place) && place.length === 3) {
      const [namespace, name, runtime] = place.map(String);
      if (namespace !== undefined && name !== undefined && runtime !== undefined) return [namespace, name, runtime];
    }
  } catch {}
  throw new FoundryError(
    'INPUT_INVALID',
    'cursor: this is no cursor of list_deployments.',
    'Pass nextCursor of the previous answer as it is, or leave cursor out to begin anew.',
    { path: 'cursor' },
  );
}
