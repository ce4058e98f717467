import type { ListAction, ListState, Shown } from '../state/list.ts';
import type { Store } from '../state/source.ts';
import type { Actions } from './layers.ts';

/** What moves the cursor of a list. `shown` is read when the key is pressed. */
export function listActions(list: Store<ListState, ListAction>, shown: () => Shown): Actions {
  const move = (by: Extract<ListAction, { type: 'move' }>['by']) => () =>
    list.dispatch({ type: 'move', by, shown: shown() });
  return {
    'list.down': move(1),
    'list.up': move(-1),
    'list.pageDown': move('pageDown'),
    'list.pageUp': move('pageUp'),
    'list.first': move('first'),
    'list.last': move('last'),
  };
}
