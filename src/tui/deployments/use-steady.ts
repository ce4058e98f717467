import { useLayoutEffect } from 'react';
import type { LiveDeployments } from '../../foundry/live-listing.ts';
import type { ListAction, ListState } from '../state/list.ts';
import type { Source, Store } from '../state/source.ts';
import { type Chosen, markOf } from './list-view.ts';

/**
 * Keeps cursor and marks of the list with their deployments while others come and go. As long as not everything has
 * been read, a row that is absent may only not have come yet.
 */
export function useSteady(
  list: Store<ListState, ListAction>,
  listing: Source<LiveDeployments>,
  chosen: Source<Chosen>,
): void {
  useLayoutEffect(() => {
    let seen: { readonly chosen: Chosen; readonly cursor: ListState['cursor'] } | undefined;
    const steady = () => {
      const now = chosen.snapshot();
      if (seen?.chosen === now && seen.cursor === list.snapshot().cursor) return;
      const { deployments, runtimes } = listing.snapshot();
      if (runtimes.some(({ state }) => state === 'connecting')) return;
      // Moving the cursor makes nothing go.
      if (seen?.chosen !== now && list.snapshot().marked.size > 0) {
        list.dispatch({ type: 'keep', marks: deployments.map(markOf) });
      }
      list.dispatch({ type: 'settle', ids: now.ids });
      seen = { chosen: now, cursor: list.snapshot().cursor };
    };
    steady();
    return chosen.subscribe(steady);
  }, [list, listing, chosen]);
}
