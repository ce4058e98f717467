import type * as z from 'zod';
import type { Deployment } from '../../foundry/deployment.ts';
import type { RuntimeStatus } from '../../foundry/runtimes.ts';
import type { installRuntime } from '../../tools/install-runtime.ts';
import type { Operation } from '../state/operations.ts';
import { toWidth, wrap } from '../text/cells.ts';
import { blank, type Line, line, type Span, span } from '../text/line.ts';
import type { Theme } from '../themes/themes.ts';
import { stateBadges } from './badges.ts';
import { operationLines } from './operation-lines.ts';

export type Manual = z.output<typeof installRuntime.output>['steps'];

interface Around {
  readonly users: readonly Deployment[];
  readonly operation: Operation | undefined;
  /** Absent = not read yet. */
  readonly manual: Manual | undefined;
}

const field = (label: string, ...value: readonly (Span | string)[]): Line =>
  line(' ', span(toWidth(label, 12), 'dim'), ...value);

export function runtimeLines(
  status: RuntimeStatus,
  { users, operation, manual }: Around,
  options: { readonly width: number; readonly theme: Theme },
): readonly Line[] {
  const { label, tone } = stateBadges[status.state];
  const { operator } = status;
  return [
    line(' ', span(status.name, 'title'), '  ', span(label, tone), '  ', status.version ?? ''),
    ...wrap(status.message ?? '', options.width - 3).map((row) => line(' ', row)),
    blank,
    field('CRD versions', ` ${status.apiVersions.join(', ') || 'none served'}`),
    field(
      'operator',
      operator ? `${operator.namespace}/${operator.name}, ${operator.ready}/${operator.desired} ready` : 'none found',
    ),
    ...(operator ? [field('image', operator.image)] : []),
    field('engines', status.engines.join(', ')),
    field('modes', status.modes.join(', ')),
    field('namespace', `${status.defaultNamespace} by default`),
    field('used by', users.length === 0 ? 'nobody' : `${users.length} deployments`),
    ...users.slice(0, 10).map(({ namespace, name }) => field('', `${namespace}/${name}`)),
    blank,
    ...(operation ? [...operationLines(operation, options), blank] : []),
    line(
      ' ',
      span('By hand', 'title'),
      span(status.installed ? '  to make it well, or as it was installed' : '  to install it', 'dim'),
    ),
    ...manualLines(manual, options.width),
  ];
}

function manualLines(manual: Manual | undefined, width: number): readonly Line[] {
  if (!manual) return [line(span('   reading …', 'dim'))];
  // What was checked already needs no hand.
  const commands = manual.filter(({ command, status }) => command !== '' && status !== 'ok');
  if (commands.length === 0) return [line(span('   nothing to do', 'dim'))];
  return commands.flatMap(({ title, command }) => [
    line('   ', span(`# ${title}`, 'dim')),
    ...wrap(command, width - 4).map((row, index) => line(index === 0 ? '   ' : '     ', row)),
  ]);
}
