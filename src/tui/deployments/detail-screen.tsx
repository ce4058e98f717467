import { useEffect, useMemo } from 'react';
import { liveEvents } from '../../foundry/live-events.ts';
import type { LiveDetail } from '../../foundry/live-listing.ts';
import type { ScreenProps } from '../frame/screens.ts';
import { useDashboard } from '../state/dashboard.ts';
import { type Finding, findingFor } from '../state/diagnosed.ts';
import { type DeploymentTab, deploymentTabs } from '../state/navigation.ts';
import { derive } from '../state/source.ts';
import { useLive } from '../state/use-live.ts';
import { type Line, line, span } from '../text/line.ts';
import { sameLines } from '../text/same-lines.ts';
import { plainTable } from '../text/table.ts';
import { Rows } from '../widgets/rows.tsx';
import { Scrolled } from '../widgets/scrolled.tsx';
import { deploymentActions } from './actions.ts';
import { headHeight, headLines, missingLines } from './detail-lines.ts';
import { eventLines, eventsOf } from './events.ts';
import { idOf } from './list-view.ts';
import { overviewLines } from './overview.ts';
import { podColumns } from './pods.ts';
import { useDiagnosis } from './use-diagnosis.ts';
import { yamlLines } from './yaml-lines.ts';

/** Milliseconds after which what was made and never seen counts as gone again. */
const longestComing = 30_000;

/** One deployment in tabs. It stays live, and says so when the deployment is gone. */
export function DeploymentScreen({ place, connection, width, height }: ScreenProps<'deployment'>) {
  const dashboard = useDashboard();
  const { clock, diagnosed, lists, navigation } = dashboard;
  const { deployment: key, tab, madeAt } = place;
  const { listing, site } = connection;
  const events = useMemo(() => liveEvents(site, key.namespace), [site, key.namespace]);
  // The list stands on what one looked at last, however one came here.
  useEffect(() => lists.deployments.dispatch({ type: 'choose', id: idOf(key) }), [lists, key]);
  const view = useLive(
    useMemo(() => {
      let isShown = false;
      const compute = () => {
        const detail = listing.detail(key);
        const now = clock.snapshot();
        isShown ||= detail !== undefined;
        const isNew = !isShown && madeAt !== undefined && now.getTime() < madeAt + longestComing;
        const lines = detail
          ? tabLines(tab, detail, {
              width,
              now,
              events: events.snapshot(),
              finding: findingFor(diagnosed.snapshot(), detail.deployment),
            })
          : missingLines(key, listing.snapshot(), isNew);
        return { row: detail?.deployment, lines };
      };
      return derive(
        [listing, events, clock, diagnosed],
        compute,
        (a, b) => a.row?.phase === b.row?.phase && sameLines(a.lines, b.lines),
      );
    }, [listing, events, clock, diagnosed, key, tab, madeAt, width]),
  );
  const { row, lines } = view;
  useDiagnosis(tab === 'overview' ? row : undefined);
  const show = (next: DeploymentTab) => () => navigation.dispatch({ type: 'turn', place: { ...place, tab: next } });
  return (
    <>
      <Rows lines={headLines(key, row, tab)} width={width} />
      <Scrolled
        key={tab}
        lines={lines}
        width={width}
        height={height - headHeight}
        level="screen"
        actions={{
          'tab.overview': show('overview'),
          'tab.pods': show('pods'),
          'tab.events': show('events'),
          'tab.manifest': show('manifest'),
          'tab.next': show(neighbour(tab, 1)),
          'tab.previous': show(neighbour(tab, -1)),
          ...(row && deploymentActions(dashboard, connection, row)),
        }}
      />
    </>
  );
}

const neighbour = (tab: DeploymentTab, by: number): DeploymentTab =>
  deploymentTabs.at((deploymentTabs.indexOf(tab) + by) % deploymentTabs.length) ?? tab;

interface TabOptions {
  readonly finding: Finding | undefined;
  readonly width: number;
  readonly now: Date;
  readonly events: ReturnType<ReturnType<typeof liveEvents>['snapshot']>;
}

function tabLines(
  tab: DeploymentTab,
  detail: LiveDetail,
  { width, now, events, finding }: TabOptions,
): readonly Line[] {
  const { deployment } = detail;
  switch (tab) {
    case 'overview':
      return overviewLines(deployment, { width, now, finding }).slice(2);
    case 'pods': {
      if (deployment.pods.length === 0) return [line(span('   No pods.', 'dim'))];
      const rows = plainTable(podColumns, deployment.pods, { width: width - 3, now });
      return rows.map(({ spans }) => line('   ', ...spans));
    }
    case 'events': {
      if (events.state === 'connecting') return [line(span('   Reading events …', 'dim'))];
      if (events.state === 'failed') return [line(span(`   ${events.error?.message ?? ''}`, 'bad'))];
      const own = eventsOf(events.items, detail);
      return own.length === 0 ? [line(span('   No events.', 'dim'))] : eventLines(own, width, now);
    }
    case 'manifest':
      return yamlLines(deployment.manifest ?? '');
  }
}
