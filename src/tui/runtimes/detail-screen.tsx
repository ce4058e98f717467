import { useEffect, useMemo, useState } from 'react';
import type { RuntimeStatus } from '../../foundry/runtimes.ts';
import { installRuntime } from '../../tools/install-runtime.ts';
import type { ScreenProps } from '../frame/screens.ts';
import { useDashboard } from '../state/dashboard.ts';
import { derive } from '../state/source.ts';
import { useLive } from '../state/use-live.ts';
import { line, span } from '../text/line.ts';
import { sameLines } from '../text/same-lines.ts';
import { themes } from '../themes/themes.ts';
import { pickerHeight } from '../widgets/picker.tsx';
import { Scrolled } from '../widgets/scrolled.tsx';
import { runtimeActions } from './actions.ts';
import { type Manual, runtimeLines } from './detail-view.ts';
import { latestOn } from './latest-operation.ts';
import { UpgradePrompt } from './upgrade-prompt.tsx';
import { usersOf } from './users.ts';

/** One runtime: what is there of it, how it is installed by hand, and what is being done to it. */
export function RuntimeScreen({ place, connection, width, height }: ScreenProps<'runtime'>) {
  const dashboard = useDashboard();
  const { operations, theme: themeCell } = dashboard;
  const { runtimes, listing, site } = connection;
  const theme = themes[useLive(themeCell)];
  const [asking, setAsking] = useState(false);
  const manual = useManual(place.runtime);
  const view = useLive(
    useMemo(() => {
      const compute = () => {
        const status = runtimes.snapshot().value?.runtimes.find(({ id }) => id === place.runtime);
        const latest = latestOn(operations.snapshot(), { runtime: place.runtime, context: site.cluster.namedContext });
        const lines = status
          ? runtimeLines(
              status,
              { users: usersOf(status, listing.snapshot()), operation: latest, manual },
              { width, height, theme },
            )
          : [line(span('   Reading …', 'dim'))];
        return { status, lines };
      };
      return derive(
        [runtimes, listing, operations],
        compute,
        (a, b) => a.status === b.status && sameLines(a.lines, b.lines),
      );
    }, [runtimes, listing, operations, place.runtime, site, manual, width, height, theme]),
  );
  const { status, lines } = view;
  const isAsking = asking && status !== undefined;
  const below = isAsking ? pickerHeight(height) : 0;
  return (
    <>
      <Scrolled
        lines={lines}
        width={width}
        height={height - below}
        level="screen"
        actions={
          status
            ? runtimeActions(dashboard, status, {
                context: site.cluster.namedContext,
                askVersion: () => setAsking(true),
              })
            : {}
        }
      />
      {isAsking && <UpgradePrompt status={status} width={width} height={below} onClose={() => setAsking(false)} />}
    </>
  );
}

/** The commands that would install it, or bring it to its version, as a plan that changes nothing. */
function useManual(runtime: RuntimeStatus['id']): Manual | undefined {
  const { read } = useDashboard();
  const [steps, setSteps] = useState<Manual | undefined>(undefined);
  useEffect(() => {
    const abort = new AbortController();
    setSteps(undefined);
    void read(installRuntime, { runtime, planOnly: true }, abort.signal).then((answer) => {
      if (!abort.signal.aborted && answer) setSteps(answer.steps);
    });
    return () => abort.abort();
  }, [read, runtime]);
  return steps;
}
