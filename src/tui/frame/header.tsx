import { useMemo } from 'react';
import type { RuntimeStatus } from '../../foundry/runtimes.ts';
import type { Connection, OpenConnection } from '../data/connection.ts';
import { badges, stateBadges } from '../runtimes/badges.ts';
import type { AccessState } from '../state/access.ts';
import { type Dashboard, useDashboard } from '../state/dashboard.ts';
import type { Place } from '../state/navigation.ts';
import { createCell, derive } from '../state/source.ts';
import { useLive } from '../state/use-live.ts';
import { ends, type Line, line, lineWidth, type Span, span } from '../text/line.ts';
import { sameLines } from '../text/same-lines.ts';
import { freshness, hidden } from './freshness.ts';

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
  const context = connection.state === 'open' ? connection.site.context : (connection.context ?? '…');
  const namespace = (connection.state === 'open' ? connection.namespace : undefined) ?? 'all';
  const left = line(
    ' ',
    span('KubeFoundry', 'title'),
    '  ',
    span('ctx: ', 'dim'),
    span(context, 'accent'),
    '  ',
    span('ns: ', 'dim'),
    span(namespace, 'accent'),
    ...accessSpans(access.snapshot(), now()),
  );
  const tabs = line(' ', ...tabSpans(navigation.snapshot().place), ...countSpans(dashboard, connection));
  return [
    ends(left, runtimesLine(connection, width - 3 - lineWidth(left)), width - 1),
    ends(tabs, line(...freshSpans(connection, now())), width - 1),
  ];
}

function accessSpans({ writing, until }: AccessState, now: Date): readonly Span[] {
  if (!writing) return [span('  '), span('[READ-ONLY]', 'warn')];
  if (!until) return [];
  const minutes = Math.max(0, Math.ceil((until.getTime() - now.getTime()) / 60_000));
  return [span('  '), span(`[READ-WRITE ${minutes}m left]`, 'bad')];
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
  const total = connection.listing.snapshot().deployments.length.toLocaleString('en-US');
  const filters = [filter === '' ? '' : `/${filter}`, faultsOnly ? 'faults only' : ''].filter((part) => part !== '');
  return [span(` ${total}`), span(filters.length === 0 ? '' : `  ${filters.join('  ')}`, 'warn')];
}

const versioned = (name: string, version: string | undefined): string =>
  version === undefined ? name : `${name} ${version}`;

/** How a runtime is named, with the most words first. */
const runtimeNames: readonly ((status: RuntimeStatus) => string)[] = [
  ({ id, version }) => versioned(id, version),
  ({ id, version }) => versioned(badges[id], version),
  ({ id }) => badges[id],
];

/** As much as there is room for. */
function runtimesLine(connection: Connection, room: number): Line {
  if (connection.state !== 'open') return line();
  const choices = runtimeNames.map((nameOf) => line(...runtimeSpans(connection, nameOf)));
  return choices.find((choice) => lineWidth(choice) <= room) ?? choices.at(-1) ?? line();
}

function runtimeSpans(connection: OpenConnection, nameOf: (status: RuntimeStatus) => string): readonly Span[] {
  const { value, error } = connection.runtimes.snapshot();
  if (error) return [span(error.code, 'bad')];
  return (value?.runtimes ?? []).flatMap((status, index) => [
    span(`${index === 0 ? '' : '  '}${nameOf(status)} `, 'dim'),
    span(stateBadges[status.state].short, stateBadges[status.state].tone),
  ]);
}

function freshSpans(connection: Connection, now: Date): readonly Span[] {
  if (connection.state === 'opening') return [span('opening …', 'busy')];
  if (connection.state === 'failed') return [span('not connected', 'bad')];
  const live = connection.listing.snapshot();
  const unread = hidden(live);
  return [...(unread === undefined ? [] : [span(`${unread}  `, 'warn')]), ...freshness(live, now)];
}
