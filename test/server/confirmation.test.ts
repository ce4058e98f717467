import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { KubernetesObject } from '../../src/kubernetes.ts';
import { textAt, valueAt } from '../../src/kubernetes.ts';
import { serverFactory } from '../../src/server/server.ts';
import { tools } from '../../src/tools/registry.ts';
import { dataOf, type Lab, namespace, startLab } from '../support/lab.ts';
import { type RawConnection, rawServer } from '../support/raw-connection.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ protect: ['*'] });
  await lab.apply(namespace('team'));
});
afterAll(() => lab.stop());
beforeEach(async () => {
  for (const name of ['first', 'second']) await deploy(name);
  lab.api.clearRequests();
});
afterEach(() => vi.useRealTimers());

const deploy = async (name: string) =>
  dataOf(
    await lab.call('deploy_model', {
      name,
      namespace: 'team',
      model: 'Qwen/Qwen3-0.6B',
      runtime: 'kuberay',
      replace: true,
    }),
  );
const service = (name: string): KubernetesObject => ({
  apiVersion: 'ray.io/v1',
  kind: 'RayService',
  metadata: { name, namespace: 'team' },
});
/** The same under the same name, and yet another object. */
async function recreate(name: string) {
  const before = (await lab.read(service(name))).metadata.uid;
  await lab.remove(service(name));
  await deploy(name);
  expect((await lab.read(service(name))).metadata.uid).not.toBe(before);
  lab.api.clearRequests();
}
/** What was changed; dry-runs and Events aside. */
const writes = () =>
  lab.api.requests
    .filter(({ method, path, query }) => method !== 'GET' && path.includes('/rayservices/') && !/dryRun/.test(query))
    .map(({ method }) => method);

const asksAgain = { result: { resultType: 'input_required', requestState: expect.any(String) } };
const done = { result: { resultType: 'complete', structuredContent: expect.any(Object) } };
const yes = { inputResponses: { confirm: { action: 'accept', content: {} } } };
const target = { name: 'first', namespace: 'team' };

describe('the answer of a human, in the revision 2026-07-28', () => {
  let client: RawConnection;
  beforeAll(async () => {
    client = await rawServer(lab.foundry(), { protects: true })({ asks: true });
  });
  afterAll(() => client.close());

  const call = (name: string, input: object, more: object = {}) =>
    client.request('tools/call', { name, arguments: input, ...more });
  /** The state with which the client's answer comes back. */
  async function ask(name: string, input: object): Promise<unknown> {
    const asked = await call(name, input);
    expect(asked).toMatchObject(asksAgain);
    expect(writes()).toEqual([]);
    return valueAt(asked, 'result', 'requestState');
  }

  test('belongs to a question that shows the plan, and carries it out', async () => {
    const asked = await call('delete_deployment', target);
    const question = valueAt(asked, 'result', 'inputRequests', 'confirm', 'params');
    expect(textAt(question, 'message')).toMatch(/Delete RayService team\/first.*context/s);
    const requestState = valueAt(asked, 'result', 'requestState');
    expect(await call('delete_deployment', target, { ...yes, requestState })).toMatchObject(done);
    expect(writes()).toEqual(['DELETE']);
  });

  test('counts for nothing without a question, or with a forged one', async () => {
    const requestState = await ask('delete_deployment', target);
    expect(await call('delete_deployment', target, yes)).toMatchObject(asksAgain);
    const forged = await call('delete_deployment', target, { ...yes, requestState: `${requestState}x` });
    expect(forged).toMatchObject({ error: { code: -32602 } });
    expect(writes()).toEqual([]);
  });

  test.each([
    ['another deployment', 'delete_deployment', { ...target, name: 'second' }],
    ['another tool with the same arguments', 'restart_deployment', target],
    ['the same with one argument more', 'delete_deployment', { ...target, unmanaged: true }],
  ])('does not count for %s', async (_, tool, input) => {
    const requestState = await ask('delete_deployment', target);
    expect(await call(tool, input, { ...yes, requestState })).toMatchObject(asksAgain);
    expect(writes()).toEqual([]);
  });

  test('counts once, also where the same plan comes up again', async () => {
    const up = { ...target, replicas: 2 };
    const requestState = await ask('scale_deployment', up);
    expect(await call('scale_deployment', up, { ...yes, requestState })).toMatchObject(done);
    const down = { ...target, replicas: 1 };
    lab.api.clearRequests();
    const back = await ask('scale_deployment', down);
    expect(await call('scale_deployment', down, { ...yes, requestState: back })).toMatchObject(done);
    lab.api.clearRequests();
    expect(await call('scale_deployment', up, { ...yes, requestState })).toMatchObject(asksAgain);
    expect(writes()).toEqual([]);
  });

  test('does not count for an object that took the place of the one that was shown', async () => {
    const requestState = await ask('delete_deployment', target);
    await recreate('first');
    expect(await call('delete_deployment', target, { ...yes, requestState })).toMatchObject(asksAgain);
    expect(writes()).toEqual([]);
  });

  test('counts for ten minutes; after that the plan is shown again', async () => {
    const requestState = await ask('delete_deployment', target);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11 * 60_000 });
    expect(await call('delete_deployment', target, { ...yes, requestState })).toMatchObject(asksAgain);
    expect(writes()).toEqual([]);
  });

  test('may be no', async () => {
    const requestState = await ask('delete_deployment', target);
    const no = { inputResponses: { confirm: { action: 'decline' } } };
    const refused = await call('delete_deployment', target, { ...no, requestState });
    expect(textAt(refused, 'result', 'content', 0, 'text')).toMatch(/^DECLINED: /);
    // The same question is not answered a second time.
    expect(await call('delete_deployment', target, { ...yes, requestState })).toMatchObject(asksAgain);
    expect(writes()).toEqual([]);
  });

  test('is asked for by every tool that writes, in a protected context', async () => {
    const inputs: Readonly<Record<string, object>> = {
      deploy_model: { name: 'third', namespace: 'team', model: 'Qwen/Qwen3-0.6B', runtime: 'kuberay' },
      scale_deployment: { ...target, replicas: 3 },
      restart_deployment: target,
      delete_deployment: target,
    };
    for (const { name, effect } of tools.filter((tool) => tool.effect !== 'read' && tool.name in inputs)) {
      expect(await call(name, inputs[name] ?? {}), `${name}, ${effect}`).toMatchObject(asksAgain);
    }
    expect(writes()).toEqual([]);
  });
});

