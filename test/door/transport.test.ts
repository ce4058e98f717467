import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, type TestContext } from 'vitest';
import { openCluster } from '../../src/cluster/open.ts';
import { failure, hang, json, reset, startScriptedApi, truncated } from '../support/scripted-api.ts';
import { configMap, configMaps, listPath, objectPath, problemOf, settings, test } from './door.ts';

const applyPath = objectPath.replace('GET', 'PATCH');
const createPath = 'POST /api/v1/namespaces/default/configmaps';

test.concurrent('1,000 calls use at most 4 TLS connections one after the other, and at most 16 all at once', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor();
  api.on(objectPath, json(configMap('settings', '1')));
  for (let call = 0; call < 1_000; call += 1) await cluster.get(configMaps, settings);
  expect(api.requestsTo(objectPath)).toHaveLength(1_000);
  expect(api.connections).toBeLessThanOrEqual(4);
  await Promise.all(Array.from({ length: 1_000 }, () => cluster.get(configMaps, settings)));
  expect(api.mostConnections).toBeLessThanOrEqual(16);
});

test.concurrent('a server that refuses connections is CLUSTER_UNREACHABLE with its name and the sandbox as a way out', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor();
  await api.stop();
  const problem = await problemOf(cluster.list(configMaps));
  expect(problem.code).toBe('CLUSTER_UNREACHABLE');
  expect(problem.message).toBe(`Cannot reach the API server ${api.url} of context scripted: connection refused.`);
  expect(problem.hint).toContain('kubefoundry sandbox');
});

test.concurrent('a server that accepts connections and says nothing is given up long before the deadline', async ({
  onTestFinished,
}) => {
  const silent = createServer(() => {});
  const port = await listening(onTestFinished, silent);
  const api = await startScriptedApi();
  await using _ = api;
  const cluster = await openCluster({
    kubeconfig: [await api.kubeconfig({ cluster: { server: `https://127.0.0.1:${port}` } })],
  });
  const problem = await problemOf(cluster.list(configMaps, { deadline: 15_000 }));
  expect(problem.code).toBe('CLUSTER_UNREACHABLE');
  expect(problem.message).toContain(`https://127.0.0.1:${port} of context scripted: no connection within 4.0 s`);
  cluster.close();
});

test.concurrent('a server that does not speak TLS is named as such, without retries', async ({
  openDoor,
  onTestFinished,
}) => {
  const plain = createHttpServer((_, response) => response.end());
  const port = await listening(onTestFinished, plain);
  const { cluster } = await openDoor({}, { cluster: { server: `https://127.0.0.1:${port}` } });
  expect((await problemOf(cluster.resources())).message).toContain('does not speak TLS');
});

test.concurrent('reads are repeated after a reset, a truncated body and a server that is not there yet', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor();
  const list = { kind: 'ConfigMapList', metadata: {}, items: [configMap('settings', '1')] };
  api.on(listPath, reset, truncated(list), failure(503, 'ServiceUnavailable', 'starting'), json(list));
  expect(await cluster.list(configMaps)).toHaveLength(1);
  expect(api.requestsTo(listPath)).toHaveLength(4);
});

test.concurrent('a read that keeps failing is given up after three repeats, with the words of the server', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor();
  api.on(listPath, failure(503, 'ServiceUnavailable', 'etcdserver: leader changed'));
  const problem = await problemOf(cluster.list(configMaps));
  expect(problem.code).toBe('CLUSTER_UNREACHABLE');
  expect(problem.message).toBe('Cannot list configmaps in all namespaces: etcdserver: leader changed.');
  expect(api.requestsTo(listPath)).toHaveLength(4);
});

test.concurrent('Retry-After is obeyed: no repeat comes before its time, and none comes when the deadline is before it', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor();
  const arrivals: number[] = [];
  const busy = failure(429, 'TooManyRequests', 'too many requests', { headers: { 'retry-after': '1' } });
  const note: typeof busy = () => arrivals.push(performance.now());
  const noted =
    (answer: typeof busy): typeof busy =>
    (request, response) => {
      note(request, response);
      answer(request, response);
    };
  api.on(objectPath, noted(busy), noted(json(configMap('settings', '1'))));
  expect(await cluster.get(configMaps, settings)).toBeDefined();
  const [first = 0, second = 0] = arrivals;
  expect(second - first).toBeGreaterThanOrEqual(1_000);

  api.on(objectPath, failure(429, 'TooManyRequests', 'too many requests', { headers: { 'retry-after': '25' } }));
  const problem = await problemOf(cluster.get(configMaps, settings, { deadline: 10_000 }));
  expect(problem.message).toContain('too many requests');
});

test.concurrent('an apply is repeated after a reset, a creation is not: the server may have carried it out', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor();
  api.on(applyPath, reset, json(configMap('settings', '1')));
  api.on(createPath, reset);
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: settings };
  expect(await cluster.apply(object)).toMatchObject({ data: { value: '' } });
  expect(api.requestsTo(applyPath)).toHaveLength(2);
  const problem = await problemOf(cluster.create(object));
  expect(problem.details).toMatchObject({ uncertain: true });
  expect(problem.message).toContain('It may have been carried out all the same.');
  expect(api.requestsTo(createPath)).toHaveLength(1);
});

test.concurrent('a creation that was turned away with 429 is repeated, one that failed with 500 is not', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor();
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: settings };
  api.on(createPath, failure(429, 'TooManyRequests', 'busy'), json(configMap('settings', '1')));
  expect(await cluster.create(object)).toBeDefined();
  api.on(createPath, failure(500, 'InternalError', 'oops'));
  expect((await problemOf(cluster.create(object))).message).toContain('oops');
  expect(api.requestsTo(createPath)).toHaveLength(3);
});

