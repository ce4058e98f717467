import type { LiveDeployments } from '../../foundry/live-listing.ts';
import { hiddenProblems } from '../../foundry/live-problems.ts';
import type { RuntimeProblem } from '../../foundry/problems.ts';
import type { RuntimeStatus, RuntimesStatus } from '../../foundry/runtimes.ts';
import type { Reading } from '../data/polled.ts';
import { isGoing, type Operation } from '../state/operations.ts';
import { wrap } from '../text/cells.ts';
import { blank, type Line, line, span, type Tone } from '../text/line.ts';
import { cells, headings, layOut, listRow, wishesOf } from '../text/table.ts';
import type { Theme } from '../themes/themes.ts';
import { runtimeColumns } from './columns.ts';
import { latestOn } from './latest-operation.ts';
import { leftoverWords } from './leftovers.ts';
import { operationLines } from './operation-lines.ts';
import { type Users, usersOf } from './users.ts';

interface Around {
  readonly selected: RuntimeStatus | undefined;
  readonly live: LiveDeployments;
  readonly operations: readonly Operation[];
}

interface ViewOptions {
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
  readonly now: Date;
  readonly server: string;
  readonly context: string | undefined;
  /** That is looked at; absent = all. */
  readonly namespace: string | undefined;
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
  const above = [
    clusterLine(reading, options),
    ...(error
      ? wrap(`${error.code}: ${error.message} ${error.hint}`, width - 3).map((row) => line(' ', span(row, 'bad')))
      : []),
    blank,
    line('   ', ...headings(layout, theme.glyphs)),
    ...rows,
    blank,
  ];
  const problems = problemLines(value, hiddenProblems(around.live, options), width);
  return [
    ...above,
    ...(around.selected
      ? selectedLines(around.selected, around, { ...options, height: options.height - above.length - problems.length })
      : []),
    ...problems,
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
        : span(unreached(value?.problems[0]?.code ?? error?.code), 'bad'),
  );
}

/** A cluster that refuses us was reached. */
const unreached = (code: string | undefined): string =>
  code === 'UNAUTHENTICATED' ? 'does not accept our credentials' : 'cannot be reached';

/** What is being done with it comes first: the rest can be read another time. */
function selectedLines(
  status: RuntimeStatus,
  { live, operations }: Around,
  { width, height, theme, context }: ViewOptions,
): readonly Line[] {
  const latest = latestOn(operations, { runtime: status.id, context });
  const words = (text: string, tone?: Tone) => wrap(text, width - 4).map((row) => line('   ', span(row, tone)));
  const about = [
    line(' ', span(status.name, 'title')),
    ...words(status.message ?? ''),
    ...words(leftoverWords(status), 'warn'),
    line('   ', span('engines ', 'dim'), status.engines.join(', '), span('   modes ', 'dim'), status.modes.join(', ')),
    ...words(usersText(usersOf(status, live))),
  ].filter(({ spans }) => spans.some(({ text }) => text.trim() !== ''));
  if (!latest) return about;
  const room = Math.max(height - about.length - 1, isGoing(latest) ? Math.min(height, stepsToSee) : 0);
  const operation = operationLines(latest, { width, height: room, theme });
  return isGoing(latest) ? [...operation, blank, ...about] : [...about, blank, ...operation];
}

/** Rows for an action that goes on: its title, the step at hand with some around it, and what is said of it. */
const stepsToSee = 9;

const listed = 6;

function usersText(users: Users): string {
  if (typeof users === 'string') return usersWords[users];
  const names = users.map(({ namespace, name }) => `${namespace}/${name}`);
  const more = names.length > listed ? ` and ${names.length - listed} more` : '';
  return names.length === 0 ? 'No deployment uses it.' : `Used by ${names.slice(0, listed).join(', ')}${more}.`;
}

const usersWords: Readonly<Record<Extract<Users, string>, string>> = {
  reading: 'Reading which deployments use it …',
  unknown: 'Which deployments use it is not known: they cannot be read.',
};

/** What could not be found out of the runtimes, then what permissions hide of their deployments: what helps is said once. */
function problemLines(value: RuntimesStatus | undefined, hidden: readonly RuntimeProblem[], width: number) {
  const own = (value?.problems ?? []).map(({ runtime, message, hint }) => `${runtime}: ${message} ${hint}`);
  const others = [...Map.groupBy(hidden, ({ hint }) => hint)].map(([hint, problems]) =>
    [...new Set(problems.map(({ message }) => message)), hint].join(' '),
  );
  return [...own, ...others].flatMap((words) =>
    wrap(`! ${words}`, width - 2).map((row) => line(' ', span(row, 'warn'))),
  );
}
