import { setTimeout as sleep } from 'node:timers/promises';
import { FoundryError } from '../errors.ts';
import { inOrderOfTime } from './log-lines.ts';
import { type FollowedLine, type FollowRequest, type LogReading, newReading, readOn } from './log-reading.ts';
import { selectLogs } from './log-selection.ts';
import { type DeploymentRef, findDeployment } from './lookup.ts';
import { redactText } from './redaction.ts';
import { inContext } from './shell.ts';
import type { Site } from './site.ts';
import { plainLine } from './untrusted-text.ts';

/**
 * What happened: a container is followed, has no log yet and why, reading broke off and is tried again, goes on, or the
 * deployment is gone.
 */
export type LogNews = 'following' | 'waiting' | 'broken' | 'again' | 'gone';

/** Who is told: clean lines, as many as came together, and in a sentence what happens to the containers. */
export interface LogListener {
  lines(lines: readonly FollowedLine[]): void;
  note(sentence: string, news: LogNews): void;
}

/** Milliseconds between two looks at which pods there are. */
const lookEvery = 2_000;
/** Lines that arrive within this time are told in order of their own times. */
const gatherFor = 200;
/** Characters of a note. */
const longestNote = 1_000;

/** Looking again may help; anything else ends the following. */
const passing: ReadonlySet<string> = new Set(['CLUSTER_UNREACHABLE', 'TIMEOUT', 'NOT_FOUND', 'REJECTED']);
/** The way to the cluster is to blame, and not a pod that is not there yet or any more. */
const lost: ReadonlySet<string> = new Set(['CLUSTER_UNREACHABLE', 'TIMEOUT']);

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
  const readings = new Map<string, LogReading>();
  const told = new Map<string, string>();
  const failed = new AbortController();
  const ending = AbortSignal.any([signal, failed.signal]);
  const gathered = gatherer(listener);
  const note = (about: string, sentence: string, news: LogNews) => {
    if (told.get(about) === sentence) return;
    told.set(about, sentence);
    listener.note(inContext(plainLine(redactText(sentence), longestNote), site.cluster.namedContext), news);
  };
  // Whether anything broke off since the last look.
  let isShaky = false;
  const broke = ({ message, hint }: FoundryError) => {
    isShaky = true;
    note('connection', `${message} Trying again. ${hint}`, 'broken');
  };

  // Found once, it is this one that is followed, whatever else is called so later.
  let meant = ref;
  const look = async (): Promise<void> => {
    const found = await findDeployment(site, meant, ending);
    const { name, namespace, runtime, phase } = found.deployment;
    meant = { name, namespace, runtime };
    // A stream that was opened at the last look has stood until this one.
    if (!isShaky && told.delete('connection')) listener.note('Following again.', 'again');
    isShaky = false;
    const targets = selectLogs(found, request);
    if (targets.length === 0)
      note('pods', `${name} is ${phase ?? 'unreadable'} and has no pods to read now.`, 'waiting');
    else told.delete('pods');
    for (const target of targets) {
      const key = `${target.pod}/${target.container}`;
      if (target.unstarted) {
        const { reason = 'NotStarted', message = 'it has not started' } = target.waiting ?? {};
        note(key, `${target.pod}: ${message.startsWith(reason) ? message : `${reason}: ${message}`}`, 'waiting');
        continue;
      }
      const reading = readings.get(key) ?? newReading();
      readings.set(key, reading);
      if (reading.open || reading.done) continue;
      reading.open = true;
      note(key, `following ${target.pod}, container ${target.container}`, 'following');
      readOn(site, target, request, reading, gathered.add, ending)
        .then(() => {
          reading.done = target.ended;
        })
        .catch((error: unknown) => {
          if (ending.aborted) return;
          if (!isPassing(error)) failed.abort(error);
          else if (lost.has(error.code)) broke(error);
          else if (error.details.kubelet !== undefined)
            note(`log of ${key}`, `${error.message} ${error.hint}`, 'waiting');
        })
        .finally(() => {
          reading.open = false;
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
        if (error.code === 'NOT_FOUND') return listener.note(`${ref.name} is gone.`, 'gone');
        broke(error);
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

/** Holds lines for a moment and tells them in order of time. */
function gatherer(listener: LogListener) {
  let waiting: FollowedLine[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const lines = inOrderOfTime([waiting]);
    waiting = [];
    if (lines.length > 0) listener.lines(lines);
  };
  return {
    add(line: FollowedLine) {
      waiting.push(line);
      timer ??= setTimeout(flush, gatherFor);
    },
    flush,
  };
}
