import { useMemo, useState } from 'react';
import type { ScreenProps } from '../frame/screens.ts';
import { listActions } from '../keys/list-actions.ts';
import { keyOf } from '../keys/table.ts';
import { useActions } from '../keys/use-actions.ts';
import { useDashboard } from '../state/dashboard.ts';
import { cursorIndex } from '../state/list.ts';
import { derive } from '../state/source.ts';
import { useLive } from '../state/use-live.ts';
import { clipped } from '../text/line.ts';
import { sameLines } from '../text/same-lines.ts';
import { themes } from '../themes/themes.ts';
import { pickerHeight } from '../widgets/picker.tsx';
import { Rows } from '../widgets/rows.tsx';
import { runtimeActions } from './actions.ts';
import { runtimesLines } from './list-view.ts';
import { UpgradePrompt } from './upgrade-prompt.tsx';

/** What is installed in the cluster, and who uses it. */
export function RuntimesScreen({ connection, width, height }: ScreenProps<'runtimes'>) {
  const dashboard = useDashboard();
  const { clock, go, lists, operations, theme: themeCell } = dashboard;
  const { runtimes: list } = lists;
  const { runtimes, listing, namespace, site } = connection;
  const theme = themes[useLive(themeCell)];
  const [asking, setAsking] = useState(false);
  const view = useLive(
    useMemo(() => {
      const compute = () => {
        const reading = runtimes.snapshot();
        const rows = reading.value?.runtimes ?? [];
        const selected =
          rows[
            cursorIndex(
              list.snapshot(),
              rows.map(({ id }) => id),
            )
          ];
        const { namedContext: context, server } = site.cluster;
        const options = { width, height, theme, now: clock.snapshot(), server, context, namespace };
        return {
          rows,
          selected,
          lines: runtimesLines(
            reading,
            { selected, live: listing.snapshot(), operations: operations.snapshot() },
            options,
          ),
        };
      };
      return derive(
        [runtimes, listing, list, operations, clock],
        compute,
        (a, b) => a.rows === b.rows && a.selected === b.selected && sameLines(a.lines, b.lines),
      );
    }, [runtimes, listing, list, operations, clock, theme, width, height, site, namespace]),
  );
  const { rows, selected } = view;
  const shown = () => ({ ids: rows.map(({ id }) => id), height });
  useActions(
    {
      ...listActions(list, shown),
      ...(selected && {
        'list.open': () => go({ screen: 'runtime', runtime: selected.id }),
        ...runtimeActions(dashboard, selected, {
          context: site.cluster.namedContext,
          askVersion: () => setAsking(true),
        }),
      }),
    },
    { level: 'screen' },
  );
  const isAsking = asking && selected !== undefined;
  const below = isAsking ? pickerHeight(height) : 0;
  return (
    <>
      <Rows lines={clipped(view.lines, height - below, keyOf('list.open'))} width={width} />
      {isAsking && <UpgradePrompt status={selected} width={width} height={below} onClose={() => setAsking(false)} />}
    </>
  );
}
