import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Foundry } from '../../src/foundry/foundry.ts';
import { createFoundry } from '../../src/foundry/foundry.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { openScreen, type Screen, type ScreenOptions } from '../support/terminal.ts';

let lab: Lab;
let screen: Screen;

beforeAll(async () => {
  lab = await startLab({ runtimes: ['kuberay'] });
  const result = await lab.call('deploy_model', { runtime: 'kuberay', name: 'phi', model: 'microsoft/phi-4' });
  if (!result.ok) throw result.error;
});
afterAll(() => lab.stop());
afterEach(() => screen.stop());

const open = async (foundry: Foundry, options?: ScreenOptions) => {
  screen = openScreen(foundry, options);
  await screen.sees('[READ-ONLY]');
};

const protectedFoundry = () =>
  createFoundry({
    open: async () => (await lab.foundry().site(undefined)).cluster,
    installer: { name: 'nobody', ready: async () => ({ ok: true }), carryOut: async () => {} },
    protect: ['*'],
  });

test('started with --read-only, that is why wherever something would be changed', async () => {
  await open(lab.foundry({ readOnly: true }));
  await screen.sees('phi');
  await screen.press('x');
  await screen.sees('Read-only: started with --read-only.');
  await screen.press('W');
  await screen.sees('Read-only: started with --read-only.');
  await screen.press('a');
  await screen.sees('Actions on phi (read-only: started with --read-only)');
  await screen.press('escape');
  await screen.type(':dele');
  await screen.sees('   Read-only: started with --read-only.');
  await screen.type('xyz');
  await screen.sees('no such command');
});

test('the palette says that a command is withheld, and finds it once changes are allowed', async () => {
  await open(protectedFoundry());
  await screen.sees('phi');
  await screen.type(':dele');
  await screen.sees('   Read-only: press W to allow changes.');
  await screen.press('escape', 'W');
  await screen.type(':dele');
  await screen.sees('> delete');
});

test('the form does not offer to deploy what would be refused', async () => {
  await open(protectedFoundry(), { place: { screen: 'deploy' } });
  await screen.sees('( Deploy )  Read-only: press W to allow changes.');
  await screen.type('phi-2');
  await screen.press('tab', 'tab', 'tab');
  await screen.type('microsoft/phi-4');
  await screen.press('ctrl+s');
  await screen.sees('> ( Deploy )  Read-only: press W to allow changes.');
  await screen.press('W');
  await screen.sees('> [ Deploy ]  checked');
  await screen.press('W');
  await screen.sees('> ( Deploy )  Read-only: press W to allow changes.');
});

test('until the cluster is open nothing is said of what one may do there', async () => {
  const opened = Promise.withResolvers<void>();
  const foundry = createFoundry({
    open: async () => {
      await opened.promise;
      return (await lab.foundry().site(undefined)).cluster;
    },
    installer: { name: 'nobody', ready: async () => ({ ok: true }), carryOut: async () => {} },
    protect: [],
  });
  screen = openScreen(foundry);
  await screen.sees('Opening the cluster');
  expect(screen.text()).not.toContain('READ-');
  await screen.press('W');
  opened.resolve();
  await screen.sees('phi');
  expect(screen.text()).not.toContain('READ-');
});
