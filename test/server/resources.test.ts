import type { Client as NewClient } from '@modelcontextprotocol/client';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openCluster } from '../../src/cluster/open.ts';
import { textAt } from '../../src/kubernetes.ts';
import { type Assistants, startAssistants } from '../support/assistants.ts';
import { connect, connectNew } from '../support/mcp-clients.ts';
import { soon } from '../support/soon.ts';

let assistants: Assistants;
let world: Assistants['world'];
let old: Client;
let modern: NewClient;

beforeAll(async () => {
  assistants = await startAssistants();
  ({ world, old, modern } = assistants);
  for (const runtime of ['dynamo', 'kuberay']) await assistants.deploy(`on-${runtime}`, runtime, runtime);
  await assistants.deploy('twin', 'dynamo', 'shared');
  await copyByOthers('on-kuberay', 'twin');
}, 60_000);
afterAll(() => assistants.stop());

async function stopOperator(name: string, namespace: string) {
  const cluster = await openCluster({ kubeconfig: [world.kubeconfig] });
  try {
    await cluster.patch({ group: 'apps', kind: 'Deployment' }, { namespace, name }, { spec: { replicas: 0 } });
  } finally {
    cluster.close();
  }
}

/** A RayService as somebody makes it who does not know of the other runtime. */
async function copyByOthers(name: string, copy: string) {
  const cluster = await openCluster({ kubeconfig: [world.kubeconfig] });
  try {
    const found = await cluster.get({ group: 'ray.io', kind: 'RayService' }, { namespace: 'kuberay', name });
    if (!found) throw new Error(`no RayService ${name}`);
    const { apiVersion, kind, spec } = found;
    await cluster.apply({ apiVersion, kind, metadata: { name: copy, namespace: 'shared' }, spec });
  } finally {
    cluster.close();
  }
}

const scale = (name: string, namespace: string) =>
  old.callTool({ name: 'scale_deployment', arguments: { name, namespace, replicas: 2 } });

async function read(client: Client | NewClient, uri: string): Promise<unknown> {
  const { contents } = await client.readResource({ uri });
  expect(contents).toEqual([{ uri, mimeType: 'application/json', text: expect.any(String) }]);
  return JSON.parse(textAt(contents[0], 'text') ?? '');
}

/** Watches of the program that the server holds open. */
const watches = () => world.requests().filter(({ status, query }) => status === 0 && /watch=/.test(query));

describe.each([
  ['2025-11-25', () => old],
  ['2026-07-28', () => modern],
] as const)('a client of %s', (_, client) => {
  test('finds what there is to read', async () => {
    const { resources } = await client().listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(['kubefoundry://runtimes', 'kubefoundry://deployments']);
    const { resourceTemplates } = await client().listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'kubefoundry://deployments/{namespace}/{name}',
      'kubefoundry://deployments/{namespace}/{name}/{runtime}',
    ]);
    for (const each of [...resources, ...resourceTemplates]) expect(each.description).toMatch(/\.$/);
  });

  test('goes from the runtimes to the deployments to one of them', async () => {
    expect(await read(client(), 'kubefoundry://runtimes')).toMatchObject({
      runtimes: [
        { id: 'dynamo', state: 'ready', deployments: 2 },
        { id: 'kuberay', state: 'ready', deployments: 2 },
      ],
      provenance: expect.stringContaining('not instructions'),
    });
    const overview = await read(client(), 'kubefoundry://deployments');
    const uri = 'kubefoundry://deployments/dynamo/on-dynamo/dynamo';
    expect(overview).toMatchObject({
      total: 4,
      deployments: [{ uri, phase: 'Running', model: 'Qwen/Qwen3-0.6B' }, {}, {}, {}],
    });
    const one = { deployment: { name: 'on-dynamo', phase: 'Running', pods: expect.any(Array) } };
    expect(await read(client(), uri)).toMatchObject(one);
    expect(await read(client(), 'kubefoundry://deployments/dynamo/on-dynamo')).toMatchObject(one);
  });

  test('is told what else to read where there is no such deployment, or more than one', async () => {
    await expect(read(client(), 'kubefoundry://deployments/dynamo/on-dynami')).rejects.toThrow(
      /NOT_FOUND: [\s\S]*dynamo\/on-dynamo[\s\S]*kubefoundry:\/\/deployments lists them/,
    );
    await expect(read(client(), 'kubefoundry://deployments/shared/twin')).rejects.toThrow(
      /AMBIGUOUS: [\s\S]*Read kubefoundry:\/\/deployments\/shared\/twin\/dynamo or kubefoundry:\/\/deployments\/shared\/twin\/kuberay\./,
    );
    expect(await read(client(), 'kubefoundry://deployments/shared/twin/kuberay')).toMatchObject({
      deployment: { runtime: 'kuberay' },
    });
  });

  test.each([
    'kubefoundry://secrets',
    'kubefoundry://deployments/UPPER/case',
    'kubefoundry://deployments/shared/twin/kubeflow',
    'kubefoundry://deployments/%2e%2e/x',
  ])('is refused %s without a request', async (uri) => {
    world.sandbox.api.clearRequests();
    await expect(client().readResource({ uri })).rejects.toMatchObject({ code: -32602 });
    expect(world.requests()).toEqual([]);
  });

  test('completes namespace, name and runtime as far as the rest is known', async () => {
    const complete = async (name: string, value: string, known: Record<string, string> = {}) => {
      const { completion } = await client().complete({
        ref: { type: 'ref/resource', uri: 'kubefoundry://deployments/{namespace}/{name}/{runtime}' },
        argument: { name, value },
        context: { arguments: known },
      });
      return completion.values;
    };
    expect(await complete('namespace', '')).toEqual(['dynamo', 'kuberay', 'shared']);
    expect(await complete('name', 'on-')).toEqual(['on-dynamo', 'on-kuberay']);
    expect(await complete('name', '', { namespace: 'shared' })).toEqual(['twin']);
    expect(await complete('runtime', 'ku')).toEqual(['kuberay']);
  });
});

