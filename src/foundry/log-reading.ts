import { holds, type StampedLine, shownLine, stampedLine } from './log-lines.ts';
import type { LogSelection, NamedTarget } from './log-selection.ts';
import { createLineRedactor } from './redaction.ts';
import type { Site } from './site.ts';

export interface FollowRequest extends LogSelection {
  /** Lines of each container to begin with. */
  readonly tail: number;
  /** Instead of these, the lines of so many seconds. */
  readonly sinceSeconds?: number;
  readonly match?: string;
}

export interface FollowedLine extends StampedLine {
  readonly pod: string;
  readonly role: NamedTarget['role'];
}

/** What is known about one container's log. */
export interface LogReading {
  /** The last time stamp that was told, and how many lines had it: where to go on. */
  last: string;
  atLast: number;
  open: boolean;
  /** Its stream ended for good. */
  done: boolean;
  readonly redacted: (line: string) => string;
}

export const newReading = (): LogReading => ({
  last: '',
  atLast: 0,
  open: false,
  done: false,
  redacted: createLineRedactor(),
});

/** Tells what a container writes until its stream ends; one that was read before goes on where that ended. */
export async function readOn(
  site: Site,
  { namespace, pod, container, role }: NamedTarget,
  { tail, sinceSeconds, match }: FollowRequest,
  reading: LogReading,
  tell: (line: FollowedLine) => void,
  signal: AbortSignal,
): Promise<void> {
  const since = sinceSeconds === undefined ? undefined : new Date(site.now().getTime() - sinceSeconds * 1000);
  const begin = reading.last || since?.toISOString();
  const resumed = reading.last;
  let repeated = resumed === '' ? 0 : reading.atLast;
  let time = 0;
  const from = begin === undefined ? { tail } : { sinceTime: begin };
  for await (const raw of site.cluster.followLogs({ namespace, pod, container }, from, signal)) {
    const line = stampedLine(raw, time);
    time = line.time;
    if (line.stamp !== '' && line.stamp < resumed) continue;
    if (line.stamp === resumed && repeated > 0) {
      repeated -= 1;
      continue;
    }
    reading.atLast = line.stamp === reading.last ? reading.atLast + 1 : 1;
    reading.last = line.stamp === '' ? reading.last : line.stamp;
    const text = reading.redacted(line.text);
    if (holds(text, match)) tell({ ...line, text: shownLine(text), pod, role });
  }
}
