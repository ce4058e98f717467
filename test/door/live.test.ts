import type { ServerResponse } from 'node:http';
import { expect } from 'vitest';
import type { LiveList } from '../../src/cluster/cluster.ts';
import { textAt } from '../../src/kubernetes.ts';
import { type Answer, failure, json, lines, type SeenRequest } from '../support/scripted-api.ts';
import { configMap, configMaps, listPath, type OpenDoor, rayServices, test, until } from './door.ts';

const added = (...args: Parameters<typeof configMap>) => ({ type: 'ADDED', object: configMap(...args) });
const modified = (...args: Parameters<typeof configMap>) => ({ type: 'MODIFIED', object: configMap(...args) });
const deleted = (...args: Parameters<typeof configMap>) => ({ type: 'DELETED', object: configMap(...args) });
const bookmark = (resourceVersion: string, annotations?: Record<string, string>) => ({
  type: 'BOOKMARK',
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { resourceVersion, annotations } },
});
const wholeAt = (resourceVersion: string) => bookmark(resourceVersion, { 'k8s.io/initial-events-end': 'true' });
const gone = { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' } };
const noWatchList = failure(
  422,
  'Invalid',
  'ListOptions is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
);
const listed = (resourceVersion: string, ...items: unknown[]) =>
  json({ kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion }, items });

/** Lines, and then the end of the stream: clean, or in the middle. */
const ended =
  (events: readonly unknown[], end: (response: ServerResponse) => void = (response) => response.end()): Answer =>
  (request, response) => {
    lines(...events)(request, response);
    setTimeout(() => end(response), 20);
  };
const broken = (...events: readonly unknown[]) => ended(events, (response) => response.destroy());

/** Tells lists, first streams and resumed watches apart, as one path serves all three. */
const by =
  (answers: { list?: Answer; stream?: Answer; watch?: Answer }): Answer =>
  (request, response) => {
    const kind =
      request.query.get('watch') === null ? 'list' : request.query.get('resourceVersion') ? 'watch' : 'stream';
    (answers[kind] ?? failure(500, 'InternalError', `no ${kind} scripted`))(request, response);
  };

/** One who is told while a whole list comes in. */
function listening() {
  const told: string[] = [];
  const whileListing = () => {
    told.push('begun');
    return () => void told.push('ended');
  };
  return { told, whileListing };
}

async function liveValues(openDoor: OpenDoor, options?: Parameters<OpenDoor>[0]) {
  const { api, cluster } = await openDoor(options);
  const list = cluster.live(configMaps, {}, (object) => `${object.metadata.name}=${textAt(object, 'data', 'value')}`);
  return { api, cluster, list };
}

const holds =
  (...items: string[]) =>
  ({ items: found }: { items: readonly string[] }) =>
    found.join() === items.join();

const ask = ({ query }: SeenRequest) =>
  query.get('resourceVersion') ?? (query.get('sendInitialEvents') ? 'stream' : 'list');

test.concurrent('a list streams in, is live once it is whole, and follows what happens', async ({ openDoor }) => {
  const { api, list } = await liveValues(openDoor);
  let stream: ServerResponse | undefined;
  api.on(listPath, (request, response) => {
    stream = response;
    lines(added('a', '1', 'x'), added('b', '2', 'y'))(request, response);
  });
  const seen: string[] = [];
  const stop = list.subscribe(() => seen.push(`${list.snapshot().state} ${list.snapshot().items.length}`));
  await waitFor(() => stream !== undefined);
  expect(list.snapshot()).toMatchObject({ state: 'connecting', items: [] });
  stream?.write(`${JSON.stringify(wholeAt('2'))}\n`);
  await until(list, holds('a=x', 'b=y'));
  stream?.write(
    `${[modified('a', '3', 'z'), deleted('b', '4'), added('c', '5')].map((event) => JSON.stringify(event)).join('\n')}\n`,
  );
  expect(await until(list, holds('a=z', 'c='))).toMatchObject({ state: 'live' });
  expect(seen).toEqual(['live 2', 'live 2']);
  const [request] = api.requestsTo(listPath);
  expect(Object.fromEntries(request?.query ?? [])).toMatchObject({
    watch: 'true',
    sendInitialEvents: 'true',
    resourceVersionMatch: 'NotOlderThan',
    allowWatchBookmarks: 'true',
  });
  stop();
});

