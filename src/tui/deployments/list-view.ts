import type { Deployment } from '../../foundry/deployment.ts';
import type { LiveDeployments } from '../../foundry/live-listing.ts';
import { cursorIndex, type ListState, topFor } from '../state/list.ts';
import { derive, type Source } from '../state/source.ts';
import { type Line, line, span } from '../text/line.ts';
import { cells, headings, layOut, listRow, sorted, type Wishes, wishesOf } from '../text/table.ts';
import type { Theme } from '../themes/themes.ts';
import { deploymentColumns } from './columns.ts';
import { filterOf, isFault } from './filter.ts';

/** The rows that the filter leaves, in the order that was chosen. */
export interface Chosen {
  readonly rows: readonly Deployment[];
  readonly ids: readonly string[];
  readonly marks: readonly string[];
  /** How wide the columns would like to be. */
  readonly wishes: Wishes;
}

/** The id of a row in lists: unlike the uid it stays when a deployment is made anew. */
export const idOf = ({ namespace, name, runtime }: Pick<Deployment, 'namespace' | 'name' | 'runtime'>): string =>
  `${namespace}/${name}/${runtime}`;

/** The mark of a deployment: one that is made anew under its name is another one. */
export const markOf = (row: Deployment): string => `${idOf(row)}/${row.createdAt}`;

type Choice = Pick<ListState, 'filter' | 'faultsOnly' | 'sort'>;

/** Rows are filtered and sorted anew only when they, or the choice, changed; moving the cursor costs nothing of it. */
export function chosenRows(listing: Source<LiveDeployments>, list: Source<ListState>): Source<Chosen> {
  const choice = derive<Choice>(
    [list],
    () => list.snapshot(),
    (a, b) => a.filter === b.filter && a.faultsOnly === b.faultsOnly && a.sort === b.sort,
  );
  return derive([listing, choice], () => choose(listing.snapshot().deployments, choice.snapshot()));
}

export function choose(deployments: readonly Deployment[], { filter, faultsOnly, sort }: Choice): Chosen {
  const test = filterOf(filter);
  const kept = deployments.filter((row) => (!faultsOnly || isFault(row)) && test(row));
  const rows = sorted(kept, deploymentColumns, sort);
  let marks: readonly string[] | undefined;
  return {
    rows,
    ids: rows.map(idOf),
    // Mostly nothing is marked.
    get marks() {
      marks ??= rows.map(markOf);
      return marks;
    },
    wishes: wishesOf(deploymentColumns, rows),
  };
}

export interface ListView {
  readonly lines: readonly Line[];
  readonly selected?: Deployment;
  /** Number of the selected row, from 1; 0 = there is none. */
  readonly position: number;
}

/** The part of the list that is seen: a row of headings, then as many deployments as fit. */
export function listView(
  { rows, ids, wishes }: Chosen,
  state: ListState,
  size: { readonly width: number; readonly height: number },
  { theme, now, scoped }: { readonly theme: Theme; readonly now: Date; readonly scoped: boolean },
): ListView {
  const { glyphs } = theme;
  // In one namespace all rows would say the same.
  const columns = scoped ? deploymentColumns.filter(({ id }) => id !== 'namespace') : deploymentColumns;
  const layout = layOut(columns, { width: size.width - 3, wide: state.wide, wishes });
  const height = size.height - 1;
  const top = topFor(state, { ids, height });
  const at = cursorIndex(state, ids);
  const lines = rows.slice(top, top + height).map((row, index) => {
    const isAt = top + index === at;
    const marks = { cursor: isAt ? glyphs.cursor : ' ', marked: state.marked.has(markOf(row)) ? glyphs.marked : ' ' };
    return listRow(cells(layout, row, now), marks, isAt ? 'cursor' : undefined);
  });
  const selected = rows[at];
  return {
    lines: [line(span('   '), ...headings(layout, glyphs, state.sort)), ...lines],
    ...(selected && { selected }),
    position: at + 1,
  };
}
