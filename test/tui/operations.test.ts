import { afterAll, beforeAll, expect, test } from 'vitest';
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

const open = () => {
  const flash = createFlash();
  const services = { dialogs: createDialogs(), flash, now: () => new Date() };
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