test.concurrent('a server without streamed lists is asked for pages, and then for what follows them', async ({
  openDoor,
}) => {
  const { api, list } = await liveValues(openDoor);
  const events = lines(added('b', '8'));
  api.on(listPath, by({ stream: noWatchList, list: listed('7', configMap('a', '1')), watch: events }));
  await until(list, holds('a=', 'b='));
  expect(api.requestsTo(listPath).map(ask)).toEqual(['stream', 'list', '7']);
});

test.concurrent('whoever opened the door is told while a whole list comes in, and never about what follows it', async ({
  openDoor,
}) => {
  const { told, whileListing } = listening();
  const { api, list } = await liveValues(openDoor, { whileListing });
  let stream: ServerResponse | undefined;
  api.on(
    listPath,
    by({
      stream: (request, response) => {
        stream = response;
        lines(added('a', '1'))(request, response);
      },
      watch: lines(added('b', '3')),
    }),
  );
  const stop = list.subscribe(() => {});
  await waitFor(() => told.length > 0);
  expect(told).toEqual(['begun']);
  stream?.write(`${JSON.stringify(wholeAt('2'))}\n`);
  await until(list, holds('a='));
  expect(told).toEqual(['begun', 'ended']);
  stream?.end();
  await until(list, holds('a=', 'b='));
  expect(told).toEqual(['begun', 'ended']);
  stop();
});

test.concurrent('a list that fails has ended too', async ({ openDoor }) => {
  const { told, whileListing } = listening();
  const { api, list } = await liveValues(openDoor, { whileListing });
  const first = json({ kind: 'ConfigMapList', apiVersion: 'v1', metadata: { continue: 'more' }, items: [] });
  const refused = failure(403, 'Forbidden', 'no');
  const pages: Answer = (request, response) =>
    (request.query.get('continue') === null ? first : refused)(request, response);
  api.on(listPath, by({ stream: noWatchList, list: pages }));
  const stop = list.subscribe(() => {});
  await until(list, ({ state }) => state === 'failed');
  expect(told.slice(-2)).toEqual(['begun', 'ended']);
  stop();
});

test.concurrent('a list that no server answers has not begun', async ({ openDoor }) => {
  const { told, whileListing } = listening();
  const { api, list } = await liveValues(openDoor, { whileListing });
  api.on(listPath, () => {});
  const stop = list.subscribe(() => {});
  await waitFor(() => api.requestsTo(listPath).length > 0);
  stop();
  expect(told).toEqual([]);
});

test.concurrent('a stream that ends or breaks is resumed from the last version, bookmarks included', async ({
  openDoor,
}) => {
  const { api, list } = await liveValues(openDoor);
  api.on(
    listPath,
    ended([added('a', '1'), wholeAt('3'), modified('a', '4', 'x'), bookmark('9')]),
    broken(added('b', '10')),
    lines(added('c', '11')),
  );
  const stop = list.subscribe(() => {});
  await until(list, ({ state, items }) => state === 'stale' && items.length === 2);
  const { state, error } = await until(list, holds('a=x', 'b=', 'c='));
  expect([state, error]).toEqual(['live', undefined]);
  expect(api.requestsTo(listPath).map(ask)).toEqual(['stream', '9', '10']);
  stop();
});

test.concurrent('when the history is gone, inside the stream or at its start, the list is read again without losing what did not change', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor();
  const list = cluster.live(configMaps, {}, ({ metadata }) => ({ name: metadata.name, uid: metadata.uid }));
  api.on(
    listPath,
    ended([added('same', '1'), added('other', '2'), wholeAt('2')]),
    ended([gone]),
    lines(added('same', '1'), added('other', '30', '', 'uid-of-another'), wholeAt('30')),
  );
  const stop = list.subscribe(() => {});
  const before = await until(list, ({ items }) => items.length === 2);
  const after = await until(list, ({ items }) => items.some(({ uid }) => uid === 'uid-of-another'));
  expect(after.items).toHaveLength(2);
  expect(after.items[0]).toBe(before.items[0]);
  expect(api.requestsTo(listPath).map(ask)).toEqual(['stream', '2', 'stream']);
  stop();
});

