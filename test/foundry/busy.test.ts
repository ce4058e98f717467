import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { questions } from '../../bench/tokens/questions.ts';
import type { Deployment } from '../../src/foundry/deployment.ts';
import { type LiveDeployments, liveListing } from '../../src/foundry/live-listing.ts';
import { phases, runtimeIds } from '../../src/foundry/spec.ts';
import { textAt } from '../../src/kubernetes.ts';
import { deploymentsUri } from '../../src/server/resources/address.ts';
import { readResource } from '../../src/server/resources/reading.ts';
import { deleteDeployment } from '../../src/tools/delete-deployment.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { getClusterCapacity } from '../../src/tools/get-cluster-capacity.ts';
import { getDeployment } from '../../src/tools/get-deployment.ts';
import { listDeployments } from '../../src/tools/list-deployments.ts';
import { planDeployment } from '../../src/tools/plan-deployment.ts';
import { tools } from '../../src/tools/registry.ts';
import { startWorkbench, type Workbench } from '../support/sandbox.ts';
import { soon } from '../support/soon.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await startWorkbench({ scenario: 'busy', speed: 1 });
}, 60_000);
afterAll(() => bench.stop());

const all = () => bench.data(listDeployments, { limit: 500 });

test('forty deployments in every phase over four namespaces, some made by others', async () => {
  const { deployments, problems } = await all();
  expect(deployments).toHaveLength(40);
  expect(problems).toEqual([]);
  expect(new Set(deployments.map(({ namespace }) => namespace)).size).toBe(4);
  expect(new Set(deployments.map(({ runtime }) => runtime))).toEqual(new Set(runtimeIds));
  expect(deployments.filter(({ managed }) => !managed).length).toBeGreaterThan(5);
  for (const phase of phases) {
    expect(deployments.filter((each) => each.phase === phase).length, phase).toBeGreaterThan(1);
  }
  expect(deployments.some(({ upgrading }) => upgrading)).toBe(true);
});

test.each([...runtimeIds.map((runtime) => ({ runtime, most: 5 })), { runtime: undefined, most: 10 }])(
  'a list of everything costs at most five requests per runtime: $runtime',
  async ({ runtime, most }) => {
    await all();
    bench.sandbox.api.clearRequests();
    const { deployments, total } = await bench.data(listDeployments, { runtime, limit: 500 });
    expect(total).toBeGreaterThan(10);
    expect(deployments).toHaveLength(total);
    expect(bench.requests().length).toBeLessThanOrEqual(most);
  },
);

test('a filter by phase, which needs everything, costs no more', async () => {
  for (const phase of phases) {
    bench.sandbox.api.clearRequests();
    const { deployments } = await bench.data(listDeployments, { phase, limit: 2 });
    expect(new Set(deployments.map((row) => row.phase))).toEqual(new Set([phase]));
    expect(bench.requests().length, phase).toBeLessThanOrEqual(10);
  }
});

test('the list says of every deployment how to address it and how it does, its model, namespace and runtime once', async () => {
  const list = await bench.call(listDeployments, { limit: 500 });
  const told = addressesIn(list.ok ? list.text : '');
  const rows = (await all()).deployments;
  expect([...told.keys()].sort()).toEqual(
    rows.map(({ model, namespace, runtime, name }) => `${model} ${namespace} ${runtime} ${name}`).sort(),
  );
  for (const { model, namespace, runtime, name, phase, replicas } of rows.filter(settled)) {
    const ratio = `${replicas.ready}/${replicas.desired}`;
    const words = told.get(`${model} ${namespace} ${runtime} ${name}`) ?? [];
    expect([words.find((word) => word.includes('/')) ?? (phase === 'Suspended' ? '0/0' : '1/1'), name]).toEqual([
      ratio,
      name,
    ]);
    expect(words.find((word) => phases.some((one) => one === word)) ?? 'Running').toBe(phase);
  }
});

/** Containers that crash go through their states from one call to the next. */
const settled = ({ phase }: Deployment) => phase === 'Running' || phase === 'Suspended' || phase === 'Pending';

