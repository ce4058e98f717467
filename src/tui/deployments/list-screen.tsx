import { useMemo, useState } from 'react';
import type { Deployment } from '../../foundry/deployment.ts';
import { deleteDeployment } from '../../tools/delete-deployment.ts';
import type { Tool } from '../../tools/tool.ts';
import { Picker, pickerHeight } from '../frame/picker.tsx';
import { Rows } from '../frame/rows.tsx';
import type { ScreenProps } from '../frame/screens.ts';
import { useStatus } from '../frame/use-status.ts';
import { listActions } from '../keys/list-actions.ts';
import { useActions } from '../keys/use-actions.ts';
import { useDashboard } from '../state/dashboard.ts';
import type { ListState } from '../state/list.ts';
import { derive } from '../state/source.ts';
import { useLive } from '../state/use-live.ts';
import { beside, exactly, type Line, line, span } from '../text/line.ts';
import { sameLines } from '../text/same-lines.ts';
import { themes } from '../themes/themes.ts';
import { runOn } from './actions.ts';
import { deploymentColumns } from './columns.ts';
import { FilterPrompt } from './filter-prompt.tsx';
import { chosenRows, listView } from './list-view.ts';
import { overviewLines } from './overview.ts';
import { whyHeight, whyLines } from './why.ts';

/** Columns of the terminal from which the detail stands beside the list. */
const wideEnough = 140;

/** One live list of everything that is deployed, whatever runtime it is on. */
export function DeploymentsScreen({ connection, width, height }: ScreenProps<'deployments'>) {
  const dashboard = useDashboard();
  const { clock, go, lists, navigation, theme: themeCell } = dashboard;
  const list = lists.deployments;
  const theme = themes[useLive(themeCell)];
  const { filter, marked, sort } = useLive(list);
  const [open, setOpen] = useState<'filter' | 'sort' | undefined>(undefined);
  const [split, setSplit] = useState(true);

  const isSplit = split && width >= wideEnough;
  const listWidth = isSplit ? Math.floor(width * 0.55) : width;
  const why = isSplit ? 0 : whyHeight;
  const below = open === 'sort' ? pickerHeight(height) : open === 'filter' ? 1 : why;
  const tableHeight = Math.max(2, height - below);

  const chosen = useMemo(() => chosenRows(connection.listing, list), [connection, list]);
  const view = useLive(
    useMemo(() => {
      const compute = () => {
        const now = clock.snapshot();
        const size = { width: listWidth, height: tableHeight };
        const table = listView(chosen.snapshot(), list.snapshot(), size, {
          theme,
          now,
          scoped: connection.namespace !== undefined,
        });
        const { selected } = table;
        const detail = isSplit && selected ? connection.listing.detail(selected) : undefined;
        const right = detail ? overviewLines(detail.deployment, { width: width - listWidth - 3, theme, now }) : [];
        const lines = isSplit
          ? beside(exactly(table.lines, tableHeight), right, [listWidth, width - listWidth - 3], theme.glyphs.vertical)
          : table.lines;
        return {
          selected,
          lines: exactly(lines, tableHeight),
          position: table.position,
          shown: chosen.snapshot().rows.length,
        };
      };
      return derive([chosen, list, clock], compute, sameView);
    }, [connection, chosen, list, clock, theme, width, listWidth, tableHeight, isSplit]),
  );

  const sorting = `sort:${sort.column}${sort.descending ? ' desc' : ''}`;
  useStatus(
    [marked.size > 0 ? `${marked.size} marked` : '', sorting, `row ${view.position}/${view.shown}`]
      .filter((part) => part !== '')
      .join('  '),
  );

  const shown = () => ({ ids: chosen.snapshot().ids, height: tableHeight - 1 });
  const { selected } = view;
  const targets = (): readonly Deployment[] => {
    const rows = chosen.snapshot().rows.filter((_, index) => marked.has(chosen.snapshot().ids[index] ?? ''));
    return rows.length > 0 ? rows : selected ? [selected] : [];
  };
  const runTool = (tool: Tool) => () => void runOn(dashboard, tool, targets());

  useActions(
    {
      ...listActions(list, shown),
      'table.filter': () => setOpen('filter'),
      'table.faults': () => list.dispatch({ type: 'faults' }),
      'table.sort': () => setOpen('sort'),
      'table.sortNext': () => list.dispatch({ type: 'sort', column: nextColumn(list.snapshot()) }),
      'table.reverse': () => list.dispatch({ type: 'reverse' }),
      'table.wide': () => list.dispatch({ type: 'wide' }),
      ...(width >= wideEnough && { 'table.layout': () => setSplit(!split) }),
      ...(selected && {
        'table.mark': () => list.dispatch({ type: 'mark', shown: shown() }),
        'table.range': () => list.dispatch({ type: 'range', shown: shown() }),
        'table.markAll': () => list.dispatch({ type: 'markAll', shown: shown() }),
        'list.open': () => go({ screen: 'deployment', deployment: keyOf(selected), tab: 'overview' }),
        'deployment.delete': runTool(deleteDeployment),
        'deployment.copy': () =>
          navigation.dispatch({ type: 'open', overlay: { kind: 'copy', deployment: keyOf(selected) } }),
        'deployment.actions': () =>
          navigation.dispatch({ type: 'open', overlay: { kind: 'actions', deployment: keyOf(selected) } }),
      }),
      ...((filter !== '' || marked.size > 0) && {
        'app.back': () => list.dispatch(filter === '' ? { type: 'unmark' } : { type: 'filter', text: '' }),
      }),
    },
    { level: 'screen' },
  );

  const table =
    view.position === 0
      ? exactly([...view.lines.slice(0, 1), ...emptyLines(connection, filter)], tableHeight)
      : view.lines;
  return (
    <>
      <Rows lines={table} width={width} />
      {open === 'filter' && <FilterPrompt list={list} width={width} onClose={() => setOpen(undefined)} />}
      {open === 'sort' && (
        <Picker
          title="Sort by"
          choices={sortChoices}
          empty="no such column"
          width={width}
          height={below}
          onChoose={({ id }) => {
            list.dispatch({ type: 'sort', column: id });
            setOpen(undefined);
          }}
          onCancel={() => setOpen(undefined)}
        />
      )}
      {open === undefined && !isSplit && <Rows lines={whyLines(selected, width)} width={width} />}
    </>
  );
}

