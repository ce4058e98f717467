import { expect, onTestFinished, test, vi } from 'vitest';
import { startApiProxy } from '../support/api-proxy.ts';
import { connectAssistant } from './assistant.ts';
import { model, primaries, soon } from './fixtures.ts';
import { atEveryWrite, deleting, deploying, killedAt, resetAt } from './interruptions.ts';
import { sandboxWorld } from './sandbox-world.ts';

// Every operation at every write and moment: test/interruptions.
vi.setConfig({ testTimeout: 60_000 });

test('deploy_model, killed after the server has carried out a write, is finished by the same call', async () => {
  expect(await atEveryWrite((write) => killedAt(deploying, write, 'unanswered'), { atOnce: 2 })).toBeGreaterThan(1);
});

test('delete_deployment, whose connection breaks after a write was carried out, ends with the truth', async () => {
  expect(await atEveryWrite((write) => resetAt(deleting, write, 'unanswered'), { atOnce: 2 })).toBeGreaterThan(1);
});

test('what was shown is deleted, and not what has its name by the time the request arrives', async () => {
  const world = await sandboxWorld('kuberay');
  onTestFinished(() => world.stop());
  const proxy = await startApiProxy(world.kubeconfig);
  onTestFinished(() => proxy.stop());
  const place = { name: 'chat', namespace: 'kuberay-system' };
  const bob = await connectAssistant(world);
  await bob.send('deploy_model', { ...place, model, runtime: 'kuberay' });

  const eva = await connectAssistant({ ...world, kubeconfig: proxy.kubeconfig });
  const letGo = proxy.hold(/^DELETE /);
  const deletion = eva.send('delete_deployment', place);
  await vi.waitFor(() => expect(proxy.requests).toContainEqual(expect.stringMatching(/^DELETE /)), soon);
  await bob.send('delete_deployment', place);
  await bob.send('deploy_model', { ...place, model, runtime: 'kuberay' });
  const other = await world.admin.get(primaries.kuberay, place);
  letGo();
  expect(await deletion).toMatchObject({ code: 'CONFLICT' });
  expect((await world.admin.get(primaries.kuberay, place))?.metadata).toMatchObject({ uid: other?.metadata.uid });
  expect(other?.metadata.deletionTimestamp).toBeUndefined();
});