test.concurrent.for([
  ['a line that is not JSON', '{"type":"ADDED","obj'],
  ['an event of no known type', { type: 'EXPLODED', object: configMap('x', '9') }],
  ['an object without a name', { type: 'ADDED', object: { metadata: {} } }],
  ['an error of the server', { type: 'ERROR', object: { kind: 'Status', code: 500, message: 'etcd is away' } }],
  ['a value that is nothing at all', 'null'],
])('%s drops the stream, is told, and is got over', async ([_, event], { openDoor }) => {
  const { api, list } = await liveValues(openDoor);
  api.on(listPath, lines(added('a', '1'), wholeAt('1'), event), lines(modified('a', '2', 'well')));
  const stop = list.subscribe(() => {});
  const stale = await until(list, ({ state }) => state === 'stale');
  expect(stale.items).toEqual(['a=']);
  expect(stale.error?.message).toBeTruthy();
  expect(stale.retry?.getTime()).toBeGreaterThan(stale.since.getTime());
  await until(list, holds('a=well'));
  await waitFor(() => api.open === 1);
  stop();
});

test.concurrent('what cannot be read is failed with its reason, from the start and later, and heals by itself', async ({
  openDoor,
}) => {
  const { api, list } = await liveValues(openDoor);
  const denied = failure(403, 'Forbidden', 'configmaps is forbidden: User "jane" cannot watch resource "configmaps"');
  api.on(listPath, denied, lines(added('a', '1'), wholeAt('1')));
  const failed = await until(list, ({ state }) => state === 'failed');
  expect(failed).toMatchObject({ items: [], error: { code: 'FORBIDDEN' } });
  expect(failed.error?.hint).toContain('kubectl auth can-i watch configmaps -A');
});

test.concurrent('a server that is away makes the list stale with its items, and its return makes it live', async ({
  openDoor,
}) => {
  const { api, list } = await liveValues(openDoor);
  api.on(listPath, lines(added('a', '1'), wholeAt('1')), lines(added('b', '2')));
  const stop = list.subscribe(() => {});
  await until(list, holds('a='));
  await api.stop();
  const stale = await until(
    list,
    ({ state, error }) => state === 'stale' && error?.message.includes('refused') === true,
  );
  expect(stale.items).toEqual(['a=']);
  await api.listen();
  expect(await until(list, holds('a=', 'b='))).toMatchObject({ state: 'live' });
  stop();
});

test.concurrent('a kind that is not served is failed with NOT_FOUND, and lives once it is installed', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor();
  const list = cluster.live({ group: 'ray.io', kind: 'RayJob' }, {}, ({ metadata }) => metadata.name);
  const stop = list.subscribe(() => {});
  expect((await until(list, ({ state }) => state === 'failed')).error?.code).toBe('NOT_FOUND');
  const resource = { resource: 'rayjobs', responseKind: { kind: 'RayJob' }, scope: 'Namespaced', verbs: ['list'] };
  const items = [{ metadata: { name: 'ray.io' }, versions: [{ version: 'v1', resources: [resource] }] }];
  api.on('GET /apis', json({ kind: 'APIGroupDiscoveryList', items }));
  api.on('GET /apis/ray.io/v1/rayjobs', lines(wholeAt('1')));
  expect(await until(list, ({ state }) => state === 'live')).toMatchObject({ items: [] });
  stop();
});