describe('subscriptions', () => {
  const told: string[] = [];
  const uri = 'kubefoundry://deployments/kuberay/on-kuberay';
  const list = 'kubefoundry://deployments';

  beforeAll(() => {
    old.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void told.push(`old ${params.uri}`));
    modern.setNotificationHandler(
      'notifications/resources/updated',
      ({ params }) => void told.push(`new ${params.uri}`),
    );
  });

  test('both eras: tells when the watch stands and when the row changes; the end of the last one ends the watches', async () => {
    expect(watches()).toEqual([]);
    await old.subscribeResource({ uri });
    const listening = await modern.listen({ resourceSubscriptions: [uri, list] });
    await vi.waitFor(() => expect(told.toSorted()).toEqual([`new ${list}`, `new ${uri}`, `old ${uri}`]), soon);
    expect(watches().length).toBeGreaterThan(0);

    told.length = 0;
    await scale('on-kuberay', 'kuberay');
    await vi.waitFor(() => expect(new Set(told)).toEqual(new Set([`new ${list}`, `new ${uri}`, `old ${uri}`])), soon);
    expect(await read(old, uri)).toMatchObject({ deployment: { replicas: { desired: 2 } } });

    await listening.close();
    await old.unsubscribeResource({ uri });
    await vi.waitFor(() => expect(watches()).toEqual([]), soon);
  });

  test('a change elsewhere is not told', async () => {
    const rests = { deployment: { phase: 'Running', upgrading: false, replicas: { ready: 2 } } };
    await vi.waitFor(async () => expect(await read(old, uri)).toMatchObject(rests), soon);
    told.length = 0;
    await old.subscribeResource({ uri });
    await vi.waitFor(() => expect(told).toContain(`old ${uri}`), soon);
    const listening = await modern.listen({ resourceSubscriptions: [list] });
    await vi.waitFor(() => expect(told).toContain(`new ${list}`), soon);
    told.length = 0;
    await scale('on-dynamo', 'dynamo');
    await vi.waitFor(() => expect(told).toContain(`new ${list}`), soon);
    expect(told).not.toContain(`old ${uri}`);

    await listening.close();
    await old.unsubscribeResource({ uri });
  });

  test('the runtimes are told when an operator no longer works', async () => {
    const runtimes = 'kubefoundry://runtimes';
    const listening = await modern.listen({ resourceSubscriptions: [runtimes] });
    await vi.waitFor(() => expect(told).toContain(`new ${runtimes}`), soon);
    told.length = 0;
    await stopOperator('kuberay-operator', 'kuberay-system');
    await vi.waitFor(() => expect(told).toContain(`new ${runtimes}`), soon);
    await vi.waitFor(async () => {
      expect(await read(modern, runtimes)).toMatchObject({ runtimes: [{ state: 'ready' }, { healthy: false }] });
    }, soon);
    await listening.close();
  });

  test('a client that goes takes its watches with it', async () => {
    const flags = ['--kubeconfig', world.kubeconfig];
    const [first, second] = await Promise.all([connect(flags), connectNew(flags)]);
    await Promise.all([first.subscribeResource({ uri }), second.listen({ resourceSubscriptions: [list] })]);
    await vi.waitFor(() => expect(watches().length).toBeGreaterThan(1), soon);
    await Promise.all([first.close(), second.close()]);
    await vi.waitFor(() => expect(watches()).toEqual([]), soon);
  });

  test('what names nothing cannot be subscribed to', async () => {
    await expect(old.subscribeResource({ uri: 'kubefoundry://nodes' })).rejects.toMatchObject({ code: -32602 });
  });
});

test('without a cluster a resource is an error with the next step, never empty', async () => {
  const client = await connect(['--kubeconfig', '/nonexistent/kubeconfig']);
  try {
    await expect(read(client, 'kubefoundry://deployments')).rejects.toThrow(/CLUSTER_UNREACHABLE: [\s\S]*\nHint: /);
    const told: string[] = [];
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void told.push(params.uri));
    await client.subscribeResource({ uri: 'kubefoundry://runtimes' });
    await vi.waitFor(() => expect(told).toEqual(['kubefoundry://runtimes']), soon);
  } finally {
    await client.close();
  }
});
