import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { providers } from '../../../src/providers/registry.ts';
import { graph, namespace } from '../../../src/sandbox/scenarios/manifests.ts';
import { deleteDeployment } from '../../../src/tools/delete-deployment.ts';
import { deployModel } from '../../../src/tools/deploy-model.ts';
import { diagnoseDeployment } from '../../../src/tools/diagnose-deployment.ts';
import { getDeployment } from '../../../src/tools/get-deployment.ts';
import { listDeployments } from '../../../src/tools/list-deployments.ts';
import { tools } from '../../../src/tools/registry.ts';
import { startWorkbench, type Workbench } from '../../support/sandbox.ts';

const home = 'lab';
const model = 'Qwen/Qwen3-8B';

let bench: Workbench;
let cluster: Cluster;

beforeAll(async () => {
  bench = await startWorkbench({ speed: Number.POSITIVE_INFINITY });
  ({ cluster } = await bench.foundry.site(undefined));
  await cluster.apply(namespace(home));
});
afterAll(() => bench.stop());
afterEach(async () => {
  for (const { name, namespace: where } of (await bench.data(listDeployments, {})).deployments) {
    await bench.data(deleteDeployment, { name, namespace: where });
  }
});

/** What an agent does: it reads the fix, and calls what it says. */
async function followFix(name: string, code: string) {
  const { findings } = await bench.data(diagnoseDeployment, { name });
  expect(findings[0], JSON.stringify(findings)).toMatchObject({ code });
  const [, tool, input = ''] = /^(\w+) (\{.*\})$/.exec(findings[0]?.fix ?? '') ?? [];
  const called = tools.find((one) => one.name === tool);
  if (!called) throw new Error(`no call in ${findings[0]?.fix}`);
  const done = await bench.call(called, JSON.parse(input));
  expect(done, findings[0]?.fix).toMatchObject({ ok: true });
  const runs = async () => {
    const { deployment } = await bench.data(getDeployment, { name });
    expect(deployment.phase, deployment.message).toBe('Running');
  };
  await vi.waitFor(runs, { timeout: 10_000 });
}

/** What nobody complained of. */
const wanted = { model, contextLength: 8192, servedModelName: 'chat', engineArgs: { dtype: 'bfloat16' } };

const ills = {
  MEMORY_SHORT: { memory: '9Ti' },
  CPU_SHORT: { cpu: '900' },
  NODE_SELECTOR_UNMATCHED: { nodeSelector: { 'nvidia.com/gpu.product': 'NVIDIA-GB300' } },
} as const;

const askedOf = async (name: string) => {
  const { deployment } = await bench.data(getDeployment, { name });
  const provider = providers.find(({ id }) => id === deployment.runtime);
  const found = await cluster.get(
    { group: provider?.group ?? '', kind: deployment.kind },
    { namespace: deployment.namespace, name },
  );
  return found && provider?.deploying.asked(found);
};

test.each(
  (['dynamo', 'kuberay'] as const).flatMap((runtime) =>
    (['MEMORY_SHORT', 'CPU_SHORT', 'NODE_SELECTOR_UNMATCHED'] as const).map((code) => ({ runtime, code })),
  ),
)('$code on $runtime: the call that diagnosis gives cures it and keeps the rest', async ({ runtime, code }) => {
  const name = `${code.toLowerCase().replaceAll('_', '-').slice(0, 12)}-${runtime}`;
  await bench.data(deployModel, { ...wanted, ...ills[code], name, runtime, namespace: home });
  await bench.sandbox.settled();
  await followFix(name, code);
  expect(await askedOf(name)).toMatchObject({ model, contextLength: 8192, servedModelName: 'chat' });
  expect((await askedOf(name))?.engineArgs).toEqual({ dtype: 'bfloat16' });
});

test('GPUS_TOO_MANY: it takes as many as a node has', async () => {
  await cluster.apply(graph({ name: 'many', namespace: home, model, gpus: 16, managed: true }));
  await bench.sandbox.settled();
  await followFix('many', 'GPUS_TOO_MANY');
  expect(await askedOf('many')).toMatchObject({ model, gpus: 8 });
});

test('CLUSTER_NOT_SCALED: more replicas by replace leave the living RayCluster behind, and scaling to the same number mends it', async () => {
  const asked = { name: 'two', namespace: home, runtime: 'kuberay', model } as const;
  await bench.data(deployModel, asked);
  await bench.sandbox.settled();
  await bench.data(deployModel, { ...asked, replicas: 2, replace: true });
  await bench.sandbox.settled();
  const { findings, waiting, deployment } = await bench.data(diagnoseDeployment, { name: 'two' });
  expect(deployment).toMatchObject({ phase: 'Deploying', replicas: { desired: 2, ready: 1 } });
  expect(deployment.message).toMatch(/RayService asks for 2 workers .*, its RayCluster two-\w+ has 1/);
  expect(waiting).toBeNull();
  expect(findings).toEqual([
    expect.objectContaining({
      title: expect.stringMatching(/^RayService asks for 2 workers, its RayCluster has 1: /),
      fix: 'scale_deployment {"name":"two","namespace":"lab","runtime":"kuberay","replicas":2}',
    }),
  ]);
  await followFix('two', 'CLUSTER_NOT_SCALED');
  expect(await bench.data(diagnoseDeployment, { name: 'two' })).toMatchObject({
    deployment: { replicas: { desired: 2, ready: 2 } },
    findings: [],
  });
});
