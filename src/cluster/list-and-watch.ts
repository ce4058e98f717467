import { listAt, textAt } from '../kubernetes.ts';
import type { ClusterOptions, ListOptions, Resource } from './cluster.ts';
import { decodeObject } from './decode.ts';
import { failureInStream } from './failures.ts';
import { type Entry, keyOf, type LivePart } from './live-store.ts';
import { pathOf } from './paths.ts';
import { listRequest, pageSize, selectorsOf } from './reads.ts';
import type { ApiRequest } from './request.ts';
import { type Session, targetOf } from './session.ts';
import { decodeEvent, type WatchEvent, watchLines } from './watch-stream.ts';

/**
 * Seconds that a watch is asked to last. Short, because only its end tells a quiet watch from a dead connection, and
 * because the server sends a bookmark just before it, so that no resource version grows old.
 */
const watchSeconds = { least: 25, spread: 5 };
/** The first stream also carries the whole list, which may take longer. */
const syncSeconds = { least: 300, spread: 300 };
/** Milliseconds without a byte after which a stream counts as dead; more than the longest quiet watch. */
const silence = 32_000;
const initialEventsEnd = 'k8s.io/initial-events-end';

/** Whether the server can stream a list (`sendInitialEvents`); known after the first try. */
export interface WatchListSupport {
  served: boolean;
}

export interface ReflectorOptions<Item> {
  readonly session: Session;
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly selectors: ListOptions;
  readonly part: LivePart<Item>;
  readonly support: WatchListSupport;
  readonly whileListing: ClusterOptions['whileListing'];
}

/** Where the reflector stands between two streams. Times are of the monotonic clock. */
export interface Position {
  /** Where to go on; undefined = from the beginning. */
  version: string | undefined;
  /** When the last whole list was there. */
  synced: number | undefined;
  /** When this stream began. */
  opened: number | undefined;
  /** Whether this stream led on: to a whole list, or to a newer version. */
  progress: boolean;
}

/**
 * One list or one stream, until it ends.
 *
 * @throws FoundryError, Silence, or what the projection throws
 */
export async function listOrWatch<Item>(
  options: ReflectorOptions<Item>,
  position: Position,
  signal: AbortSignal,
): Promise<void> {
  position.opened = undefined;
  position.progress = false;
  if (position.version !== undefined) return watch(options, position, signal);
  let end: (() => void) | undefined;
  const listing: Listing = {
    begun: () => {
      end ??= options.whileListing?.();
    },
    ended: () => {
      end?.();
      end = undefined;
    },
  };
  try {
    if (options.support.served) await watch(options, position, signal, listing);
    else await listByPages(options, position, signal, listing);
  } finally {
    listing.ended();
  }
}

/** Told of a whole list: that it comes in, not before the server answers, and that all of it is there. */
interface Listing {
  begun(): void;
  ended(): void;
}

async function listByPages<Item>(
  { part, resource, namespace, selectors, session }: ReflectorOptions<Item>,
  position: Position,
  signal: AbortSignal,
  listing: Listing,
): Promise<void> {
  const entries: Entry<Item>[] = [];
  let next: string | undefined;
  do {
    const page = { limit: selectors.pageSize ?? pageSize, continue: next };
    const { content } = await session.transport.send(listRequest(resource, namespace, selectors, page), { signal });
    listing.begun();
    for (const item of listAt(content, 'items')) entries.push(part.entry(decodeObject(item, resource)));
    next = textAt(content, 'metadata', 'continue') || undefined;
    position.version = next === undefined ? textAt(content, 'metadata', 'resourceVersion') : undefined;
  } while (next !== undefined);
  arrived(part, position, entries);
}

function arrived<Item>(part: LivePart<Item>, position: Position, entries: readonly Entry<Item>[]): void {
  position.synced = performance.now();
  position.progress = true;
  part.replace(entries);
  part.report('live');
  part.flush();
}

/** Watches from the position; without one, the stream begins with the whole list. */
async function watch<Item>(
  options: ReflectorOptions<Item>,
  position: Position,
  signal: AbortSignal,
  listing?: Listing,
): Promise<void> {
  const { part, session } = options;
  const response = await session.transport.stream(watchRequest(options, position.version), signal);
  listing?.begun();
  position.opened = performance.now();
  let initial: Map<string, Entry<Item>> | undefined = position.version === undefined ? new Map() : undefined;
  if (!initial) {
    part.report('live');
    part.flush();
  }
  for await (const lines of watchLines(response, silence)) {
    signal.throwIfAborted();
    for (const line of lines) {
      const isEnd = take(decodeEvent(line), options, position, initial);
      if (!isEnd || !initial) continue;
      arrived(part, position, [...initial.values()]);
      initial = undefined;
      listing?.ended();
    }
    part.flush();
  }
}

function watchRequest<Item>(
  { resource, namespace, selectors }: ReflectorOptions<Item>,
  version: string | undefined,
): ApiRequest {
  const { least, spread } = version === undefined ? syncSeconds : watchSeconds;
  const begin =
    version === undefined
      ? { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }
      : { resourceVersion: version };
  return {
    method: 'GET',
    path: pathOf(resource, { namespace }),
    query: {
      ...selectorsOf(selectors),
      watch: true,
      allowWatchBookmarks: true,
      timeoutSeconds: Math.floor(least + spread * Math.random()),
      ...begin,
    },
    target: targetOf('watch', resource, { namespace }),
    changes: false,
    idempotent: true,
  };
}

/** Carries out one event; true for the bookmark that ends the initial list. */
function take<Item>(
  { type, object }: WatchEvent,
  { part, resource, session, namespace }: ReflectorOptions<Item>,
  position: Position,
  initial: Map<string, Entry<Item>> | undefined,
): boolean {
  if (type === 'ERROR') throw failureInStream(object, targetOf('watch', resource, { namespace }), session.context);
  const version = textAt(object, 'metadata', 'resourceVersion');
  const isEnd = type === 'BOOKMARK' && textAt(object, 'metadata', 'annotations', initialEventsEnd) === 'true';
  if (type !== 'BOOKMARK') {
    const decoded = decodeObject(object, resource);
    const entry = type === 'DELETED' ? undefined : part.entry(decoded);
    if (initial && entry) initial.set(entry.key, entry);
    else if (initial) initial.delete(keyOf(decoded));
    else if (entry) part.set(entry);
    else part.remove(decoded);
  }
  // Until the initial list is whole there is no place to go on from.
  if (version !== undefined && (!initial || isEnd)) {
    position.version = version;
    position.progress = true;
  }
  return isEnd;
}
