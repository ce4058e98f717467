import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runtimeIds } from '../../src/foundry/spec.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { getRuntimesStatus } from '../../src/tools/get-runtimes-status.ts';
import { planDeployment } from '../../src/tools/plan-deployment.ts';
import { startWorkbench, type Workbench } from '../support/sandbox.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await startWorkbench();
});
afterAll(() => bench.stop());

/** What a call sent, and the objects that it wrote: what it deploys, and an Event on each. */
async function costOf(call: () => Promise<unknown>, on = bench) {
  on.sandbox.api.clearRequests();
  await call();
  const sent = on.requests().map(({ method, path, query }) => `${method} ${path}?${query}`);
  return { sent, written: sent.filter((line) => !/^GET |dryRun=/.test(line)) };
}

describe.each(runtimeIds)('a deployment on %s', (runtime) => {
  const wanted = { name: `first-${runtime}`, runtime, model: 'Qwen/Qwen3-0.6B', namespace: `team-${runtime}` };

  test('costs at most one request per object and four more, its namespace being made with it', async () => {
    await bench.data(planDeployment, wanted);
    const { sent, written } = await costOf(() => bench.data(deployModel, wanted));
    expect(written).toHaveLength(4);
    expect(sent.length, sent.join('\n')).toBeLessThanOrEqual(written.length + 4);
  });

  test('costs five requests at most where the namespace is there', async () => {
    await bench.data(planDeployment, wanted);
    const { sent, written } = await costOf(() => bench.data(deployModel, { ...wanted, name: `next-${runtime}` }));
    expect(written).toHaveLength(2);
    expect(sent.length, sent.join('\n')).toBeLessThanOrEqual(5);
  });
});

test('the first deployment of a process pays for looking at the cluster once', async () => {
  const cold = await startWorkbench();
  const other = await startWorkbench();
  const look = await costOf(() => other.data(getRuntimesStatus, {}), other);
  const wanted = { name: 'first', runtime: 'kuberay', model: 'Qwen/Qwen3-0.6B' } as const;
  const { sent, written } = await costOf(() => cold.data(deployModel, wanted), cold);
  expect(sent.length, sent.join('\n')).toBeLessThanOrEqual(look.sent.length + written.length + 4);
  await Promise.all([cold.stop(), other.stop()]);
});
