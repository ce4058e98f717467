import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { deleteDeployment } from '../../src/tools/delete-deployment.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
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