/** `model namespace runtime name` of each item of the grouped list, with what is said of it. */
function addressesIn(text: string): ReadonlyMap<string, readonly string[]> {
  let model = '';
  return new Map(
    text.split('\n').flatMap((line): (readonly [string, readonly string[]])[] => {
      const place = /^- (\S+ \S+): (.*)$/.exec(line);
      if (!place) {
        model = line.replace(/:$/, '');
        return [];
      }
      return (place[2] ?? '').split(', ').map((item) => {
        const [name, ...words] = item.split(' ');
        return [`${model} ${place[1]} ${name}`, words];
      });
    }),
  );
}

test('with detail, and for a person, it is a table with ages', async () => {
  for (const options of [{ detail: true }, { detail: false, wide: true }]) {
    const { wide, ...input } = { wide: false, ...options };
    const list = await bench.call(listDeployments, input, { wide });
    expect(list).toMatchObject({
      ok: true,
      text: expect.stringMatching(/\nNAME +NAMESPACE +RUNTIME +READY +AGE +MODEL +PHASE\n/),
    });
  }
});

test('the list costs a model at most 500 tokens by default, and every deployment at most 400', async () => {
  const list = await bench.call(listDeployments, {});
  expect(list).toMatchObject({ ok: true, text: expect.stringContaining('showing 20 of 40') });
  expect(countTokens(list.ok ? list.text : '')).toBeLessThanOrEqual(500);
  for (const { name, namespace, runtime } of (await all()).deployments) {
    const one = await bench.call(getDeployment, { name, namespace, runtime });
    expect(countTokens(one.ok ? one.text : 'refused'), name).toBeLessThanOrEqual(400);
  }
});

test('the GPUs that they hold and leave free, in two requests and few tokens', async () => {
  await bench.data(getClusterCapacity, {});
  bench.sandbox.api.clearRequests();
  const result = await bench.call(getClusterCapacity, {});
  expect(
    bench
      .requests()
      .map(({ path }) => path)
      .sort(),
  ).toEqual(['/api/v1/nodes', '/api/v1/pods']);
  const { pools, nodes } = getClusterCapacity.output.parse(result.ok ? result.data : undefined);
  expect(pools).toMatchObject([
    { model: 'NVIDIA-H100-80GB-HBM3', nodes: 5, total: 40 },
    { model: 'NVIDIA-L40S', nodes: 3, total: 12 },
    { model: 'NVIDIA-L4', nodes: 1, total: 1 },
  ]);
  for (const { used, free, total } of nodes ?? []) expect((used ?? 0) + (free ?? 0)).toBe(total);
  expect(countTokens(result.ok ? result.text : '')).toBeLessThanOrEqual(300);
});

test.each(runtimeIds)(
  'a plan on %s counts what the others use: a node is large enough, and none is free',
  async (runtime) => {
    const wanted = { name: 'one-more', runtime, model: 'Qwen/Qwen3-235B-A22B', gpus: 8 };
    const { pools } = await bench.data(getClusterCapacity, {});
    const { fit } = await bench.data(planDeployment, wanted);
    expect(fit).toMatchObject({ largestNode: 8, fits: false, why: expect.stringContaining('others use the GPUs') });
    expect(fit?.free).toBe(pools?.reduce((sum, { free }) => sum + (free ?? 0), 0));
    expect(fit?.largestFree).toBe(Math.max(...(pools ?? []).map(({ largestFree }) => largestFree ?? 0)));
    expect(fit?.alternatives.length).toBeGreaterThan(0);
    const deployed = await bench.call(deployModel, { ...wanted, namespace: 'research' });
    expect(deployed.ok && deployed.text).toContain('It does not fit now: others use the GPUs');
    await bench.data(deleteDeployment, { name: wanted.name, namespace: 'research', runtime });
  },
);

