import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Client, configMap, configMaps, pods, startClient, take, until } from './client.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterEach(() => client.server.faults.clear());
afterAll(() => client.stop());

it('a status answers instead of the server, so often as asked', async () => {
  client.server.faults.add({
    match: { method: 'GET', path: pods },
    action: { kind: 'status', status: 429, retryAfter: 2 },
    times: 2,
  });
  expect(await client.get(pods)).toMatchObject({
    status: 429,
    headers: { 'retry-after': '2' },
    body: { kind: 'Status', reason: 'TooManyRequests' },
  });
  expect((await client.get(configMaps)).status).toBe(200);
  expect((await client.get(pods)).status).toBe(429);
  expect((await client.get(pods)).status).toBe(200);
});

it('is taken away by what its addition returns', async () => {
  const remove = client.server.faults.add({ match: { path: /pods/ }, action: { kind: 'status', status: 500 } });
  expect((await client.get(pods)).status).toBe(500);
  remove();
  expect((await client.get(pods)).status).toBe(200);
});

it('hits one user only', async () => {
  client.server.addIdentity({ token: 'victim', user: 'victim', groups: ['system:masters'] });
  client.server.faults.add({ match: { path: /pods/, user: 'victim' }, action: { kind: 'status', status: 503 } });
  expect((await client.get(pods, { token: 'victim' })).status).toBe(503);
  expect((await client.get(pods)).status).toBe(200);
});

it('a reset cuts the connection with nothing said', async () => {
  client.server.faults.add({ match: { path: pods }, action: { kind: 'reset' }, times: 1 });
  await expect(client.get(pods)).rejects.toThrow(/socket hang up|ECONNRESET/);
});

it('a truncation lets so many bytes out', async () => {
  client.server.faults.add({ match: { path: pods }, action: { kind: 'truncate', bytes: 10 }, times: 1 });
  await expect(client.get(pods)).rejects.toThrow(/aborted|ECONNRESET/);
  client.server.faults.add({ match: { path: pods }, action: { kind: 'truncate', bytes: 1_000_000 }, times: 1 });
  expect((await client.get(pods)).status).toBe(200);
});

it('a truncated watch ends in the middle of an event', async () => {
  client.server.faults.add({ match: { path: /configmaps\?.*watch/ }, action: { kind: 'truncate', bytes: 60 } });
  await expect(take(client.watch(`${configMaps}?resourceVersion=0`), 1)).rejects.toThrow();
});

it('a delay answers later', async () => {
  client.server.faults.add({ match: { path: pods }, action: { kind: 'delay', milliseconds: 50 } });
  let answered = false;
  const reply = client.get(pods).then((found) => {
    answered = true;
    return found;
  });
  await client.get(configMaps);
  expect(answered).toBe(false);
  expect((await reply).status).toBe(200);
});

it('comes back on the same port with everything it had', async () => {
  await client.create(configMaps, configMap('lasting', { a: 'b' }));
  const { body } = await client.get(configMaps);
  const from = Reflect.get(Object(body.metadata), 'resourceVersion');
  const cut = take(client.watch(`${configMaps}?resourceVersion=${from}`), 1).catch(() => 'cut');
  await until(
    () => client.get('/readyz'),
    () => client.server.requests.some(({ query }) => query.includes('watch=1')),
  );
  const { port } = client.server;
  await client.server.restart();
  expect(await cut).toBe('cut');
  expect(client.server.port).toBe(port);
  expect(await client.get(`${configMaps}/lasting`)).toMatchObject({ body: { data: { a: 'b' } } });
  await client.merge(`${configMaps}/lasting`, { data: { a: 'c' } });
  expect(await take(client.watch(`${configMaps}?resourceVersion=${from}`), 1)).toMatchObject([
    { type: 'MODIFIED', object: { data: { a: 'c' } } },
  ]);
});

it('records requests and counts connections', async () => {
  client.server.clearRequests();
  const before = client.server.connections;
  for (let count = 0; count < 20; count += 1) await client.get(`${pods}?limit=1`);
  expect(client.server.connections - before).toBeLessThanOrEqual(1);
  expect(client.server.requests).toHaveLength(20);
  expect(client.server.requests[0]).toMatchObject({
    method: 'GET',
    path: pods,
    query: 'limit=1',
    user: 'kubernetes-admin',
    status: 200,
  });
});

it('knows which requests are open', async () => {
  const before = client.server.openRequests;
  const events = client.watch(configMaps);
  await events.next();
  expect(client.server.openRequests).toBe(before + 1);
  await events.return(undefined);
  await until(
    () => client.get('/readyz'),
    () => client.server.openRequests === before,
  );
});

it('writes a kubeconfig that leads to it', () => {
  expect(parse(client.server.kubeconfig())).toMatchObject({
    'current-context': 'kubefoundry-sandbox',
    clusters: [{ cluster: { server: client.server.url } }],
    users: [{ user: { token: client.server.token } }],
  });
});
