import type { LiveDeployments } from '../../foundry/live-listing.ts';
import type { Span } from '../text/line.ts';
import { span } from '../text/line.ts';

type RuntimeState = LiveDeployments['runtimes'][number];

const clock = (time: Date): string => time.toTimeString().slice(0, 8);

/** How fresh the list is: of every watch that is not live, since when and why, and when it is tried again. */
export function freshness({ runtimes }: LiveDeployments, now: Date): readonly Span[] {
  const watched = runtimes.filter(({ state }) => state !== 'not_installed');
  const odd = watched.filter(({ state }) => state !== 'live');
  if (odd.length === 0)
    return [span(watched.length === 0 ? 'nothing to watch' : 'live', watched.length === 0 ? 'dim' : 'good')];
  const all = odd.length === watched.length;
  const told = all && alike(odd) ? odd.slice(0, 1) : odd;
  return told.flatMap((runtime, index) => [
    ...(index === 0 ? [] : [span('  ')]),
    word(runtime, !all || told.length > 1, now),
  ]);
}

/** What ails all watches for the same reason is said once. */
const alike = ([first, ...others]: readonly RuntimeState[]): boolean =>
  others.every(({ state, error }) => state === first?.state && error?.code === first.error?.code);

function word({ runtime, state, since, error, retry }: RuntimeState, named: boolean, now: Date): Span {
  const prefix = named ? `${runtime} ` : '';
  if (state === 'stale')
    return span(`${prefix}stale since ${clock(since)}, reconnecting${inSeconds(retry, now)}`, 'warn');
  if (state === 'failed') return span(`${prefix}${error?.code ?? 'failed'} since ${clock(since)}`, 'bad');
  return span(`${prefix}connecting …`, 'busy');
}

/** Nothing where it is about to be tried: below a second nobody counts. */
function inSeconds(retry: Date | undefined, now: Date): string {
  const seconds = Math.round(((retry?.getTime() ?? 0) - now.getTime()) / 1_000);
  return seconds < 1 ? '' : ` in ${seconds} s`;
}

/** What permissions hide: the kinds that may not be read, and so what cannot be known. */
export function hidden({ runtimes }: LiveDeployments): string | undefined {
  const kinds = new Set(
    runtimes.flatMap(({ unread }) =>
      unread.filter(({ code }) => code === 'FORBIDDEN').map(({ query }) => `${query.kind}s`),
    ),
  );
  const refused = runtimes.filter(({ error }) => error?.code === 'FORBIDDEN').map(({ runtime }) => runtime);
  const all = [...refused, ...kinds];
  return all.length === 0 ? undefined : `! not readable: ${all.join(', ')}`;
}