describe('the answer of a human, in the revision 2025-11-25', () => {
  test('counts for the plan that was shown: what came in its place meanwhile is asked about again', async () => {
    const [near, far] = InMemoryTransport.createLinkedPair();
    const foundry = lab.foundry();
    const factory = serverFactory({ version: '1', foundry, readOnly: false, confirmByName: false, protects: true });
    const handle = serveStdio(factory, { transport: far });
    const client = new Client({ name: 'old', version: '1' }, { capabilities: { elicitation: {} } });
    const questions: string[] = [];
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
      questions.push(params.message);
      if (questions.length === 1) await recreate('first');
      return questions.length === 1 ? { action: 'accept', content: {} } : { action: 'decline' };
    });
    await client.connect(near);
    const answer = await client.callTool({ name: 'delete_deployment', arguments: target });
    expect(textAt(answer, 'content', 0, 'text')).toMatch(/^DECLINED: /);
    expect(questions).toHaveLength(2);
    expect(writes()).toEqual([]);
    await client.close();
    await handle.close();
  });
});

describe('the name as confirmation, where nobody can be asked and the server was started so', () => {
  let client: RawConnection;
  beforeAll(async () => {
    client = await rawServer(lab.foundry(), { confirmByName: true, protects: true })({ asks: false });
  });
  afterAll(() => client.close());

  const call = async (name: string, input: object) => {
    const answer = await client.request('tools/call', { name, arguments: input });
    return textAt(answer, 'result', 'content', 0, 'text') ?? JSON.stringify(answer);
  };
  const shown = /^CONFIRMATION_REQUIRED: [\s\S]*Delete RayService team\/first[\s\S]*confirm: "first"/;
  const confirmed = { ...target, confirm: 'first' };

  test('counts for a plan that was shown before, and once', async () => {
    expect(await call('delete_deployment', confirmed)).toMatch(shown);
    expect(writes()).toEqual([]);
    expect(await call('delete_deployment', confirmed)).toContain('deleted team/first');
    await deploy('first');
    expect(await call('delete_deployment', confirmed)).toMatch(shown);
  });

  test.each([
    ['another name', async () => undefined, 'delete_deployment', { ...target, confirm: 'second' }],
    ['another tool', async () => undefined, 'restart_deployment', confirmed],
    ['other arguments', async () => undefined, 'delete_deployment', { ...confirmed, unmanaged: true }],
    ['another object of that name', () => recreate('first'), 'delete_deployment', confirmed],
    [
      'a plan that was shown long ago',
      async () => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11 * 60_000 }),
      'delete_deployment',
      confirmed,
    ],
  ])('does not count for %s', async (_, meanwhile, tool, input) => {
    expect(await call('delete_deployment', target)).toMatch(shown);
    await meanwhile();
    expect(await call(tool, input)).toMatch(/^CONFIRMATION_REQUIRED: /);
    expect(writes()).toEqual([]);
  });
});
