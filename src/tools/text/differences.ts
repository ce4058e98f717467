import type { Difference } from '../../foundry/differences.ts';
import { lines, section } from './words.ts';

/** What changes, field by field; more than so many are counted. */
export const differenceLines = (differences: readonly Difference[], shown: number): string =>
  lines(
    section(
      'Differences',
      differences.slice(0, shown).map(({ path, from, to }) => `${path}: ${from ?? 'absent'} → ${to ?? 'absent'}`),
    ),
    differences.length > shown && `and ${differences.length - shown} more`,
  );

/** Which pods an update replaces. */
export const restartLine = ({
  change,
  restarts,
}: {
  readonly change: string;
  readonly restarts: readonly string[];
}): string | undefined =>
  change.startsWith('update')
    ? `Restarts: ${restarts.length === 0 ? 'no pod is replaced' : `the pods of ${restarts.join(', ')}`}`
    : undefined;
