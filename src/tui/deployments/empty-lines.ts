import type { LiveDeployments } from '../../foundry/live-listing.ts';
import { wrap } from '../text/cells.ts';
import { type Line, line, span } from '../text/line.ts';

/** Nothing to show is never just empty: it says why. */
export function emptyLines(
  { deployments, runtimes }: LiveDeployments,
  { filter, width }: { readonly filter: string; readonly width: number },
): readonly Line[] {
  const rows = (...texts: string[]) =>
    ['', ...texts.flatMap((text) => wrap(text, width - 4))].map((text) => line(span(`   ${text}`, 'dim')));
  if (deployments.length > 0) {
    return rows(
      `No deployment matches${filter === '' ? '' : ` "${filter}"`}; ${deployments.length} are hidden. Esc clears the filter.`,
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
