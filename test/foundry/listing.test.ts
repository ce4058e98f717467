import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { listDeployments as listOf } from '../../src/foundry/listing.ts';
import type { KubernetesObject } from '../../src/kubernetes.ts';
import { listDeployments } from '../../src/tools/list-deployments.ts';
import { dataOf, type Lab, namespace, startLab } from '../support/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
  await lab.apply(namespace('team-a'), namespace('team-b'));
  for (const [name, runtime, where] of [
    ['alpha', 'kuberay', 'team-a'],
    ['beta', 'dynamo', 'team-a'],
    ['beta', 'kuberay', 'team-b'],
    ['gamma', 'dynamo', 'team-b'],
    ['delta', 'kuberay', 'team-b'],
  ]) {
    dataOf(await lab.call('deploy_model', { name, runtime, namespace: where, model: 'Qwen/Qwen3-8B' }));
  }
});
afterAll(() => lab.stop());
beforeEach(() => {
  lab.api.faults.clear();
  lab.api.clearRequests();
});

async function list(input: object = {}, settings = {}): Promise<z.output<typeof listDeployments.output>> {
  return listDeployments.output.parse(dataOf(await lab.call('list_deployments', input, settings)));
}

const places = (answer: z.output<typeof listDeployments.output>) =>
  answer.deployments.map(({ namespace, name, runtime }) => `${namespace}/${name} ${runtime}`);

const everything = [
  'team-a/alpha kuberay',
  'team-a/beta dynamo',
  'team-b/beta kuberay',
  'team-b/delta kuberay',
  'team-b/gamma dynamo',
];

