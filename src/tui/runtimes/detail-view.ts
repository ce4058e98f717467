import type * as z from 'zod';
import type { RuntimeStatus } from '../../foundry/runtimes.ts';
import type { installRuntime } from '../../tools/install-runtime.ts';
import { commandRows } from '../overlays/by-hand.ts';
import type { Operation } from '../state/operations.ts';
import { toWidth, wrap } from '../text/cells.ts';
import { blank, type Line, line, span } from '../text/line.ts';
import type { Theme } from '../themes/themes.ts';
import { stateBadges } from './badges.ts';
import { isLeftover, leftoverWords } from './leftovers.ts';
import { operationLines } from './operation-lines.ts';
import type { Users } from './users.ts';

export type Manual = z.output<typeof installRuntime.output>['steps'];

interface Around {
  readonly users: Users;
  readonly operation: Operation | undefined;
  /** Absent = not read yet. */
  readonly manual: Manual | undefined;
}

const labelWidth = 12;

const field = (label: string, value: string, width: number): readonly Line[] =>
  wrap(value, width - labelWidth - 2).map((row, index) =>
    line(' ', span(toWidth(index === 0 ? label : '', labelWidth), 'dim'), ` ${row}`),
  );

/** What is being done with it comes first after its state: it is what one opens this for. */
export function runtimeLines(
  status: RuntimeStatus,
  { users, operation, manual }: Around,
  options: { readonly width: number; readonly height: number; readonly theme: Theme },
): readonly Line[] {
  const { label, tone } = stateBadges[status.state];
  const { operator } = status;
  const { width, height } = options;
  const fields: readonly (readonly [label: string, value: string])[] = [
    ['CRD versions', status.apiVersions.join(', ') || 'none served'],
    // The name is the longest part, and the one that may be cut.
    [
      'operator',
      operator ? `${operator.ready}/${operator.desired} ready, ${operator.namespace}/${operator.name}` : 'none found',
    ],
    ...(operator ? [['image', operator.image] as const] : []),
    ['engines', status.engines.join(', ')],
    ['modes', status.modes.join(', ')],
    ['namespace', `${status.defaultNamespace} by default`],
    ...usersFields(users),
  ];
  const head = [
    line(' ', span(status.name, 'title'), '  ', span(label, tone), '  ', status.version ?? ''),
    ...(status.message ? wrap(status.message, width - 3).map((row) => line(' ', row)) : []),
    ...(isLeftover(status) ? wrap(leftoverWords(status), width - 3).map((row) => line(' ', span(row, 'warn'))) : []),
    blank,
  ];
  return [
    ...head,
    // One row is for how much more there is below.
    ...(operation ? [...operationLines(operation, { ...options, height: height - head.length - 1 }), blank] : []),
    ...fields.flatMap(([name, value]) => field(name, value, width)),
    blank,
    line(
      ' ',
      span('By hand', 'title'),
      span(status.installed ? '  to make it well, or as it was installed' : '  to install it', 'dim'),
    ),
    ...manualLines(manual, options.width),
  ];
}

const listed = 10;

function usersFields(users: Users): readonly (readonly [label: string, value: string])[] {
  if (users === 'reading') return [['used by', 'reading …']];
  if (users === 'unknown') return [['used by', 'unknown: deployments cannot be read']];
  const more = users.length - listed;
  return [
    ['used by', users.length === 0 ? 'nobody' : `${users.length} ${users.length === 1 ? 'deployment' : 'deployments'}`],
    ...users.slice(0, listed).map(({ namespace, name }) => ['', `${namespace}/${name}`] as const),
    ...(more > 0 ? [['', `and ${more} more`] as const] : []),
  ];
}

function manualLines(manual: Manual | undefined, width: number): readonly Line[] {
  if (!manual) return [line(span('   reading …', 'dim'))];
  // What was checked already needs no hand.
  const commands = manual.filter(({ command, status }) => command !== '' && status !== 'ok');
  if (commands.length === 0) return [line(span('   nothing to do', 'dim'))];
  return commands.flatMap(({ title, command }) => [
    line('   ', span(`# ${title}`, 'dim')),
    ...commandRows(command, width),
  ]);
}
