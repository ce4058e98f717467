import type { Planned } from './check.ts';
import type { CheckRow } from './label.ts';

/** More fields than this are counted, not shown. */
const shown = 8;

/** What sending the form would change of the deployment that is edited, and which pods are replaced for it. */
export function changeRows({ diff, restarts }: Pick<Planned, 'diff' | 'restarts'>): readonly CheckRow[] {
  if (diff.length === 0) return [['Changes', 'none', 'dim']];
  return [
    ...diff
      .slice(0, shown)
      .map(
        ({ path, from, to }, index): CheckRow => [
          index === 0 ? 'Changes' : '',
          `${path}: ${from ?? 'absent'} → ${to ?? 'absent'}`,
          'accent',
        ],
      ),
    ...(diff.length > shown ? [['', `and ${diff.length - shown} more`, 'dim'] as const] : []),
    restarts.length === 0
      ? ['Restarts', 'no pod is replaced', 'good']
      : ['Restarts', `the pods of ${restarts.join(', ')}`, 'warn'],
  ];
}
