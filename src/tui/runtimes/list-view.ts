import type { LiveDeployments } from '../../foundry/live-listing.ts';
import type { RuntimeStatus, RuntimesStatus } from '../../foundry/runtimes.ts';
import type { Reading } from '../data/polled.ts';
import type { Operation } from '../state/operations.ts';
import { wrap } from '../text/cells.ts';
import { blank, type Line, line, span } from '../text/line.ts';
import { cells, headings, layOut, listRow, wishesOf } from '../text/table.ts';
import type { Theme } from '../themes/themes.ts';
import { runtimeColumns } from './columns.ts';
import { latestOn } from './latest-operation.ts';
import { operationLines } from './operation-lines.ts';

interface Around {
  readonly selected: RuntimeStatus | undefined;
  readonly live: LiveDeployments;
  readonly operations: readonly Operation[];
}

interface ViewOptions {
  readonly width: number;
  readonly theme: Theme;
  readonly now: Date;
  readonly server: string;
  readonly context: string;
}

/** The cluster in one line, every runtime in one row, then the selected one in words. */
export function runtimesLines(reading: Reading<RuntimesStatus>, around: Around, options: ViewOptions): readonly Line[] {
  const { width, theme, now } = options;
  const { value, error } = reading;
  const layout = layOut(runtimeColumns, {
    width: width - 3,
    wide: false,
    wishes: wishesOf(runtimeColumns, value?.runtimes ?? []),
  });
  const rows = (value?.runtimes ?? []).map((row) => {
    const isAt = row.id === around.selected?.id;
    const marks = { cursor: isAt ? theme.glyphs.cursor : ' ', marked: ' ' };
    return listRow(cells(layout, row, now), marks, isAt ? 'cursor' : undefined);
  });
  return [
    clusterLine(reading, options),
    ...(error
      ? wrap(`${error.code}: ${error.message} ${error.hint}`, width - 3).map((row) => line(' ', span(row, 'bad')))
      : []),
    blank,
    line('   ', ...headings(layout, theme.glyphs)),
    ...rows,
    blank,
    ...(around.selected ? selectedLines(around.selected, around, options) : []),
    ...problemLines(value, width),
  ];
}

function clusterLine({ value, error }: Reading<RuntimesStatus>, { server }: ViewOptions): Line {
  const version = value?.serverVersion;
  const reached = version != null && !error;
  return line(
    ' ',
    span('cluster ', 'dim'),
    server,
    '  ',
    value === undefined && !error
      ? span('reading …', 'dim')
      : reached
        ? span(`reachable, Kubernetes ${version}`, 'good')
        : span('cannot be reached', 'bad'),
  );
}

function selectedLines(
  status: RuntimeStatus,
  { live, operations }: Around,
  { width, theme, context }: ViewOptions,
): readonly Line[] {
  const users = live.deployments.filter(({ runtime }) => runtime === status.id);
  const names = users.map(({ namespace, name }) => `${namespace}/${name}`);
  const isRead = live.runtimes.some(({ runtime, state }) => runtime === status.id && state !== 'connecting');
  const latest = latestOn(operations, { runtime: status.id, context });
  return [
    line(' ', span(status.name, 'title')),
    ...wrap(status.message ?? '', width - 4).map((row) => line('   ', row)),
    line('   ', span('engines ', 'dim'), status.engines.join(', '), span('   modes ', 'dim'), status.modes.join(', ')),
    ...wrap(isRead ? usersText(names) : 'Reading which deployments use it …', width - 4).map((row) => line('   ', row)),
    blank,
    ...(latest ? operationLines(latest, { width, theme }) : []),
  ];
}

const listed = 6;

const usersText = (names: readonly string[]): string =>
  names.length === 0
    ? 'No deployment uses it.'
    : `Used by ${names.slice(0, listed).join(', ')}${names.length > listed ? ` and ${names.length - listed} more` : ''}.`;

const problemLines = (value: RuntimesStatus | undefined, width: number): readonly Line[] =>
  (value?.problems ?? []).flatMap(({ runtime, message, hint }) =>
    wrap(`! ${runtime}: ${message} ${hint}`, width - 2).map((row) => line(' ', span(row, 'warn'))),
  );
