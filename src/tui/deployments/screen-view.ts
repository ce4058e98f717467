import type { Deployment } from '../../foundry/deployment.ts';
import type { OpenConnection } from '../data/connection.ts';
import type { Finding } from '../state/diagnosed.ts';
import type { ListState } from '../state/list.ts';
import { beside, exactly, type Line } from '../text/line.ts';
import { sameLines } from '../text/same-lines.ts';
import type { Theme } from '../themes/themes.ts';
import { emptyLines } from './empty-lines.ts';
import { type Chosen, listView } from './list-view.ts';
import { overviewLines } from './overview.ts';

/** What is seen of the list, and beside it of the selected deployment. */
export interface ScreenView {
  readonly selected?: Deployment;
  readonly lines: readonly Line[];
  /** Number of the selected row, from 1; 0 = there is none. */
  readonly position: number;
  readonly count: number;
}

export const sameView = (a: ScreenView, b: ScreenView): boolean =>
  a.selected === b.selected && a.position === b.position && a.count === b.count && sameLines(a.lines, b.lines);

interface Shape {
  readonly width: number;
  readonly height: number;
  /** The detail stands beside the list. */
  readonly isSplit: boolean;
  readonly theme: Theme;
  /** What is known of why a deployment does not run. */
  readonly findingOf: (row: Deployment) => Finding | undefined;
}

/** Of the whole width, what the list gets beside a detail. */
const listShare = 0.6;
const bar = 3;

export function screenView(
  { listing, namespace }: OpenConnection,
  chosen: Chosen,
  list: ListState,
  { width, height, isSplit, theme, now, findingOf }: Shape & { readonly now: Date },
): ScreenView {
  const listWidth = isSplit ? Math.floor(width * listShare) : width;
  const size = { width: listWidth, height };
  const { lines, selected, position } = listView(chosen, list, size, { theme, now, scoped: namespace !== undefined });
  const nothing = { filter: list.filter, faultsOnly: list.faultsOnly, width: listWidth };
  const left = selected ? lines : [...lines, ...emptyLines(listing.snapshot(), nothing)];
  const detailWidth = width - listWidth - bar;
  const detail = isSplit && selected ? listing.detail(selected) : undefined;
  const right =
    selected && detail
      ? overviewLines(detail.deployment, { width: detailWidth, now, finding: findingOf(selected) })
      : [];
  const shown = exactly(left, height);
  return {
    ...(selected && { selected }),
    lines: isSplit ? exactly(beside(shown, right, [listWidth, detailWidth], theme.glyphs.vertical), height) : shown,
    position,
    count: chosen.rows.length,
  };
}
