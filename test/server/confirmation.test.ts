import { afterAll, beforeAll, expect, test } from 'vitest';
import { textAt, valueAt } from '../../src/kubernetes.ts';
import { type Running, start } from '../support/program.ts';
import { startWorld } from '../support/program-world.ts';

let world: Awaited<ReturnType<typeof startWorld>>;
let server: Running;

beforeAll(async () => {
  world = await startWorld({ scenario: 'both', speed: 100 });
  server = start(['mcp', '--kubeconfig', world.kubeconfig]);
  for (const name of ['first', 'second']) {
    await call('deploy_model', { name, model: 'Qwen/Qwen3-0.6B', runtime: 'kuberay' });
  }
});
afterAll(async () => {
  server.process.stdin?.end();
  await server.ended;
  await world.stop();
});

const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': { elicitation: {} },
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
};

let id = 0;

/** One request of the 2026-07-28 revision, as it goes over the wire; the whole answer. */
async function request(method: string, params: object): Promise<unknown> {
  id += 1;
  server.process.stdin?.write(
    `${JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta: meta } })}\n`,
  );
  const printed = await server.printed(new RegExp(`"id":${id}[,}].*\n`));
  const answers = printed
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  return answers.find((answer) => valueAt(answer, 'id') === id);
}

const call = (name: string, input: object, more: object = {}) =>
  request('tools/call', { name, arguments: input, ...more });
const yes = { inputResponses: { confirm: { action: 'accept', content: {} } } };
const deletions = () =>
  world.requests().filter(({ method, path }) => method === 'DELETE' && path.includes('/rayservices/'));

test('the lists may be cached, by everybody', async () => {
  expect(await request('tools/list', {})).toMatchObject({ result: { ttlMs: 300_000, cacheScope: 'public' } });
});

test('a deletion comes back as a question that shows the plan, and the answer carries it out', async () => {
  const asked = await call('delete_deployment', { name: 'first' });
  expect(asked).toMatchObject({ result: { resultType: 'input_required', requestState: expect.any(String) } });
  const question = valueAt(asked, 'result', 'inputRequests', 'confirm', 'params');
  expect(textAt(question, 'message')).toContain('kuberay-system/first');
  expect(deletions()).toEqual([]);

  const requestState = valueAt(asked, 'result', 'requestState');
  const foreign = await call('delete_deployment', { name: 'second' }, { ...yes, requestState });
  expect(foreign).toMatchObject({ result: { resultType: 'input_required' } });
  const forged = await call('delete_deployment', { name: 'first' }, { ...yes, requestState: `${requestState}x` });
  expect(forged).toMatchObject({ error: { code: -32602 } });
  const stateless = await call('delete_deployment', { name: 'first' }, yes);
  expect(stateless).toMatchObject({ result: { resultType: 'input_required' } });
  expect(deletions()).toEqual([]);

  const done = await call('delete_deployment', { name: 'first' }, { ...yes, requestState });
  expect(done).toMatchObject({ result: { resultType: 'complete', structuredContent: { name: 'first' } } });
  expect(deletions()).toHaveLength(1);
});