test.concurrent('a kind whose definition is deleted takes its items with it', async ({ openDoor }) => {
  const { api, cluster } = await openDoor();
  const path = 'GET /apis/ray.io/v1/rayservices';
  const list = cluster.live(rayServices, {}, ({ metadata }) => metadata.name);
  const unserved: Answer = (_, response) => response.writeHead(404).end('404 page not found\n');
  api.on(path, ended([added('a', '1'), wholeAt('1')]), unserved);
  const stop = list.subscribe(() => {});
  await until(list, holds('a'));
  expect(await until(list, ({ state }) => state === 'failed')).toMatchObject({
    items: [],
    error: { code: 'NOT_FOUND' },
  });
  stop();
});

test.concurrent('the first subscriber starts the watch, the last one stops it, and the next one starts anew', async ({
  openDoor,
}) => {
  const { api, list } = await liveValues(openDoor);
  api.on(listPath, lines(added('a', '1'), wholeAt('1')));
  expect(api.requests).toHaveLength(0);
  const [first, second] = [list.subscribe(() => {}), list.subscribe(() => {})];
  await until(list, holds('a='));
  first();
  first();
  expect(api.open).toBe(1);
  second();
  await waitFor(() => api.open === 0);
  expect(list.snapshot()).toMatchObject({ state: 'connecting', items: [] });
  await until(list, holds('a='));
  expect(api.requestsTo(listPath)).toHaveLength(2);
});

test.concurrent('stopping while the connection is being made leaves no watch behind', async ({ openDoor }) => {
  const { api, list } = await liveValues(openDoor);
  api.on(listPath, lines(wholeAt('1')));
  list.subscribe(() => {})();
  const stop = list.subscribe(() => {});
  await until(list, ({ state }) => state === 'live');
  stop();
  await waitFor(() => api.open === 0);
});

test.concurrent('a snapshot stays the same object until something changes, and never changes itself', async ({
  openDoor,
}) => {
  const { api, list } = await liveValues(openDoor);
  let stream: ServerResponse | undefined;
  api.on(listPath, (request, response) => {
    stream = response;
    lines(added('a', '1'), wholeAt('1'))(request, response);
  });
  const stop = list.subscribe(() => {});
  await until(list, holds('a='));
  const snapshot = list.snapshot();
  expect(list.snapshot()).toBe(snapshot);
  stream?.write(`${JSON.stringify(added('b', '2'))}\n`);
  expect(await until(list, holds('a=', 'b='))).not.toBe(snapshot);
  expect(snapshot.items).toEqual(['a=']);
  stop();
});

test.concurrent('a listener that throws disturbs neither the list nor the other listeners', async ({ openDoor }) => {
  const { api, list } = await liveValues(openDoor);
  api.on(listPath, lines(added('a', '1'), wholeAt('1'), added('b', '2')));
  const stop = list.subscribe(() => {
    throw new Error('a broken view');
  });
  await until(list, holds('a=', 'b='));
  stop();
});

test.concurrent('behind a fence, a live list is one watch for each namespace, and the worst of them is its state', async ({
  openDoor,
}) => {
  const { api, list } = await liveValues(openDoor, { namespaces: ['models', 'lab'] });
  api.on('GET /api/v1/namespaces/models/configmaps', lines(added('a', '1'), wholeAt('1')));
  const denied = failure(403, 'Forbidden', 'configmaps is forbidden: User "jane" cannot watch resource "configmaps"');
  api.on('GET /api/v1/namespaces/lab/configmaps', denied, lines(added('b', '1'), wholeAt('1')));
  const stop = list.subscribe(() => {});
  const failed = await until(list, ({ state, items }) => state === 'failed' && items.length === 1);
  expect(failed.error?.message).toContain('in namespace lab');
  expect(await until(list, holds('a=', 'b='))).toMatchObject({ state: 'live' });
  expect(api.requestsTo(listPath)).toHaveLength(0);
  stop();
});

test.concurrent('closing the door ends its watches', async ({ openDoor }) => {
  const { api, cluster, list } = await liveValues(openDoor);
  api.on(listPath, lines(wholeAt('1')));
  list.subscribe(() => {});
  await until(list, ({ state }: ReturnType<LiveList<string>['snapshot']>) => state === 'live');
  cluster.close();
  await waitFor(() => api.open === 0);
  await expect(cluster.list(configMaps)).rejects.toThrow('was closed');
});

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
