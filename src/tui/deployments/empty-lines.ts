import type { LiveDeployments } from '../../foundry/live-listing.ts';
import { keyOf } from '../keys/table.ts';
import { wrap } from '../text/cells.ts';
import { type Line, line, span } from '../text/line.ts';
import { doubtOf } from './filter.ts';

/** Nothing to show is never just empty: it says why. */
export function emptyLines(
  { deployments, runtimes }: LiveDeployments,
  { filter, faultsOnly, width }: { readonly filter: string; readonly faultsOnly: boolean; readonly width: number },
): readonly Line[] {
  const rows = (...texts: string[]) =>
    ['', ...texts.flatMap((text) => wrap(text, width - 4))].map((text) => line(span(`   ${text}`, 'dim')));
  if (deployments.length > 0) {
    const doubt = doubtOf(filter);
    const matches = filter === '' ? 'has a fault' : `matches "${filter}"`;
    return rows(
      `No deployment ${matches}; ${deployments.length} are hidden.${filter === '' ? '' : ' Esc clears the filter.'}`,
      ...(doubt === undefined ? [] : [`In the filter: ${doubt}.`]),
      ...(faultsOnly ? [`Only those with faults are shown: ${keyOf('table.faults')} shows the others.`] : []),
    );
  }
  if (runtimes.some(({ state }) => state === 'connecting')) return rows('Reading the cluster …');
  const failures = runtimes.filter(({ error }) => error !== undefined);
  if (failures.length > 0) {
    const words = Map.groupBy(failures, ({ error }) => `${error?.message ?? ''} ${error?.hint ?? ''}`);
    return rows(...[...words].map(([text, about]) => `${about.map(({ runtime }) => runtime).join(', ')}: ${text}`));
  }
  if (runtimes.every(({ state }) => state === 'not_installed')) {
    return rows('No runtime is installed here. Press 1 to see the runtimes and install one.');
  }
  return rows('Nothing is deployed here.');
}