// 0.35 of what the peer's answers cost (docs/tokens.md), where they cost so little that it binds.
test.each(questions)('$asked: one call answers it within $most tokens', async ({ tool: name, input, most }) => {
  const tool = tools.find((one) => one.name === name);
  if (!tool) throw new Error(`no tool ${name}`);
  const answer = await bench.call(tool, input);
  expect(countTokens(answer.ok ? answer.text : 'refused')).toBeLessThanOrEqual(most);
  expect(answer.ok).toBe(true);
});

test('the resource of all deployments costs at most 6,000 tokens', async () => {
  const signal = new AbortController().signal;
  const { contents } = await readResource(deploymentsUri, { kind: 'deployments' }, bench.foundry, signal);
  const text = textAt(contents[0], 'text') ?? '';
  expect(JSON.parse(text)).toMatchObject({ total: 40, shown: 40 });
  expect(countTokens(text)).toBeLessThanOrEqual(6_000);
});

test('every row says what get_deployment says of it', async () => {
  // Containers that crash go through their states meanwhile: what differs is looked at once more.
  const names = (await all()).deployments.map(({ name }) => name);
  for (const name of names) {
    const twice = async () => {
      const row = (await all()).deployments.find((each) => each.name === name);
      const { deployment } = await bench.data(getDeployment, {
        name,
        namespace: row?.namespace,
        runtime: row?.runtime,
      });
      expect(deployment, name).toMatchObject(row ?? {});
    };
    await vi.waitFor(twice, { timeout: 10_000 });
  }
});

test('the live list shows the same rows, keeps those that did not change, and stops with its last reader', async () => {
  const site = await bench.foundry.site(undefined);
  const live = liveListing(site);
  const told = (until: (now: LiveDeployments) => boolean) =>
    new Promise<LiveDeployments>((resolve) => {
      const stop = live.subscribe(() => {
        if (!until(live.snapshot())) return;
        resolve(live.snapshot());
        queueMicrotask(stop);
      });
    });
  const keepAlive = live.subscribe(() => {});
  const first = await told(({ runtimes }) => runtimes.every(({ state }) => state === 'live'));
  const listed = (await all()).deployments;
  expect(first.deployments.map(({ name, phase }) => [name, phase])).toEqual(
    listed.map(({ name, phase }) => [name, phase]),
  );

  const [running] = listed.filter(({ phase, kind }) => phase === 'Running' && kind === 'RayService');
  if (!running) throw new Error('no RayService runs');
  await site.cluster.patch(
    { group: 'ray.io', kind: 'RayService' },
    { namespace: running.namespace, name: running.name },
    { metadata: { labels: { 'app.kubernetes.io/managed-by': running.managed ? 'someone' : 'kubefoundry' } } },
  );
  const same = ({ name, namespace }: { name: string; namespace: string }) =>
    name === running.name && namespace === running.namespace;
  const next = await told(({ deployments }) => deployments.find(same)?.managed === !running.managed);
  const untouched = first.deployments.filter((row) => !same(row));
  const named = (rows: readonly Deployment[]) => rows.map(({ name, namespace }) => `${namespace}/${name}`);
  expect(named(next.deployments)).toEqual(named(first.deployments));
  // Containers that crash went on through their states.
  const kept = untouched.filter((row) => next.deployments.includes(row));
  expect(kept.length).toBeGreaterThan(30);

  keepAlive();
  await expect.poll(() => bench.requests().filter(({ status }) => status === 0), soon).toEqual([]);
});

test('a cancelled call ends with the reason of its cancellation and leaves no request open', async () => {
  const { api } = bench.sandbox;
  // The simulators' watches.
  const before = api.openRequests;
  api.faults.add({
    match: { path: /pods/, user: 'kubernetes-admin' },
    action: { kind: 'delay', milliseconds: 60_000 },
  });
  const cancelling = new AbortController();
  const call = bench.call(listDeployments, {}, { signal: cancelling.signal });
  await expect.poll(() => api.openRequests, soon).toBeGreaterThan(before);
  cancelling.abort(new Error('no longer wanted'));
  await expect(call).rejects.toThrow('no longer wanted');
  await expect.poll(() => api.openRequests, soon).toBe(before);
});
