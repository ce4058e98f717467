import { type KubernetesObject, numberAt, textAt } from '../../kubernetes.ts';

/** What several equal events say together. */
export interface Happening {
  readonly kind: string;
  readonly name: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** Milliseconds; of the last time. */
  readonly at: number;
}

/** Events older than this are of another trouble. */
const recentMilliseconds = 60 * 60_000;

/** Newer writers set eventTime and series, older ones count and lastTimestamp. */
function decode(event: KubernetesObject): Happening {
  const times = [
    textAt(event, 'series', 'lastObservedTime'),
    textAt(event, 'lastTimestamp'),
    textAt(event, 'eventTime'),
    event.metadata.creationTimestamp,
  ];
  return {
    kind: textAt(event, 'involvedObject', 'kind') ?? '',
    name: textAt(event, 'involvedObject', 'name') ?? '',
    reason: textAt(event, 'reason') ?? '',
    message: textAt(event, 'message') ?? '',
    count: numberAt(event, 'series', 'count') ?? numberAt(event, 'count') ?? 1,
    at: Date.parse(times.find((time) => time !== undefined) ?? ''),
  };
}

/** Names and times that differ between events that mean the same. */
const alike = ({ kind, reason, message }: Happening): string =>
  `${kind} ${reason} ${message.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|-[a-z0-9]{5}\b|\d+/g, '*')}`;

/** Recent events about what belongs to it, newest first, each kind of message once with its count. */
export function happenings(
  events: readonly KubernetesObject[],
  isAbout: (kind: string, name: string) => boolean,
  now: Date,
): readonly Happening[] {
  const recent = events
    .map(decode)
    .filter(({ kind, name, at }) => isAbout(kind, name) && !(at < now.getTime() - recentMilliseconds))
    .toSorted((one, other) => (other.at || 0) - (one.at || 0));
  return [...Map.groupBy(recent, alike).values()].flatMap((group) => {
    const [newest] = group;
    return newest ? [{ ...newest, count: group.reduce((sum, { count }) => sum + count, 0) }] : [];
  });
}
