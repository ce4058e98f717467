import { expect, vi } from 'vitest';
import { failure, json, reset } from '../support/scripted-api.ts';
import { soon } from '../support/soon.ts';
import { problemOf, test } from './door.ts';

const at = { namespace: 'models', pod: 'qwen-0', container: 'main' };
const logPath = 'GET /api/v1/namespaces/models/pods/qwen-0/log';
const web = { type: 'service', namespace: 'models', name: 'web', port: 'http' } as const;
const chatPath = 'POST /api/v1/namespaces/models/services/web:http/proxy/v1/chat/completions';
const chat = { method: 'POST', path: '/v1/chat/completions', body: '{}' } as const;

async function all<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const seen: Item[] = [];
  for await (const item of items) seen.push(item);
  return seen;
}

test.concurrent('a log that is followed comes line by line, whatever its pieces, and ends with the container', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor();
  api.on(logPath, (_, response) => {
    const bytes = Buffer.from('2026-11-01T10:00:00Z grüße\n2026-11-01T10:00:01Z zwei\nohne Ende');
    response.write(bytes.subarray(0, 24), () => response.end(bytes.subarray(24)));
  });
  const { signal } = new AbortController();
  expect(await all(cluster.followLogs(at, { tail: 2 }, signal))).toEqual([
    '2026-11-01T10:00:00Z grüße',
    '2026-11-01T10:00:01Z zwei',
    'ohne Ende',
  ]);
  await all(cluster.followLogs(at, { sinceTime: '2026-11-01T10:00:01Z' }, signal));
  const queries = api.requestsTo(logPath).map(({ query }) => Object.fromEntries(query));
  const always = { container: 'main', follow: 'true', timestamps: 'true' };
  expect(queries).toEqual([
    { ...always, tailLines: '2' },
    { ...always, sinceTime: '2026-11-01T10:00:01Z' },
  ]);
});

test.concurrent('a log that breaks off, or may not be read, is an error', async ({ openDoor }) => {
  const { api, cluster } = await openDoor();
  const { signal } = new AbortController();
  api.on(logPath, (_, response) => response.write('one\n', () => setTimeout(() => response.destroy(), 20)));
  const seen: string[] = [];
  const broken = (async () => {
    for await (const line of cluster.followLogs(at, { tail: 1 }, signal)) seen.push(line);
  })();
  expect(await problemOf(broken)).toMatchObject({
    code: 'CLUSTER_UNREACHABLE',
    message: expect.stringMatching(/broke/),
  });
  expect(seen).toEqual(['one']);
  const words = 'pods "qwen-0" is forbidden: User "jane" cannot get resource "pods/log" in API group ""';
  api.on(logPath, failure(403, 'Forbidden', words));
  expect(await problemOf(all(cluster.followLogs(at, { tail: 1 }, signal)))).toMatchObject({ code: 'FORBIDDEN' });
  api.on(logPath, reset);
  expect(await problemOf(all(cluster.followLogs(at, { tail: 1 }, signal)))).toMatchObject({
    code: 'CLUSTER_UNREACHABLE',
  });
});

test.concurrent('who stops listening, or gives up, leaves no open request', async ({ openDoor }) => {
  const { api, cluster } = await openDoor();
  api.on(logPath, (_, response) => void response.write('one\ntwo\n'));
  for await (const line of cluster.followLogs(at, { tail: 1 }, new AbortController().signal)) {
    expect(line).toBe('one');
    break;
  }
  await vi.waitFor(() => expect(api.open).toBe(0), soon);

  const abort = new AbortController();
  const lines = all(cluster.followLogs(at, { tail: 1 }, abort.signal));
  await vi.waitFor(() => expect(api.open).toBe(1), soon);
  abort.abort(new Error('enough'));
  await expect(lines).rejects.toThrow('enough');
  await vi.waitFor(() => expect(api.open).toBe(0), soon);
});

test.concurrent('a proxied answer is read while it comes; a refusal is given whole, and the API server speaks in errors', async ({
  openDoor,
}) => {
  const { api, cluster } = await openDoor();
  const { signal } = new AbortController();
  api.on(chatPath, (_, response) => void response.write('data: one\n\n'));
  const { status, body } = await cluster.proxyStream(web, chat, signal);
  expect(status).toBe(200);
  for await (const chunk of body) {
    expect(Buffer.from(chunk).toString()).toBe('data: one\n\n');
    break;
  }
  await vi.waitFor(() => expect(api.open).toBe(0), soon);

  api.on(chatPath, json({ error: { message: 'no such model' } }, 404));
  const refused = await cluster.proxyStream(web, chat, signal);
  expect([refused.status, (await all(refused.body)).length]).toEqual([404, 1]);
  const words = 'services "web" is forbidden: User "jane" cannot create resource "services/proxy" in API group ""';
  api.on(chatPath, failure(403, 'Forbidden', words));
  expect(await problemOf(cluster.proxyStream(web, chat, signal))).toMatchObject({ code: 'FORBIDDEN' });
});
