import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { deleteDeployment } from '../../src/tools/delete-deployment.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { installRuntime } from '../../src/tools/install-runtime.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { startWorkbench, type Workbench } from '../support/sandbox.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await startWorkbench({ scenario: 'kuberay' });
});
afterAll(() => bench.stop());

const wanted = { name: 'chat', runtime: 'kuberay', model: 'Qwen/Qwen3-8B', namespace: 'models' } as const;

test('a tool that must ask but has no plan to show does not run', async () => {
  const run = vi.fn();
  const planless: Tool = { ...(deleteDeployment as Tool), plan: undefined, run };
  expect(await bench.call(planless, { name: 'chat' })).toMatchObject({ ok: false, error: { code: 'INTERNAL' } });
  expect(run).not.toHaveBeenCalled();
});

test('where there was nothing to approve, what has become necessary meanwhile is not done', async () => {
  await bench.data(deployModel, wanted);
  const asking: Tool = { ...(deployModel as Tool), asks: true, plan: async () => undefined };
  expect(await bench.call(asking, wanted)).toMatchObject({ ok: true, data: { change: 'unchanged' } });
  expect(await bench.call(asking, { ...wanted, name: 'other' })).toMatchObject({
    ok: false,
    error: { code: 'CONFLICT' },
  });
});

test('an upgrade is approved as it is carried out: a deployment that comes meanwhile does not make it another one', async () => {
  const ask = async () => {
    await bench.data(deployModel, { ...wanted, name: 'newcomer' });
    return 'approved' as const;
  };
  const upgraded = await bench.call(installRuntime, { runtime: 'kuberay', version: '1.7.9' }, { ask });
  expect(upgraded).toMatchObject({ ok: true, data: { outcome: 'done', status: { version: '1.7.9' } } });
  expect(upgraded).toMatchObject({
    data: { warnings: expect.arrayContaining([expect.stringContaining('models/newcomer')]) },
  });
});
