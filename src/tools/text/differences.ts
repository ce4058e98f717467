import type { Difference } from '../../foundry/differences.ts';
import { lines, section } from './words.ts';

/** What changes, field by field, and which pods are replaced for it; more than so many fields are counted. */
export const differenceLines = (
  { diff: differences, restarts }: { readonly diff: readonly Difference[]; readonly restarts: readonly string[] },
  shown: number,
): string =>
  lines(
    section(
      'Differences',
      differences.slice(0, shown).map(({ path, from, to }) => `${path}: ${from ?? 'absent'} → ${to ?? 'absent'}`),
    ),
    differences.length > shown && `and ${differences.length - shown} more`,
    differences.length > 0 &&
      `Restarts: ${restarts.length === 0 ? 'no pod is replaced' : `the pods of ${restarts.join(', ')}`}`,
  );
