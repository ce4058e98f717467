import { useMemo } from 'react';
import type { LiveDeployments } from '../../foundry/live-listing.ts';
import { written } from '../../foundry/written-number.ts';
import type { Connection } from '../data/connection.ts';
import type { AccessState } from '../state/access.ts';
import { type Dashboard, useDashboard } from '../state/dashboard.ts';
import type { Place } from '../state/navigation.ts';
import { createCell, derive } from '../state/source.ts';
import { useLive } from '../state/use-live.ts';
import { ends, type Line, line, type Span, span } from '../text/line.ts';
import { sameLines } from '../text/same-lines.ts';
import { freshness, hidden } from './freshness.ts';
import { placeLine, type Whereabouts } from './place-line.ts';

export const headerHeight = 2;

const nothing = createCell(undefined);

/** Where one is, and how far what is shown can be trusted. */
export function useHeader(width: number): readonly Line[] {
  const dashboard = useDashboard();
  const { access, clock, connections, lists, navigation } = dashboard;
  const connection = useLive(connections);
  return useLive(
    useMemo(() => {
      const open = connection.state === 'open' ? connection : undefined;
      const sources = [
        open?.listing ?? nothing,
        open?.runtimes ?? nothing,
        access,
        clock,
        lists.deployments,
        navigation,
      ];
      return derive(sources, () => headerLines(dashboard, connection, width), sameLines);
    }, [dashboard, connection, access, clock, lists, navigation, width]),
  );
}

function headerLines(dashboard: Dashboard, connection: Connection, width: number): readonly Line[] {
  const { access, now, navigation } = dashboard;
  const tabs = line(' ', ...tabSpans(navigation.snapshot().place), ...countSpans(dashboard, connection));
  return [
    placeLine(whereabouts(connection, access.snapshot(), now()), width - 1),
    ends(tabs, line(...freshSpans(connection, now())), width - 1),
  ];
}

/** Until a context is open, what one may do there is not known. */
function whereabouts(connection: Connection, access: AccessState, now: Date): Whereabouts {
  if (connection.state !== 'open') {
    return { context: connection.context ?? '...', namespace: 'all', runtimes: [], now };
  }
  const { site, namespace = 'all', runtimes } = connection;
  const { value, error } = runtimes.snapshot();
  return {
    context: site.context,
    namespace,
    access,
    runtimes: value?.runtimes ?? [],
    ...(error && { error: error.code }),
    now,
  };
}

/** The screens that have a number, and the one that is open. */
const tabs = [
  { key: '1', title: 'Runtimes', screens: ['runtimes', 'runtime'] },
  { key: '2', title: 'Deployments', screens: ['deployments', 'deployment', 'deploy'] },
] as const satisfies readonly { key: string; title: string; screens: readonly Place['screen'][] }[];

const tabSpans = ({ screen }: Place): readonly Span[] =>
  tabs.flatMap(({ key, title, screens }) => {
    const names: readonly Place['screen'][] = screens;
    return names.includes(screen)
      ? [span(`[${key} ${title}]`, 'tab'), span(' ')]
      : [span(' '), span(key, 'key'), span(` ${title} `, 'dim'), span(' ')];
  });

function countSpans({ lists, navigation }: Dashboard, connection: Connection): readonly Span[] {
  if (connection.state !== 'open' || navigation.snapshot().place.screen !== 'deployments') return [];
  const { filter, faultsOnly } = lists.deployments.snapshot();
  const total = totalOf(connection.listing.snapshot());
  const filters = [filter === '' ? '' : `/${filter}`, faultsOnly ? 'faults only' : ''].filter((part) => part !== '');
  return [span(` ${total}`), span(filters.length === 0 ? '' : `  ${filters.join('  ')}`, 'warn')];
}

/** None is a number only where every list was read. */
function totalOf({ deployments, runtimes }: LiveDeployments): string {
  const isKnown = runtimes.every(({ state }) => state === 'live' || state === 'stale' || state === 'not_installed');
  return deployments.length > 0 || isKnown ? written(deployments.length) : '?';
}

function freshSpans(connection: Connection, now: Date): readonly Span[] {
  if (connection.state === 'opening') return [span('opening …', 'busy')];
  if (connection.state === 'failed') return [span('not connected', 'bad')];
  const live = connection.listing.snapshot();
  const unread = hidden(live);
  return [...(unread === undefined ? [] : [span(`${unread}  `, 'warn')]), ...freshness(live, now)];
}
