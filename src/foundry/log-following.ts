import { setTimeout as sleep } from 'node:timers/promises';
import { FoundryError } from '../errors.ts';
import { holds, inOrderOfTime, type StampedLine, shownLine, stampedLine } from './log-lines.ts';
import { type LogSelection, type NamedTarget, selectLogs } from './log-selection.ts';
import { type DeploymentRef, findDeployment } from './lookup.ts';
import { createLineRedactor } from './redaction.ts';
import type { Site } from './site.ts';
import { plainLine } from './untrusted-text.ts';

export interface FollowRequest extends LogSelection {
  /** Lines of each container to begin with. */
  readonly tail: number;
  /** Instead of these, the lines of so many seconds. */
  readonly sinceSeconds?: number;
  readonly match?: string;
}

export interface FollowedLine extends StampedLine {
  readonly pod: string;
  readonly role: string | null;
}

/** Who is told: clean lines, and in a sentence what happens to the containers. */
export interface LogListener {
  line(line: FollowedLine): void;
  note(sentence: string): void;
}

/** Milliseconds between two looks at which pods there are. */
const lookEvery = 2_000;
/** Lines that arrive within this time are told in order of their own times. */
const gatherFor = 200;

/** What is known about one container's log. */
interface Reading {
  /** The last time stamp that was told, and how many lines had it: where to go on. */
  last: string;
  atLast: number;
  open: boolean;
  /** Its stream ended for good. */
  done: boolean;
  readonly redacted: (line: string) => string;
}

/** Looking again may help; anything else ends the following. */
const passing: ReadonlySet<string> = new Set(['CLUSTER_UNREACHABLE', 'TIMEOUT', 'NOT_FOUND', 'REJECTED']);

/**
 * Tells what the containers of a deployment write until the signal aborts or the deployment is gone. Pods that join are
 * followed too, and broken streams are taken up where they ended.
 *
 * @throws FoundryError when the deployment cannot be found at first, or may not be read; the signal's reason
 */
export async function followLogs(
  site: Site,
  ref: DeploymentRef,
  request: FollowRequest,
  listener: LogListener,
  signal: AbortSignal,
): Promise<void> {
  const readings = new Map<string, Reading>();
  const told = new Map<string, string>();
  const failed = new AbortController();
  const ending = AbortSignal.any([signal, failed.signal]);
  const gathered = gatherer(listener);
  const note = (about: string, sentence: string) => {
    if (told.get(about) === sentence) return;
    told.set(about, sentence);
    listener.note(plainLine(sentence));
  };

  // Found once, it is this one that is followed, whatever else is called so later.
  let meant = ref;
  const look = async (): Promise<void> => {
    const found = await findDeployment(site, meant, ending);
    const { name, namespace, runtime } = found.deployment;
    meant = { name, namespace, runtime };
    told.delete('cluster');
    for (const target of selectLogs(found, request)) {
      const key = `${target.pod}/${target.container}`;
      if (target.unstarted) {
        note(
          key,
          `${target.pod}: ${target.waiting?.reason ?? 'NotStarted'}: ${target.waiting?.message ?? 'it has not started'}`,
        );
        continue;
      }
      const reading = readings.get(key) ?? newReading();
      readings.set(key, reading);
      if (reading.open || reading.done) continue;
      reading.open = true;
      note(key, `following ${target.pod}, container ${target.container}`);
      read(site, target, request, reading, gathered.add, ending)
        .catch((error: unknown) => {
          if (ending.aborted) return;
          if (!isPassing(error)) failed.abort(error);
          else if (error.details.kubelet !== undefined) note(`log of ${key}`, `${error.message} ${error.hint}`);
        })
        .finally(() => {
          reading.open = false;
          reading.done = target.ended;
        });
    }
  };

  try {
    await look();
    for (;;) {
      await sleep(lookEvery, undefined, { signal: ending });
      try {
        await look();
      } catch (error) {
        if (ending.aborted || !isPassing(error)) throw error;
        if (error.code === 'NOT_FOUND') return listener.note(`${ref.name} is gone.`);
        note('cluster', `${error.message} Trying again.`);
      }
    }
  } catch (error) {
    throw ending.aborted ? ending.reason : error;
  } finally {
    failed.abort();
    gathered.flush();
  }
}

const isPassing = (error: unknown): error is FoundryError => error instanceof FoundryError && passing.has(error.code);

const newReading = (): Reading => ({ last: '', atLast: 0, open: false, done: false, redacted: createLineRedactor() });

async function read(
  site: Site,
  { namespace, pod, container, role }: NamedTarget,
  { tail, sinceSeconds, match }: FollowRequest,
  reading: Reading,
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

/** Holds lines for a moment and tells them in order of time. */
function gatherer(listener: LogListener) {
  let waiting: FollowedLine[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const lines = inOrderOfTime([waiting]);
    waiting = [];
    for (const line of lines) listener.line(line);
  };
  return {
    add(line: FollowedLine) {
      waiting.push(line);
      timer ??= setTimeout(flush, gatherFor);
    },
    flush,
  };
}
