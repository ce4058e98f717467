import { afterAll, beforeAll, expect, test } from 'vitest';
import { textAt } from '../../src/kubernetes.ts';
import { deleteDeployment } from '../../src/tools/delete-deployment.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { installRuntime } from '../../src/tools/install-runtime.ts';
import { uninstallRuntime } from '../../src/tools/uninstall-runtime.ts';
import { startWorkbench, type Workbench } from '../support/sandbox.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await startWorkbench({ scenario: 'empty' });
});
afterAll(() => bench.stop());

/** Our Events that came since they were asked for last: on what, why, and in which words. */
const told = new Set<string>();
async function newEvents(): Promise<readonly string[]> {
  const { cluster } = await bench.foundry.site(undefined);
  const events = await cluster.list({ group: '', kind: 'Event' }, {});
  const ours = events.filter((event) => textAt(event, 'source', 'component') === 'kubefoundry');
  const fresh = ours.filter(({ metadata }) => !told.has(metadata.name));
  for (const { metadata } of fresh) told.add(metadata.name);
  expect(fresh.every((event) => textAt(event, 'involvedObject', 'uid') !== undefined)).toBe(true);
  return fresh
    .map((event) => {
      const on = `${textAt(event, 'involvedObject', 'kind')} ${textAt(event, 'involvedObject', 'name')}`;
      return `${on}: ${textAt(event, 'reason')}: ${textAt(event, 'message')}`;
    })
    .sort();
}

const wanted = { runtime: 'kuberay', model: 'Qwen/Qwen3-8B', namespace: 'models' } as const;

test('who did what is told by one Event on each object that was written, as kubectl describe shows it', async () => {
  await bench.data(installRuntime, { runtime: 'kuberay', version: '1.6.2' });
  expect(await newEvents()).toEqual(['Deployment kuberay-operator: Installed: Installed KubeRay 1.6.2 by test eva']);

  await bench.data(deployModel, { ...wanted, name: 'chat' });
  expect(await newEvents()).toEqual([
    'Namespace models: Created: Created for Qwen/Qwen3-8B by test eva',
    'RayService chat: Deployed: Deployed Qwen/Qwen3-8B by test eva',
  ]);
  await bench.data(deployModel, { ...wanted, name: 'chat' });
  expect(await newEvents()).toEqual([]);

  await bench.data(installRuntime, { runtime: 'kuberay', version: '1.7.0' });
  expect(await newEvents()).toEqual(['Deployment kuberay-operator: Upgraded: Upgraded KubeRay 1.7.0 by test eva']);

  await bench.data(deployModel, { ...wanted, name: 'code' });
  await bench.data(deleteDeployment, { name: 'code' });
  expect(await newEvents()).toEqual([
    'RayService code: Deleted: Deleted RayService code by test eva',
    'RayService code: Deployed: Deployed Qwen/Qwen3-8B by test eva',
  ]);

  await bench.data(uninstallRuntime, { runtime: 'kuberay' });
  expect(await newEvents()).toEqual([
    'Namespace kuberay-system: Uninstalled: Uninstalled KubeRay by test eva',
    'RayService chat: Deleted: Deleted RayService chat by test eva',
  ]);
});

test('an Event that is denied is no error of an installation either', async () => {
  bench.sandbox.api.faults.add({
    match: { method: 'POST', path: /\/events/ },
    action: { kind: 'status', status: 403, body: {} },
  });
  expect(await bench.data(installRuntime, { runtime: 'kuberay' })).toMatchObject({ outcome: 'done' });
  expect(await bench.data(uninstallRuntime, { runtime: 'kuberay' })).toMatchObject({ outcome: 'done' });
  bench.sandbox.api.faults.clear();
  expect(await newEvents()).toEqual([]);
});