describe('the merged list', () => {
  test('holds the deployments of all runtimes in one order, and nothing is missing', async () => {
    const answer = await list();
    expect(places(answer)).toEqual(everything);
    expect(answer).toMatchObject({ total: 5, problems: [] });
  });

  test('is filtered by runtime, namespace and phase', async () => {
    expect(places(await list({ runtime: 'dynamo' }))).toEqual(['team-a/beta dynamo', 'team-b/gamma dynamo']);
    expect(places(await list({ namespace: 'team-a' }))).toEqual(everything.slice(0, 2));
    expect(await list({ phase: 'Pending' })).toMatchObject({ total: 5 });
    expect(await list({ phase: 'Running' })).toMatchObject({ total: 0, deployments: [] });
  });

  test('comes in pages that lose and repeat nothing, also when something is deleted between them', async () => {
    const first = await list({ limit: 2 });
    expect(places(first)).toEqual(everything.slice(0, 2));
    expect(first.total).toBe(5);
    await lab.remove({ apiVersion: 'ray.io/v1', kind: 'RayService', metadata: { name: 'alpha', namespace: 'team-a' } });
    const second = await list({ limit: 2, cursor: first.nextCursor });
    expect(places(second)).toEqual(everything.slice(2, 4));
    const third = await list({ limit: 2, cursor: second.nextCursor });
    expect(places(third)).toEqual(everything.slice(4));
    expect(third.nextCursor).toBeUndefined();
    dataOf(
      await lab.call('deploy_model', {
        name: 'alpha',
        runtime: 'kuberay',
        namespace: 'team-a',
        model: 'Qwen/Qwen3-8B',
      }),
    );
  });

  test('does not go on with a cursor of another list', async () => {
    const { nextCursor } = await list({ limit: 2, runtime: 'kuberay' });
    expect(places(await list({ limit: 9, runtime: 'kuberay', cursor: nextCursor })).length).toBeGreaterThan(0);
    for (const other of [{}, { runtime: 'dynamo' }, { runtime: 'kuberay', namespace: 'team-a' }, { phase: 'Failed' }]) {
      expect(await lab.call('list_deployments', { ...other, cursor: nextCursor })).toMatchObject({
        ok: false,
        error: {
          code: 'INPUT_INVALID',
          message: 'cursor: it belongs to a list with another context, runtime, namespace or phase.',
          hint: 'Repeat the context and filters of the call that gave it, or leave cursor out to begin anew.',
        },
      });
    }
  });

  test('does not go on with a cursor of another cluster', async () => {
    const { nextCursor = '' } = await list({ limit: 2 });
    const { signal } = new AbortController();
    const site = await lab.foundry().site(undefined);
    expect(await listOf(site, { limit: 9, cursor: nextCursor }, signal)).toMatchObject({ total: 5 });
    const elsewhere = listOf({ ...site, context: 'elsewhere' }, { limit: 9, cursor: nextCursor }, signal);
    await expect(elsewhere).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  test('says how much is shown and how to go on', async () => {
    const result = await lab.call('list_deployments', { limit: 2 });
    expect(result).toMatchObject({ ok: true, text: expect.stringMatching(/showing 2 of 5; pass cursor=\S+$/) });
    const wide = await lab.call('list_deployments', { limit: 2, detail: true });
    expect(wide).toMatchObject({
      text: expect.stringMatching(/showing 2 of 5; pass limit=5, or cursor=\S+ for the next$/),
    });
  });

  test('costs five requests per runtime', async () => {
    await list();
    lab.api.clearRequests();
    await list();
    expect(lab.api.requests.length).toBeLessThanOrEqual(10);
  });
});

describe('what cannot be read', () => {
  const everywhere = { apiGroups: ['nvidia.com', 'apps', ''], resources: ['*'], verbs: ['get', 'list'] };
  const rays = { apiGroups: ['ray.io', ''], resources: ['*'], verbs: ['get', 'list'] };

  test('FORBIDDEN for one runtime: the other’s deployments, and a problem that names verb, resource and namespace', async () => {
    await lab.allow('dynamo-only', [everywhere]);
    const answer = await list({ namespace: 'team-a' }, { as: 'dynamo-only' });
    expect(places(answer)).toEqual(['team-a/beta dynamo']);
    expect(answer.problems).toEqual([
      {
        runtime: 'kuberay',
        code: 'FORBIDDEN',
        message: 'Not allowed to list rayservices.ray.io in namespace team-a.',
        hint: expect.stringMatching(
          /kubefoundry-observe \(docs\/rbac\): kubectl --context \S+ create rolebinding NAME -n team-a --clusterrole=kubefoundry-observe/,
        ),
      },
    ]);
  });

  test('FORBIDDEN in the whole cluster: each namespace that may be read, and a problem for the rest', async () => {
    await lab.allow('team-b-only', [rays, { ...everywhere, apiGroups: ['nvidia.com', 'apps'] }], ['team-b']);
    await lab.allow('team-b-only', [{ apiGroups: [''], resources: ['namespaces'], verbs: ['list'] }]);
    const answer = await list({}, { as: 'team-b-only' });
    expect(places(answer)).toEqual(everything.slice(2));
    expect(answer.problems.map(({ runtime, code }) => `${runtime} ${code}`)).toEqual([
      'dynamo FORBIDDEN',
      'kuberay FORBIDDEN',
    ]);
    const named = await list({ namespace: 'team-b' }, { as: 'team-b-only' });
    expect(places(named)).toEqual(everything.slice(2));
    expect(named.problems).toEqual([]);
  });

  test('behind a fence: the namespaces inside it, and nothing is missing', async () => {
    const answer = await list({}, { namespaces: ['team-a'] });
    expect(places(answer)).toEqual(everything.slice(0, 2));
    expect(answer.problems).toEqual([]);
  });

  test('a namespace that is not there is told apart from an empty one', async () => {
    expect(await list({ namespace: 'default' })).toMatchObject({ total: 0, problems: [] });
    expect(await lab.call('list_deployments', { namespace: 'taem-a' })).toMatchObject({
      ok: false,
      error: { code: 'NOT_FOUND', message: 'There is no namespace taem-a.', hint: 'Did you mean team-a?' },
    });
    await lab.apply(namespace('taem-a'));
    expect(await list({ namespace: 'taem-a' })).toMatchObject({ total: 0, problems: [] });
    await lab.remove(namespace('taem-a'));
    // Who may not look for namespaces cannot be told.
    await lab.allow('no-namespaces', [{ ...everywhere, apiGroups: ['nvidia.com', 'ray.io'] }]);
    expect(await list({ namespace: 'tame-a' }, { as: 'no-namespaces' })).toMatchObject({ total: 0, problems: [] });
  });

  test('pods that may not be read: the row stands, what follows from pods is null, and a problem says so', async () => {
    const noPods = { apiGroups: ['nvidia.com', 'ray.io', 'apps'], resources: ['*'], verbs: ['get', 'list'] };
    await lab.allow('no-pods', [
      noPods,
      { apiGroups: [''], resources: ['services', 'events', 'namespaces'], verbs: ['get', 'list'] },
    ]);
    const answer = await list({ runtime: 'dynamo' }, { as: 'no-pods' });
    expect(places(answer)).toEqual(['team-a/beta dynamo', 'team-b/gamma dynamo']);
    expect(answer.problems).toMatchObject([
      { runtime: 'dynamo', code: 'FORBIDDEN', message: 'Not allowed to list pods in namespace team-a, team-b.' },
    ]);
  });

  test('a runtime that is not installed is told apart from an empty list', async () => {
    const bare = await startLab({ runtimes: ['dynamo'] });
    try {
      const answer = dataOf(await bare.call('list_deployments', {}));
      expect(answer).toMatchObject({
        total: 0,
        problems: [
          { runtime: 'kuberay', code: 'RUNTIME_NOT_INSTALLED', hint: 'install_runtime {"runtime":"kuberay"}' },
        ],
      });
    } finally {
      await bare.stop();
    }
  });

  test('a CRD that disappears: its runtime is not installed any more, the rest stands', async () => {
    const shrinking = await startLab();
    try {
      dataOf(await shrinking.call('deploy_model', { name: 'stays', runtime: 'dynamo', model: 'Qwen/Qwen3-8B' }));
      dataOf(await shrinking.call('deploy_model', { name: 'goes', runtime: 'kuberay', model: 'Qwen/Qwen3-8B' }));
      expect(dataOf(await shrinking.call('list_deployments', {}))).toMatchObject({ total: 2, problems: [] });
      await shrinking.remove({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'rayservices.ray.io' },
      });
      expect(dataOf(await shrinking.call('list_deployments', {}))).toMatchObject({
        deployments: [{ name: 'stays' }],
        problems: [{ runtime: 'kuberay', code: 'RUNTIME_NOT_INSTALLED' }],
      });
    } finally {
      await shrinking.stop();
    }
  });

  test('a runtime that fails for another reason: the other’s deployments, and its code', async () => {
    const action = { kind: 'status', status: 500, body: { message: 'etcdserver: request timed out' } } as const;
    lab.api.faults.add({ match: { path: /\/rayservices/ }, action });
    const answer = await list();
    expect(places(answer)).toEqual(['team-a/beta dynamo', 'team-b/gamma dynamo']);
    expect(answer.problems).toMatchObject([{ runtime: 'kuberay', code: 'CLUSTER_UNREACHABLE' }]);
  });
});

test('an object with wrong types in any field makes its own row say so, and the rest stands', async () => {
  const loose = await startLab({ runtimes: ['kuberay'] });
  try {
    const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const names = { kind: 'RayService', plural: 'rayservices', singular: 'rayservice', listKind: 'RayServiceList' };
    const version = {
      name: 'v1',
      served: true,
      storage: true,
      subresources: { status: {} },
      schema: { openAPIV3Schema: schema },
    };
    await loose.apply({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'rayservices.ray.io' },
      spec: { group: 'ray.io', scope: 'Namespaced', names, versions: [version] },
    });
    dataOf(await loose.call('deploy_model', { name: 'sound', runtime: 'kuberay', model: 'Qwen/Qwen3-8B' }));
    const broken = (name: string, spec: unknown): KubernetesObject => ({
      apiVersion: 'ray.io/v1',
      kind: 'RayService',
      metadata: { name, namespace: 'kuberay-system' },
      spec,
    });
    const specs = [
      7,
      'text',
      [],
      { serveConfigV2: 3 },
      { rayClusterConfig: 'x' },
      { rayClusterConfig: { workerGroupSpecs: { a: 1 } } },
      {},
    ];
    for (const [index, spec] of specs.entries()) await loose.apply(broken(`broken-${index}`, spec));
    const statuses = ['text', 7, [], { conditions: 'x' }, { conditions: [null, 3] }, { activeServiceStatus: [] }];
    for (const [index, status] of statuses.entries()) await loose.setStatus(broken(`broken-${index}`, {}), status);
    const answer = listDeployments.output.parse(dataOf(await loose.call('list_deployments', {})));
    expect(answer.total).toBe(specs.length + 1);
    expect(answer.deployments.find(({ name }) => name === 'sound')).toMatchObject({
      phase: 'Pending',
      model: 'Qwen/Qwen3-8B',
    });
    for (const row of answer.deployments.filter(({ name }) => name.startsWith('broken'))) {
      expect(row.model).toBeNull();
      expect(row.reason).not.toBe('');
    }
  } finally {
    await loose.stop();
  }
});
