import { age } from '../../foundry/ages.ts';
import type { ClusterEvent } from '../../foundry/live-events.ts';
import type { LiveDetail } from '../../foundry/live-listing.ts';
import { wrap } from '../text/cells.ts';
import { type Line, line, span } from '../text/line.ts';

/** The events that are about a deployment or what belongs to it, the latest first. */
export function eventsOf(events: readonly ClusterEvent[], { objects }: LiveDetail): readonly ClusterEvent[] {
  const known = new Set(objects.map(({ kind, name }) => `${kind}/${name}`));
  return events
    .filter(({ kind, name }) => known.has(`${kind}/${name}`))
    .toSorted((a, b) => Date.parse(b.at ?? '') - Date.parse(a.at ?? '') || 0);
}

/** Events with their whole message, the latest first. */
export function eventLines(events: readonly ClusterEvent[], width: number, now: Date): readonly Line[] {
  return events.flatMap((event) => {
    const isWarning = event.type !== 'Normal';
    const times = event.count > 1 ? ` ×${event.count}` : '';
    const head = line(
      span(isWarning ? ' ! ' : '   ', 'warn'),
      span(age(event.at, now).padStart(4), 'dim'),
      '  ',
      span(event.reason, isWarning ? 'warn' : 'title'),
      times,
      '  ',
      span(`${event.kind}/${event.name}`, 'dim'),
    );
    return [head, ...wrap(event.message, width - 10).map((part) => line(`         ${part}`))];
  });
}