interface View {
  readonly selected: Deployment | undefined;
  readonly lines: readonly Line[];
  readonly position: number;
  readonly shown: number;
}

const sameView = (a: View, b: View): boolean =>
  a.selected === b.selected && a.position === b.position && a.shown === b.shown && sameLines(a.lines, b.lines);

const keyOf = ({ namespace, name, runtime }: Deployment) => ({ namespace, name, runtime });

const sortChoices = deploymentColumns.filter(({ sort }) => sort !== undefined).map(({ id }) => ({ id, label: id }));

function nextColumn({ sort }: ListState): string {
  const at = sortChoices.findIndex(({ id }) => id === sort.column);
  return sortChoices[(at + 1) % sortChoices.length]?.id ?? sort.column;
}

/** Nothing to show is never just empty: it says why. */
function emptyLines({ listing }: ScreenProps<'deployments'>['connection'], filter: string): readonly Line[] {
  const { deployments, runtimes } = listing.snapshot();
  const rows = (...texts: string[]) => ['', ...texts].map((text) => line(span(`   ${text}`, 'dim')));
  if (deployments.length > 0) {
    return rows(
      `No deployment matches${filter === '' ? '' : ` "${filter}"`}; ${deployments.length} are hidden. Esc clears the filter.`,
    );
  }
  if (runtimes.some(({ state }) => state === 'connecting')) return rows('Reading the cluster …');
  const failures = runtimes.filter(({ error }) => error !== undefined);
  if (failures.length > 0) {
    return rows(...failures.map(({ runtime, error }) => `${runtime}: ${error?.message ?? ''} ${error?.hint ?? ''}`));
  }
  if (runtimes.every(({ state }) => state === 'not_installed')) {
    return rows('No runtime is installed here. Press 1 to see the runtimes and install one.');
  }
  return rows('Nothing is deployed here.');
}
