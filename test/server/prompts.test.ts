import type { Client as NewClient } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFoundry } from '../../src/foundry/foundry.ts';
import { textAt } from '../../src/kubernetes.ts';
import { serverFactory } from '../../src/server/server.ts';
import { tools } from '../../src/tools/registry.ts';
import { nobody } from '../contract/world.ts';
import { type Assistants, startAssistants } from '../support/assistants.ts';
import { connect } from '../support/mcp-clients.ts';

const unreached = () => Promise.reject(new Error('listing prompts needs no cluster'));

let assistants: Assistants;

beforeAll(async () => {
  assistants = await startAssistants();
  assistants.world.sandbox.fail('team/broken', 'crash-loop');
  for (const name of ['broken', 'works']) await assistants.deploy(name, 'dynamo', 'team');
}, 60_000);
afterAll(() => assistants.stop());

async function prompted(client: Client | NewClient, name: string, given: Record<string, string> = {}) {
  const { messages } = await client.getPrompt({ name, arguments: given });
  expect(messages).toEqual([{ role: 'user', content: { type: 'text', text: expect.any(String) } }]);
  const text = textAt(messages[0], 'content', 'text') ?? '';
  // A prompt that names a tool names one that there is.
  const named = text.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? [];
  const known = tools.map((tool) => tool.name);
  expect(named.filter((word) => known.includes(word)).length).toBeGreaterThan(2);
  expect(countTokens(text)).toBeLessThanOrEqual(2_000);
  return text;
}

describe.each([
  ['2025-11-25', () => assistants.old],
  ['2026-07-28', () => assistants.modern],
] as const)('a client of %s', (_, client) => {
  test('finds the prompts with what they ask', async () => {
    const { prompts } = await client().listPrompts();
    expect(prompts.map(({ name, arguments: asked }) => [name, asked?.map((one) => one.name)])).toEqual([
      ['deploy-a-model', ['model', 'purpose']],
      ['why-is-it-not-ready', ['name', 'namespace', 'runtime']],
      ['free-some-gpus', ['gpus']],
    ]);
    for (const { description } of prompts) expect(description).toMatch(/\.$/);
  });

  test('deploy-a-model: runtimes, GPUs and models that fit, then the calls in order', async () => {
    const text = await prompted(client(), 'deploy-a-model', { model: 'Qwen3', purpose: 'coding' });
    expect(text).toMatch(/^Deploy Qwen3 on this cluster for: coding\./);
    expect(text).toMatch(/From get_runtimes_status [\s\S]*dynamo +ready[\s\S]*kuberay +ready/);
    expect(text).toMatch(/From get_cluster_capacity [\s\S]*GPUs, \d+ free/);
    expect(text).toMatch(/From find_models {"query":"Qwen3","limit":5}[\s\S]*Qwen\/Qwen3/);
    expect(text).toMatch(/plan_deployment[\s\S]*deploy_model[\s\S]*query_deployment/);
  });

  test('why-is-it-not-ready: the finding with its evidence and fix', async () => {
    const text = await prompted(client(), 'why-is-it-not-ready', { name: 'broken' });
    expect(text).toMatch(/team\/broken \(dynamo\): Failed[\s\S]*1\. \w+: [\s\S]*\n\| [\s\S]*\nfix: /);
  });

  test('why-is-it-not-ready: a name that is not there is said, with the next call', async () => {
    const text = await prompted(client(), 'why-is-it-not-ready', { name: 'brokem' });
    expect(text).toMatch(/NOT_FOUND: .*\nHint: Did you mean team\/broken\?/);
  });

  test('free-some-gpus: what holds them, what does not serve first', async () => {
    const text = await prompted(client(), 'free-some-gpus', { gpus: '2' });
    expect(text).toMatch(/^Free 2 GPUs on this cluster\./);
    expect(text).toMatch(/2 of 2 deployments ask for GPUs:\n.*\nbroken .*\nworks /);
  });

  test('arguments that misfit are refused', async () => {
    await expect(
      client().getPrompt({ name: 'why-is-it-not-ready', arguments: { name: '../x' } }),
    ).rejects.toMatchObject({ code: -32602 });
    await expect(client().getPrompt({ name: 'free-some-gpus', arguments: { gpus: 'all' } })).rejects.toMatchObject({
      code: -32602,
    });
  });

  test('completes the name of a deployment', async () => {
    const { completion } = await client().complete({
      ref: { type: 'ref/prompt', name: 'why-is-it-not-ready' },
      argument: { name: 'name', value: 'b' },
    });
    expect(completion.values).toEqual(['broken']);
  });
});

test('one process serves many connections, each with all prompts', async () => {
  const foundry = createFoundry({ open: unreached, installer: nobody, protect: [] });
  const factory = serverFactory({ version: '1', foundry, readOnly: false, confirmByName: false, protects: false });
  for (const _ of [1, 2]) {
    const [near, far] = InMemoryTransport.createLinkedPair();
    const handle = serveStdio(factory, { transport: far });
    const client = new Client({ name: 'in-memory', version: '1.0' });
    await client.connect(near);
    expect((await client.listPrompts()).prompts).toHaveLength(3);
    await client.close();
    await handle.close();
  }
});

test('without a cluster a prompt says so instead of showing nothing', async () => {
  const client = await connect(['--kubeconfig', '/nonexistent/kubeconfig']);
  try {
    expect(await prompted(client, 'free-some-gpus')).toMatch(/CLUSTER_UNREACHABLE: [\s\S]*CLUSTER_UNREACHABLE: /);
  } finally {
    await client.close();
  }
});
