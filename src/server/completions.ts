import type { Place } from '../foundry/cursor.ts';
import type { Foundry } from '../foundry/foundry.ts';
import { listPlaces } from '../foundry/listing.ts';
import { runtimeIds } from '../foundry/spec.ts';

/** Milliseconds: whoever types does not wait longer. */
const patience = 5_000;

type Complete = (value: string, context?: { arguments?: Record<string, string> }) => Promise<string[]>;

/** What there is for each part of a deployment's address, as far as the other parts leave it. */
export function completions(foundry: Foundry): Readonly<Record<'namespace' | 'name' | 'runtime', Complete>> {
  const among = (part: (place: Place) => string): Complete => {
    return async (value, context) => {
      const site = await foundry.site(undefined);
      const places = await listPlaces(site, AbortSignal.timeout(patience));
      const chosen = context?.arguments ?? {};
      const fitting = places.filter(
        ([namespace, name]) =>
          (chosen.namespace === undefined || namespace === chosen.namespace) &&
          (chosen.name === undefined || name === chosen.name),
      );
      return [...new Set(fitting.map(part))].filter((word) => word.startsWith(value)).sort();
    };
  };
  return {
    namespace: among(([namespace]) => namespace),
    name: among(([, name]) => name),
    runtime: async (value) => runtimeIds.filter((id) => id.startsWith(value)),
  };
}
