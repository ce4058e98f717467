import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { asCommands } from '../../src/cli/as-commands.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { getDeployment } from '../../src/tools/get-deployment.ts';
import { createDialogs } from '../../src/tui/state/dialogs.ts';
import { createFlash } from '../../src/tui/state/flash.ts';
import { createOperations } from '../../src/tui/state/operations.ts';
import { type Lab, startLab } from '../support/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ runtimes: ['kuberay'] });
});
afterAll(() => lab.stop());

const open = (flash = createFlash()) => {
  const services = { asCommands, dialogs: createDialogs(), flash, now: () => new Date() };
  return createOperations({ foundry: lab.foundry(), caller: 'tui eva', ...services });
};

test('however many run at once, all of them are known until they have ended', async () => {
  const operations = open();
  const many = Array.from({ length: 60 }, (_, index) => ({ name: `none-${index}` }));
  const ended = operations.runAll(getDeployment, many);
  expect(operations.running()).toHaveLength(60);
  expect((await ended).filter(({ ok }) => ok)).toEqual([]);
  expect(operations.running()).toEqual([]);
  await operations.run(getDeployment, { name: 'one-more' });
  expect(operations.snapshot()).toHaveLength(50);
  expect(operations.snapshot()[0]).toMatchObject({ input: { name: 'one-more' }, state: 'failed' });
});

test('stopping ends the whole batch that was begun last, and no other', async () => {
  const operations = open();
  const first = operations.runAll(getDeployment, [{ name: 'first' }]);
  const batch = operations.runAll(getDeployment, [{ name: 'second' }, { name: 'third' }]);
  expect(operations.stop()).toBe(true);
  expect((await batch).map((result) => !result.ok && result.error.code)).toEqual(['DECLINED', 'DECLINED']);
  expect((await first).map((result) => !result.ok && result.error.code)).toEqual(['NOT_FOUND']);
  expect(operations.stop()).toBe(false);
});

test('a call that is stopped says whether it had begun', async () => {
  const flash = createFlash();
  const operations = open(flash);
  const looking = operations.run(getDeployment, { name: 'qwen' });
  operations.stop();
  await looking;
  expect(flash.snapshot()?.text).toBe('One deployment: not done, nothing was changed.');

  const input = { name: 'qwen', model: 'Qwen/Qwen3-0.6B', runtime: 'kuberay', wait: true };
  const waiting = operations.run(deployModel, input);
  await vi.waitFor(() => expect(operations.snapshot()[0]?.messages.at(-1)).toContain('qwen: Pending'), 10_000);
  operations.stop();
  await waiting;
  expect(flash.snapshot()?.text).toBe(
    'Deploy a model: Only the waiting was cancelled: RayService kuberay-system/qwen is created and goes on without us.',
  );
});
