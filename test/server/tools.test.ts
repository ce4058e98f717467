import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { tools as registered } from '../../src/tools/registry.ts';
import { connect, connectNew, type Human, textOf } from '../support/mcp-clients.ts';
import { startWorld } from '../support/program-world.ts';

let world: Awaited<ReturnType<typeof startWorld>>;
let flags: readonly string[];

beforeAll(async () => {
  world = await startWorld({ scenario: 'both', speed: 100 });
  flags = ['--kubeconfig', world.kubeconfig];
});
afterAll(() => world.stop());

interface Caller {
  callTool(params: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
}

const deploy = (client: Caller, name: string) =>
  client.callTool({ name: 'deploy_model', arguments: { name, model: 'Qwen/Qwen3-0.6B', runtime: 'dynamo' } });

describe('an assistant of 2025-11-25 whose user can be asked', () => {
  let client: Client;
  let answer: ReturnType<Human> = 'accept';
  const questions: string[] = [];

  beforeAll(async () => {
    client = await connect(flags, (question) => {
      questions.push(question);
      return answer;
    });
  });
  afterAll(() => client.close());

  test('is told what the server is for and finds every tool with its schemas and hints', async () => {
    expect(client.getInstructions()?.length).toBeLessThanOrEqual(2048);
    expect(client.getInstructions()).toContain('get_runtimes_status');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(registered.map(({ name }) => name));
    for (const tool of tools) {
      expect(tool).toMatchObject({
        title: expect.any(String),
        inputSchema: { type: 'object' },
        outputSchema: { type: 'object' },
      });
      expect(Object.values(tool.annotations ?? {})).toEqual([
        expect.any(Boolean),
        expect.any(Boolean),
        expect.any(Boolean),
        expect.any(Boolean),
      ]);
    }
    expect(tools.at(-1)?.annotations).toMatchObject({ readOnlyHint: false, destructiveHint: true });
  });

  test('looks, plans, deploys, lists, reads and deletes; every answer is text and data', async () => {
    const status = await client.callTool({ name: 'get_runtimes_status', arguments: {} });
    expect(status.structuredContent).toMatchObject({
      runtimes: [
        { id: 'dynamo', state: 'ready' },
        { id: 'kuberay', state: 'ready' },
      ],
    });
    expect(textOf(status)).toContain('dynamo');

    const input = { name: 'qwen', model: 'Qwen/Qwen3-0.6B', runtime: 'kuberay' };
    const plan = await client.callTool({ name: 'plan_deployment', arguments: input });
    expect(plan.structuredContent).toMatchObject({ change: 'create', dryRun: { accepted: true } });

    const deployed = await client.callTool({ name: 'deploy_model', arguments: input });
    expect(deployed.structuredContent).toMatchObject({
      change: 'created',
      deployment: { name: 'qwen', runtime: 'kuberay' },
    });

    const list = await client.callTool({ name: 'list_deployments', arguments: {} });
    expect(list.structuredContent).toMatchObject({ total: 1, deployments: [{ name: 'qwen' }] });

    const one = await client.callTool({ name: 'get_deployment', arguments: { name: 'qwen' } });
    expect(one.structuredContent).toMatchObject({ deployment: { name: 'qwen', managed: true } });

    answer = 'accept';
    const deleted = await client.callTool({ name: 'delete_deployment', arguments: { name: 'qwen' } });
    expect(questions.at(-1)).toContain('kuberay-system/qwen');
    expect(deleted.isError).not.toBe(true);
    expect(textOf(deleted)).toContain('deleted kuberay-system/qwen');
  });

  test('RUNTIME_REQUIRED names the installed runtimes and the next call', async () => {
    const result = await client.callTool({ name: 'deploy_model', arguments: { name: 'x', model: 'Qwen/Qwen3-0.6B' } });
    expect(result.isError).toBe(true);
    expect(textOf(result)).toMatch(/^RUNTIME_REQUIRED: .*dynamo, kuberay.*\nHint: .*runtime/);
  });

  test('DECLINED: the user says no, and nothing is deleted', async () => {
    await deploy(client, 'kept');
    world.sandbox.api.clearRequests();
    answer = 'decline';
    const result = await client.callTool({ name: 'delete_deployment', arguments: { name: 'kept' } });
    expect(textOf(result)).toMatch(/^DECLINED: /);
    expect(world.requests().some(({ method }) => method === 'DELETE')).toBe(false);
  });

  test('a call that waits tells its progress, and the values rise', async () => {
    const values: number[] = [];
    const messages: string[] = [];
    const result = await client.callTool(
      { name: 'deploy_model', arguments: { name: 'watched', model: 'Qwen/Qwen3-0.6B', runtime: 'dynamo', wait: true } },
      undefined,
      {
        onprogress: ({ progress, message = '' }) => {
          values.push(progress);
          messages.push(message);
        },
      },
    );
    expect(result.structuredContent).toMatchObject({ deployment: { phase: 'Running' } });
    // The last word may come in one piece with the answer, and this client then drops it: the answer says it too.
    expect(messages.some((message) => /^watched: Deploying .*pods: \d loading the model/.test(message))).toBe(true);
    expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
  });

  test('a cancelled call leaves no open request', async () => {
    const { api } = world.sandbox;
    const open = () => world.requests().filter(({ status }) => status === 0);
    // The watches of the call before.
    await expect.poll(open, { timeout: 10_000 }).toEqual([]);
    const before = api.openRequests;
    const mend = api.faults.add({
      match: { path: /\/dynamographdeployments/, user: 'kubernetes-admin' },
      action: { kind: 'delay', milliseconds: 60_000 },
    });
    onTestFinished(mend);
    const cancel = new AbortController();
    const call = client.callTool({ name: 'list_deployments', arguments: {} }, undefined, { signal: cancel.signal });
    await expect.poll(open, { timeout: 10_000 }).not.toEqual([]);
    cancel.abort('the user pressed stop');
    await expect(call).rejects.toThrow('the user pressed stop');
    await expect.poll(() => api.openRequests, { timeout: 5_000 }).toBeLessThanOrEqual(before);
  });

  test.each([
    ['a path', '../x'],
    ['a flag', '--server=evil'],
    ['shell text', 'a;rm'],
    ['a name that is too long', 'x'.repeat(300)],
    ['a letter that no name has', 'qwén'],
  ])('INPUT_INVALID: %s never reaches the cluster', async (_, name) => {
    world.sandbox.api.clearRequests();
    const result = await client.callTool({ name: 'get_deployment', arguments: { name } });
    expect(textOf(result)).toMatch(/^INPUT_INVALID: name: /);
    expect(world.requests()).toEqual([]);
  });
});

describe('an assistant of 2026-07-28', () => {
  test('is asked within the call, and its answer counts for that plan only', async () => {
    const questions: string[] = [];
    const client = await connectNew(flags, (question) => {
      questions.push(question);
      return 'accept';
    });
    try {
      expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
      await deploy(client, 'modern');
      const result = await client.callTool({ name: 'delete_deployment', arguments: { name: 'modern' } });
      expect(questions).toEqual([expect.stringContaining('dynamo-system/modern')]);
      expect(textOf(result)).toContain('deleted dynamo-system/modern');
    } finally {
      await client.close();
    }
  });
});

describe('an assistant whose user cannot be asked', () => {
  test('CONFIRMATION_REQUIRED: gets the plan instead of a deletion', async () => {
    const client = await connect(flags);
    try {
      await deploy(client, 'guarded');
      const result = await client.callTool({ name: 'delete_deployment', arguments: { name: 'guarded' } });
      expect(textOf(result)).toMatch(
        /^CONFIRMATION_REQUIRED: [\s\S]*Delete .*dynamo-system\/guarded[\s\S]*\nHint: .*kubefoundry delete guarded/,
      );
      const guess = await client.callTool({
        name: 'delete_deployment',
        arguments: { name: 'guarded', confirm: 'guarded' },
      });
      expect(textOf(guess)).toMatch(/^INPUT_INVALID: .*confirm/);
      const still = await client.callTool({ name: 'get_deployment', arguments: { name: 'guarded' } });
      expect(still.isError).not.toBe(true);
    } finally {
      await client.close();
    }
  });

  test('may confirm with the name where the server was started with --confirm=name', async () => {
    const client = await connect([...flags, '--confirm=name']);
    try {
      const { tools } = await client.listTools();
      const confirmable = tools
        .filter((tool) => 'confirm' in (tool.inputSchema.properties ?? {}))
        .map((tool) => tool.name);
      expect(confirmable).toEqual(['install_runtime', 'uninstall_runtime', 'delete_deployment']);

      await deploy(client, 'named');
      const unconfirmed = await client.callTool({
        name: 'delete_deployment',
        arguments: { name: 'named', confirm: 'other' },
      });
      expect(textOf(unconfirmed)).toMatch(/^CONFIRMATION_REQUIRED: [\s\S]*confirm: "named"/);
      const confirmed = await client.callTool({
        name: 'delete_deployment',
        arguments: { name: 'named', confirm: 'named' },
      });
      expect(textOf(confirmed)).toContain('deleted dynamo-system/named');
    } finally {
      await client.close();
    }
  });

  test('cannot confirm by name in place of a user who can be asked', async () => {
    const asked: string[] = [];
    const client = await connect([...flags, '--confirm=name'], (question) => {
      asked.push(question);
      return 'decline';
    });
    try {
      await deploy(client, 'asked');
      const answer = await client.callTool({
        name: 'delete_deployment',
        arguments: { name: 'asked', confirm: 'asked' },
      });
      expect(textOf(answer)).toMatch(/^DECLINED: /);
      expect(asked).toHaveLength(1);
    } finally {
      await client.close();
    }
  });

  test('finds only tools that read on a read-only server, and is asked before every write in a protected context', async () => {
    const [readOnly, protecting] = await Promise.all([
      connect([...flags, '--read-only']),
      connect([...flags, '--protect', 'kubefoundry-*']),
    ]);
    try {
      const { tools } = await readOnly.listTools();
      const reading = registered.filter(({ effect }) => effect === 'read').map(({ name }) => name);
      expect(tools.map(({ name }) => name)).toEqual(reading);
      expect(textOf(await deploy(protecting, 'prod'))).toMatch(/^CONFIRMATION_REQUIRED: /);
    } finally {
      await Promise.all([readOnly.close(), protecting.close()]);
    }
  });
});

describe('kubefoundry mcp --sandbox', () => {
  test('installs a runtime on its own simulated cluster once the user agrees', async () => {
    const client = await connect(['--sandbox', 'empty', '--speed', '100'], () => 'accept');
    try {
      const refused = await deploy(client, 'early');
      expect(textOf(refused)).toMatch(/^RUNTIME_NOT_INSTALLED: [\s\S]*install_runtime/);
      const installed = await client.callTool({ name: 'install_runtime', arguments: { runtime: 'dynamo' } });
      expect(installed.structuredContent).toMatchObject({ status: { id: 'dynamo', state: 'ready' } });
    } finally {
      await client.close();
    }
  });
});
