import type { ServerResponse } from 'node:http';
import type { Call } from '../call.ts';
import { served } from '../objects/conversion.ts';
import { type JsonObject, objectOr, without } from '../objects/json.ts';
import type { ApiObject } from '../objects/object.ts';
import { apiVersionOf } from '../objects/resource.ts';
import { type Predicate, selection } from '../objects/selectors.ts';
import { gone } from '../objects/status.ts';
import type { Change } from '../objects/store.ts';
import { isTrue, watchRevision } from './list-options.ts';

interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: JsonObject;
}

interface ObjectEvent extends WatchEvent {
  readonly object: ApiObject;
}

/** What a change is to a watch that chooses: objects come and go as they begin and cease to match. */
function eventOf(change: Change, chooses: Predicate | undefined): ObjectEvent | undefined {
  const { type, object, previous } = change;
  if (chooses === undefined) return { type, object };
  const was = previous !== undefined && chooses(previous);
  const is = type !== 'DELETED' && chooses(object);
  if (is) return { type: was ? 'MODIFIED' : 'ADDED', object };
  if (!was) return undefined;
  const last: ApiObject = { ...previous, metadata: { ...previous.metadata, resourceVersion: String(change.revision) } };
  return { type: 'DELETED', object: type === 'DELETED' ? object : last };
}

/** `present` is how the client wants to see the objects (as they are, as tables, metadata only). */
export interface WatchOptions {
  readonly bookmarkMilliseconds: number;
  readonly present: (object: ApiObject) => JsonObject;
}

/** Streams changes until the client leaves, the time is up or the server ends it. */
export function watch(call: Call, response: ServerResponse, { bookmarkMilliseconds, present }: WatchOptions): void {
  const { api, resource, query, namespace } = call;
  const { store } = api;
  const chooses = selection(query, resource);
  const from = watchRevision(query);
  const initial = isTrue(query, 'sendInitialEvents');
  const bookmarks = isTrue(query, 'allowWatchBookmarks');
  const timeout = Number(query.get('timeoutSeconds') ?? 0) || 1800 + Math.random() * 1800;

  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' });
  response.flushHeaders();

  const write = ({ type, object }: WatchEvent): void => {
    response.write(`${JSON.stringify({ type, object })}\n`);
  };
  const send = ({ type, object }: ObjectEvent): void => write({ type, object: present(served(resource, object)) });
  const bookmark = (annotations?: { readonly [key: string]: string }): void => {
    const metadata = { name: '', resourceVersion: String(store.revision), annotations };
    const object = present({ kind: resource.kind, apiVersion: apiVersionOf(resource), metadata });
    write({ type: 'BOOKMARK', object: { ...object, metadata: without(objectOr(object.metadata), 'name') } });
  };

  const deliver = (change: Change): void => {
    if (namespace !== undefined && change.object.metadata.namespace !== namespace) return;
    if (call.name !== undefined && change.object.metadata.name !== call.name) return;
    const event = eventOf(change, chooses);
    if (event !== undefined) send(event);
  };

  const synthetic = initial || from === 0;
  if (synthetic) {
    for (const object of store.list(resource.table, namespace)) {
      if (call.name !== undefined && object.metadata.name !== call.name) continue;
      if (chooses === undefined || chooses(object)) send({ type: 'ADDED', object });
    }
    if (initial && bookmarks) bookmark({ 'k8s.io/initial-events-end': 'true' });
  } else {
    const missed = store.since(resource.table, from);
    if (missed === undefined) {
      write({ type: 'ERROR', object: gone(from, store.oldest(resource.table)).status });
      response.end();
      return;
    }
    for (const change of missed) deliver(change);
  }

  const unsubscribe = store.subscribe(resource.table, deliver);
  const ticking = bookmarks ? setInterval(() => bookmark(), bookmarkMilliseconds) : undefined;
  const lastBookmark = bookmarks && timeout > 2 ? setTimeout(() => bookmark(), (timeout - 2) * 1000) : undefined;
  // A slow client takes its time after the end, and nothing may be written by then.
  const end = (): void => {
    stop();
    response.end();
  };
  const ending = setTimeout(end, timeout * 1000);
  // The real server, too, ends the watches on what it no longer serves.
  const forget = api.registry.onRemoval(resource.table, end);
  const stop = (): void => {
    unsubscribe();
    forget();
    clearInterval(ticking);
    clearTimeout(lastBookmark);
    clearTimeout(ending);
  };
  response.once('close', stop);
}
