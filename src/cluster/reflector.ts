import { setTimeout as sleep } from 'node:timers/promises';
import { FoundryError } from '../errors.ts';
import type { LiveSnapshot } from './cluster.ts';
import { ConnectionFailure } from './exchange.ts';
import { listOrWatch, type Position, type ReflectorOptions, type WatchListSupport } from './list-and-watch.ts';
import { Silence } from './watch-stream.ts';

/** A stream that ends sooner without an event is a failure, or we would ask without pause. */
const shortest = 1_000;
/** A history that is gone again right after a whole list is no reason to list without pause. */
const relistGap = 5_000;
/** From the same place so often without success: the place itself may be the trouble. */
const triesFromOnePlace = 3;

/**
 * Keeps one part of a live list equal to the server's: list, watch, resume, list again when the past is gone.
 * Ends only when the signal aborts, or with NOT_FOUND as the error when the kind is no longer served.
 */
export async function reflect<Item>(options: ReflectorOptions<Item>, signal: AbortSignal): Promise<never> {
  const { part, support } = options;
  const position: Position = { version: undefined, synced: undefined, opened: undefined, progress: false };
  for (let failures = 0; ; ) {
    const error = await failureOf(listOrWatch(options, position, signal));
    signal.throwIfAborted();
    if (error instanceof FoundryError && error.details.served === false) throw error;
    if (goesOn(error, position, support)) {
      failures = 0;
      continue;
    }
    failures = isWorking(position) ? 1 : failures + 1;
    const unreached = isUnreached(error);
    if (failures > triesFromOnePlace && !unreached) position.version = undefined;
    const pause = backoff(failures, unreached);
    if (error !== undefined) part.report(stateAfter(error, position), problemOf(error), new Date(Date.now() + pause));
    part.flush();
    await sleep(pause, undefined, { signal });
  }
}

/** What it rejects with; undefined when it ends well. */
const failureOf = (work: Promise<void>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

/** Whether the next stream may begin at once, without a pause and with nothing to report. */
function goesOn(error: unknown, position: Position, support: WatchListSupport): boolean {
  if (isRefusedSync(error, position, support)) {
    support.served = false;
    return true;
  }
  if (error === undefined) return isWorking(position);
  if (isExpired(error)) {
    const again = position.version !== undefined && isOver(relistGap, position.synced);
    position.version = undefined;
    return again;
  }
  return error instanceof Silence && position.progress;
}

const isOver = (milliseconds: number, since: number | undefined): boolean =>
  since !== undefined && performance.now() - since > milliseconds;

const isWorking = ({ progress, opened }: Position): boolean => progress || isOver(shortest, opened);

const isExpired = (error: unknown): boolean => error instanceof FoundryError && error.details.status === 410;

/** The server does not know streamed lists: it says so, or the end of the list never comes. */
const isRefusedSync = (error: unknown, position: Position, { served }: WatchListSupport): boolean =>
  served &&
  position.version === undefined &&
  (error === undefined ||
    error instanceof Silence ||
    (codeOf(error) === 'REJECTED' && /sendInitialEvents|resourceVersionMatch/.test(wordsOf(error))));

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : '');

const codeOf = (error: unknown): string => (error instanceof FoundryError ? error.code : 'INTERNAL');

export const isUnreached = (error: unknown): boolean =>
  error instanceof FoundryError && error.cause instanceof ConnectionFailure && !error.cause.reached;

/** What waiting does not cure is a failure, even when there are old items to show. */
function stateAfter(error: unknown, { synced }: Position): LiveSnapshot<unknown>['state'] {
  const lasting = ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'INPUT_INVALID'].includes(codeOf(error));
  return synced !== undefined && !lasting ? 'stale' : 'failed';
}

export function problemOf(error: unknown): { code: string; message: string; hint: string } {
  if (error instanceof FoundryError) return { code: error.code, message: error.message, hint: error.hint };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'INTERNAL', message: `The live list broke: ${message}`, hint: 'It is tried again by itself.' };
}

/**
 * Milliseconds before the next try. A server that refuses connections costs nothing to ask and is asked again soon, so
 * that its return is noticed; one that answers with errors is spared.
 */
export function backoff(failures: number, unreached: boolean): number {
  const [first, most] = unreached ? [300, 1_000] : [800, 30_000];
  return Math.min(first * 2 ** (failures - 1), most) * (0.75 + 0.5 * Math.random());
}
