import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, configMap, configMaps, startClient, take } from './client.ts';
import { definitions, serveWidgets, widget, widgets } from './widgets.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client.stop());

const revision = async (): Promise<string> => {
  const { body } = await client.get(configMaps);
  return String(Reflect.get(Object(body.metadata), 'resourceVersion'));
};

const event = (type: string, name: string, more = {}) => ({
  type,
  object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name }, ...more },
});

it('tells what happens after a revision, in order', async () => {
  const from = await revision();
  await client.create(configMaps, configMap('told', { a: '1' }));
  const events = client.watch(`${configMaps}?resourceVersion=${from}`);
  const taking = take(events, 3);
  await client.merge(`${configMaps}/told`, { data: { a: '2' } });
  await client.remove(`${configMaps}/told`);
  expect(await taking).toMatchObject([
    event('ADDED', 'told', { data: { a: '1' } }),
    event('MODIFIED', 'told', { data: { a: '2' } }),
    event('DELETED', 'told', { data: { a: '2' } }),
  ]);
});

it('begins with what is there when no revision is given', async () => {
  await client.create(configMaps, configMap('there'));
  expect(await take(client.watch(configMaps), 2)).toMatchObject([
    event('ADDED', 'kube-root-ca.crt'),
    event('ADDED', 'there'),
  ]);
});

it('lets objects come and go as they begin and cease to match', async () => {
  const from = await revision();
  const taking = take(client.watch(`${configMaps}?resourceVersion=${from}&labelSelector=wanted`), 3);
  await client.create(configMaps, configMap('plain'));
  await client.create(configMaps, configMap('chosen', {}, { labels: { wanted: 'yes' } }));
  await client.merge(`${configMaps}/chosen`, { metadata: { labels: { wanted: null } } });
  await client.merge(`${configMaps}/plain`, { metadata: { labels: { wanted: 'yes' } } });
  expect(await taking).toMatchObject([event('ADDED', 'chosen'), event('DELETED', 'chosen'), event('ADDED', 'plain')]);
});

it('streams the list first when asked to, and marks its end', async () => {
  const query = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  const names = await client.get(configMaps);
  const count = Reflect.get(Object(names.body.items), 'length');
  const events = await take(client.watch(`${configMaps}?${query}`), count + 1);
  expect(events.slice(0, -1).every(({ type }) => type === 'ADDED')).toBe(true);
  expect(events.at(-1)).toMatchObject({
    type: 'BOOKMARK',
    object: {
      kind: 'ConfigMap',
      metadata: {
        resourceVersion: expect.stringMatching(/^\d+$/),
        annotations: { 'k8s.io/initial-events-end': 'true' },
      },
    },
  });
});

it('ends with an error where the revision is forgotten', async () => {
  const from = await revision();
  await client.create(configMaps, configMap('forgotten'));
  client.server.compact();
  expect(await take(client.watch(`${configMaps}?resourceVersion=${from}`), 1)).toMatchObject([
    {
      type: 'ERROR',
      object: {
        kind: 'Status',
        code: 410,
        reason: 'Expired',
        message: expect.stringMatching(/^too old resource version: \d+ \(\d+\)$/),
      },
    },
  ]);
});

it('ends when its time is up', async () => {
  const from = await revision();
  expect(await take(client.watch(`${configMaps}?resourceVersion=${from}&timeoutSeconds=1`), 1)).toEqual([]);
});

it('writes nothing after its end to a client that is slow to read', async () => {
  const own = await startClient();
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  for (const name of names) await own.create(configMaps, configMap(name, { large: 'x'.repeat(900_000) }));
  const slow = own.watch(`${configMaps}?timeoutSeconds=1`);
  await slow.next();
  await take(own.watch('/api/v1/namespaces/default/secrets?timeoutSeconds=1'), 1);
  await own.create(configMaps, configMap('late'));
  const rest: string[] = [];
  for await (const { object } of slow) rest.push(String(Reflect.get(Object(object.metadata), 'name')));
  expect(rest).toEqual([...names.slice(1), 'kube-root-ca.crt']);
  await own.stop();
});

it('refuses to stream the list without the right options', async () => {
  expect(await client.get(`${configMaps}?watch=1&sendInitialEvents=true`)).toMatchObject({
    status: 422,
    body: {
      message:
        'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    },
  });
});

it('ends when the kind is no longer served', async () => {
  const own = await startClient();
  await serveWidgets(own);
  await own.create(widgets, widget('last', { mode: 'a' }));
  const taking = take(own.watch(widgets), 10);
  await own.remove(`${definitions}/widgets.example.com`);
  expect(await taking).toMatchObject([
    { type: 'ADDED', object: { metadata: { name: 'last' } } },
    { type: 'DELETED', object: { metadata: { name: 'last' } } },
  ]);
  await own.stop();
});

it('forgets changes beyond its window', async () => {
  const small = await startClient({ watchWindow: 10 });
  const { body } = await small.create(configMaps, configMap('first'));
  const from = Reflect.get(Object(body.metadata), 'resourceVersion');
  for (let count = 0; count < 30; count += 1) await small.merge(`${configMaps}/first`, { data: { count: `${count}` } });
  expect(await take(small.watch(`${configMaps}?resourceVersion=${from}`), 1)).toMatchObject([{ type: 'ERROR' }]);
  await small.stop();
});