test.concurrent('a cancelled call ends with the reason of the caller and leaves no open request', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor();
  api.on(listPath, hang);
  const controller = new AbortController();
  const call = cluster.list(configMaps, { signal: controller.signal });
  await until(() => api.open === 1);
  controller.abort(new Error('the user pressed escape'));
  await expect(call).rejects.toThrow('the user pressed escape');
  await until(() => api.open === 0);
  await expect(cluster.list(configMaps, { signal: controller.signal })).rejects.toThrow('the user pressed escape');
  expect(api.requestsTo(listPath)).toHaveLength(1);
});

test.concurrent('a call that waits for others is cancelled alone', async ({ openDoor }) => {
  const { api, cluster } = await openDoor();
  const apis = api.requestsTo('GET /apis');
  api.on('GET /apis', (_, response) => {
    setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{"groups":[]}'), 100);
  });
  const controller = new AbortController();
  const cancelled = cluster.resources({ signal: controller.signal });
  const other = cluster.resources();
  controller.abort();
  await expect(cancelled).rejects.toThrow('aborted');
  expect(await other).not.toHaveLength(0);
  expect(apis).toHaveLength(0);
});

test.concurrent('a deadline that passes is TIMEOUT and says what was asked of whom', async ({ openDoor }) => {
  const { api, cluster } = await openDoor();
  await cluster.resources();
  api.on(listPath, hang);
  const problem = await problemOf(cluster.list(configMaps, { namespace: undefined, deadline: 300 }));
  expect(problem.code).toBe('TIMEOUT');
  expect(problem.message).toBe(`${api.url} did not answer within 0.3 s: list configmaps in all namespaces.`);
  await until(() => api.open === 0);
});

test.concurrent('a compressed answer is read, and one that unpacks to more than 64 MB is refused', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor();
  const packed =
    (text: string): Parameters<typeof api.on>[1] =>
    (request, response) => {
      expect(request.headers['accept-encoding']).toBe('gzip');
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync(text));
    };
  api.on(objectPath, packed(JSON.stringify(configMap('settings', '1', 'x'.repeat(10_000)))));
  expect(await cluster.get(configMaps, settings)).toMatchObject({ metadata: { name: 'settings' } });
  api.on(objectPath, packed(`"${' '.repeat(65 * 1024 * 1024)}"`));
  expect((await problemOf(cluster.get(configMaps, settings))).message).toContain('larger than 64 MB');
});

test.concurrent('something that is no API server is said so', async ({ openDoor }) => {
  const { api, cluster } = await openDoor();
  api.on('GET /version', (_, response) => response.writeHead(302, { location: '/login' }).end('<html>'));
  expect((await problemOf(cluster.version())).hint).toContain('really a Kubernetes API server');
});

test.concurrent('requests go through the proxy that the kubeconfig names', async ({ openDoor, onTestFinished }) => {
  const asked: string[] = [];
  const proxy = createHttpServer();
  proxy.on('connect', (request, client) => {
    asked.push(request.url ?? '');
    const [host, port] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  const port = await listening(onTestFinished, proxy);
  const { api, cluster } = await openDoor({}, { cluster: { 'proxy-url': `http://127.0.0.1:${port}` } });
  api.on(objectPath, json(configMap('settings', '1')));
  for (let call = 0; call < 5; call += 1) expect(await cluster.get(configMaps, settings)).toBeDefined();
  expect(new Set(asked)).toEqual(new Set([new URL(api.url).host]));
  expect(asked.length).toBeLessThanOrEqual(2);
});

test.concurrent('a SOCKS proxy is asked for the server by name, with the login of the kubeconfig', async ({
  openDoor,
  onTestFinished,
}) => {
  const seen: string[] = [];
  const proxy = createServer((client) => {
    client.once('data', () => {
      client.write(Buffer.from([5, 2]));
      client.once('data', (login: Buffer) => {
        seen.push(
          login
            .toString('latin1')
            .replaceAll(/[^a-z]+/g, ' ')
            .trim(),
        );
        client.write(Buffer.from([1, 0]));
        client.once('data', (wanted: Buffer) => {
          const length = wanted[4] ?? 0;
          const upstream = connect(wanted.readUInt16BE(5 + length), wanted.toString('latin1', 5, 5 + length), () => {
            client.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
            upstream.pipe(client).pipe(upstream);
          });
          upstream.on('error', () => client.destroy());
        });
      });
    });
    client.on('error', () => client.destroy());
  });
  const port = await listening(onTestFinished, proxy);
  const { api, cluster } = await openDoor({}, { cluster: { 'proxy-url': `socks5://jane:secret@127.0.0.1:${port}` } });
  api.on(objectPath, json(configMap('settings', '1')));
  expect(await cluster.get(configMaps, settings)).toBeDefined();
  expect(seen[0]).toBe('jane secret');
});

test.concurrent('a proxy that refuses is named', async ({ openDoor, onTestFinished }) => {
  const proxy = createHttpServer();
  proxy.on('connect', (_, client) => client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
  const port = await listening(onTestFinished, proxy);
  const refusing = await openDoor({}, { cluster: { 'proxy-url': `http://127.0.0.1:${port}` } });
  const refused = await problemOf(refusing.cluster.resources());
  expect(refused.code).toBe('CLUSTER_UNREACHABLE');
  expect(refused.message).toContain(`the proxy 127.0.0.1:${port} answered HTTP/1.1 407`);
});

/** Listens on a free port of loopback, until the test ends. */
async function listening(onTestFinished: TestContext['onTestFinished'], server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
