import type { RuntimeStatus } from '../../foundry/runtimes.ts';
import { badges, stateBadges } from '../runtimes/badges.ts';
import type { AccessState } from '../state/access.ts';
import { cutMiddle, plainCells, widthOf } from '../text/cells.ts';
import { ends, type Line, line, lineWidth, type Span, span } from '../text/line.ts';

/** What the first row tells. */
export interface Whereabouts {
  readonly context: string;
  readonly namespace: string;
  /** Absent as long as it is not known. */
  readonly access?: AccessState;
  readonly runtimes: readonly RuntimeStatus[];
  /** Why nothing is known of the runtimes. */
  readonly error?: string;
  readonly now: Date;
}

interface Layout {
  readonly title: string;
  readonly leave: (minutes: number) => string;
  readonly runtime: (status: RuntimeStatus) => string;
  readonly state: 'short' | 'shortest';
  /** Columns of the namespace at most; and of the context at least, where its name has as many. */
  readonly namespace: number;
  readonly context: number;
}

const versioned = (name: string, version: string | undefined): string =>
  version === undefined ? name : `${name} ${version}`;

const whole = Number.POSITIVE_INFINITY;
const widest: Layout = {
  title: 'KubeFoundry  ',
  leave: (minutes) => `[READ-WRITE ${minutes}m left]`,
  runtime: ({ id, version }) => versioned(id, version),
  state: 'short',
  namespace: whole,
  context: whole,
};
const badged: Layout = { ...widest, runtime: ({ id }) => badges[id] };
const narrowest: Layout = {
  title: '',
  leave: (minutes) => `[RW ${minutes}m]`,
  runtime: badged.runtime,
  state: 'shortest',
  namespace: 12,
  context: 0,
};

/** The one with the most words first. What one may do here is in all of them. */
const layouts: readonly Layout[] = [
  widest,
  { ...widest, runtime: ({ id, version }) => versioned(badges[id], version) },
  { ...badged, namespace: 24, context: 20 },
  { ...badged, namespace: 16, context: 12, title: '' },
  narrowest,
];

/** Where one is, what one may do there, and how its runtimes are: with as many words as there is room for. */
export function placeLine(told: Whereabouts, width: number): Line {
  const context = plainCells(told.context);
  const roomIn = (layout: Layout): number => {
    const right = lineWidth(rightOf(told, layout));
    return width - lineWidth(leftOf(told, layout, '')) - (right === 0 ? 0 : right + gap);
  };
  const layout = layouts.find((one) => roomIn(one) >= Math.min(widthOf(context), one.context)) ?? narrowest;
  return ends(leftOf(told, layout, cutMiddle(context, roomIn(layout))), rightOf(told, layout), width);
}

const gap = 2;

const leftOf = ({ namespace, access, now }: Whereabouts, layout: Layout, context: string): Line =>
  line(
    ' ',
    span(layout.title, 'title'),
    span('ctx: ', 'dim'),
    span(context, 'accent'),
    '  ',
    span('ns: ', 'dim'),
    span(cutMiddle(plainCells(namespace), layout.namespace), 'accent'),
    ...(access ? accessSpans(access, now, layout) : []),
  );

function accessSpans({ writing, until }: AccessState, now: Date, { leave }: Layout): readonly Span[] {
  if (!writing) return [span('  '), span('[READ-ONLY]', 'warn')];
  if (!until) return [];
  return [span('  '), span(leave(Math.max(0, Math.ceil((until.getTime() - now.getTime()) / 60_000))), 'bad')];
}

function rightOf({ runtimes, error }: Whereabouts, { runtime, state }: Layout): Line {
  if (error !== undefined) return line(span(error, 'bad'));
  return line(
    ...runtimes.flatMap((status, index) => [
      span(`${index === 0 ? '' : '  '}${runtime(status)} `, 'dim'),
      span(stateBadges[status.state][state], stateBadges[status.state].tone),
    ]),
  );
}
