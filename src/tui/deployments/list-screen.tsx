import { useMemo, useState } from 'react';
import type { Deployment } from '../../foundry/deployment.ts';
import type { ScreenProps } from '../frame/screens.ts';
import { useLiveStatus } from '../frame/use-status.ts';
import { listActions } from '../keys/list-actions.ts';
import { useActions } from '../keys/use-actions.ts';
import { useDashboard } from '../state/dashboard.ts';
import { findingFor } from '../state/diagnosed.ts';
import type { ListState } from '../state/list.ts';
import { derive } from '../state/source.ts';
import { type Status, sameStatus } from '../state/status.ts';
import { useLive } from '../state/use-live.ts';
import { themes } from '../themes/themes.ts';
import { Picker, pickerHeight } from '../widgets/picker.tsx';
import { Rows } from '../widgets/rows.tsx';
import { selectedActions, targetActions } from './actions.ts';
import { deploymentColumns } from './columns.ts';
import { FilterPrompt } from './filter-prompt.tsx';
import { chosenRows } from './list-view.ts';
import { type ScreenView, sameView, screenView } from './screen-view.ts';
import { markedWords, targetsOf } from './targets.ts';
import { useDiagnosis } from './use-diagnosis.ts';
import { useSteady } from './use-steady.ts';
import { whyHeight, whyLines } from './why.ts';

/** Columns of the terminal from which the detail stands beside the list. */
const wideEnough = 140;

/** One live list of everything that is deployed, whatever runtime it is on. */
export function DeploymentsScreen({ connection, width, height }: ScreenProps<'deployments'>) {
  const dashboard = useDashboard();
  const { clock, diagnosed, go, lists, theme: themeCell } = dashboard;
  const list = lists.deployments;
  const theme = themes[useLive(themeCell)];
  const { filter, marked } = useLive(list);
  const [open, setOpen] = useState<'filter' | 'sort' | undefined>(undefined);
  const [split, setSplit] = useState(true);

  const isSplit = split && width >= wideEnough;
  const why = isSplit ? 0 : whyHeight;
  const below = open === 'sort' ? pickerHeight(height) : open === 'filter' ? 1 : why;
  const tableHeight = Math.max(2, height - below);

  const chosen = useMemo(() => chosenRows(connection.listing, list), [connection, list]);
  const views = useMemo(() => {
    const compute = () => {
      const findingOf = (row: Deployment) => findingFor(diagnosed.snapshot(), row);
      const shape = { width, height: tableHeight, isSplit, theme, now: clock.snapshot(), findingOf };
      return screenView(connection, chosen.snapshot(), list.snapshot(), shape);
    };
    return derive([chosen, list, clock, diagnosed], compute, sameView);
  }, [connection, chosen, list, clock, diagnosed, theme, width, tableHeight, isSplit]);
  const view = useLive(views);
  useSteady(list, connection.listing, chosen);
  useLiveStatus(
    useMemo(() => {
      const compute = () => statusOf(list.snapshot(), () => chosen.snapshot().marks, views.snapshot());
      return derive([list, chosen, views], compute, sameStatus);
    }, [list, chosen, views]),
  );

  const shown = () => ({ ids: chosen.snapshot().ids, height: tableHeight - 1 });
  const markable = () => ({ ...shown(), marks: chosen.snapshot().marks });
  const { selected } = view;
  useDiagnosis(open === undefined ? selected : undefined);
  const finding = findingFor(useLive(diagnosed), selected);
  const targets = () => targetsOf(connection.listing.snapshot().deployments, list.snapshot(), selected);

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
        'table.mark': () => list.dispatch({ type: 'mark', shown: markable() }),
        'table.range': () => list.dispatch({ type: 'range', shown: markable() }),
        'table.markAll': () => list.dispatch({ type: 'markAll', shown: markable() }),
        'list.open': () => go({ screen: 'deployment', deployment: keyOf(selected), tab: 'overview' }),
        ...selectedActions(dashboard, connection, selected),
      }),
      ...((selected || marked.size > 0) && targetActions(dashboard, targets)),
      ...((filter !== '' || marked.size > 0) && {
        'app.back': () => list.dispatch(filter === '' ? { type: 'unmark' } : { type: 'filter', text: '' }),
      }),
    },
    { level: 'screen' },
  );

  return (
    <>
      <Rows lines={view.lines} width={width} />
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
      {open === undefined && !isSplit && <Rows lines={whyLines(selected, width, finding)} width={width} />}
    </>
  );
}

function statusOf(state: ListState, shown: () => readonly string[], { position, count }: ScreenView): Status {
  const { marked, sort } = state;
  const parts = [
    markedWords(state, shown),
    `sort:${sort.column}${sort.descending ? ' desc' : ''}`,
    `row ${position}/${count}`,
  ];
  return {
    text: parts.filter((part) => part !== '').join('  '),
    lasting: marked.size === 0 ? '' : `${marked.size} marked`,
  };
}

const keyOf = ({ namespace, name, runtime }: Deployment) => ({ namespace, name, runtime });

const sortChoices = deploymentColumns.filter(({ sort }) => sort !== undefined).map(({ id }) => ({ id, label: id }));

function nextColumn({ sort }: ListState): string {
  const at = sortChoices.findIndex(({ id }) => id === sort.column);
  return sortChoices[(at + 1) % sortChoices.length]?.id ?? sort.column;
}
