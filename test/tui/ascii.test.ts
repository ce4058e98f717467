import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { startWorkbench, type Workbench } from '../support/sandbox.ts';
import { openScreen, type Screen, type ScreenOptions } from '../support/terminal.ts';

let bench: Workbench;
let screen: Screen;

beforeAll(async () => {
  bench = await startWorkbench({ scenario: 'both', failures: [{ match: 'broken', kind: 'image-pull' }] });
  await bench.data(deployModel, { runtime: 'dynamo', name: 'broken', model: 'Qwen/Qwen3-0.6B' });
});
afterAll(() => bench.stop());
afterEach(() => screen.stop());

const open = async (options: ScreenOptions = {}) => {
  screen = openScreen(bench.foundry, { theme: 'ascii', ...options });
  await screen.sees(/broken +dynamo-system +DYN +Qwen3-0.6B +Failed/);
};

/** What was ever written to the terminal beside ASCII. What the sandbox says is ASCII. */
const others = (): readonly string[] => screen.written().match(/.{0,20}[^\0-~].{0,20}/g) ?? [];

test('the ASCII theme writes nothing but ASCII on lists, details and pages', async () => {
  await open();
  await screen.sees('WHY broken');
  await screen.press('S');
  await screen.sees('Sort by');
  await screen.press('escape');
  await screen.seesNot('Sort by');
  await screen.press('enter', 'p');
  await screen.sees('RESTARTS');
  await screen.press('e');
  await screen.sees(/Failed x\d/);
  await screen.press('Y');
  await screen.sees(/\.\. \d+ more rows/);
  await screen.press('a');
  await screen.sees('Actions on broken');
  await screen.type('diagnose\r');
  await screen.sees(/, at \d\d:/);
  await screen.press('escape', 's');
  await screen.sees('Scale');
  await screen.press('escape', 'x');
  await screen.sees('Carry it out?');
  await screen.press('n');
  await screen.sees('not done');
  await screen.press('@');
  await screen.sees('The last action');
  await screen.press('escape', '?');
  await screen.sees('more rows');
  await screen.press('escape');
  expect(others()).toEqual([]);
});

test('nor does it on the form, the runtimes and whatever is chosen from', async () => {
  await open({ contexts: async () => [{ name: 'here', current: true }] });
  await screen.press('d');
  await screen.sees('engine arguments..');
  await screen.type('qwen-2');
  await screen.press('tab', 'tab', 'tab');
  await screen.type('Qwen/Qwen3-0.6B');
  await screen.sees('checked');
  await screen.press('ctrl+p');
  await screen.sees('apiVersion');
  await screen.press('ctrl+p', 'ctrl+s', '1');
  await screen.sees('HEALTHY');
  await screen.press('enter');
  await screen.sees('[1 Runtimes]');
  await screen.press('U');
  await screen.sees('Upgrade');
  await screen.press('escape', 'n');
  await screen.sees('kuberay-system');
  await screen.press('escape', ':', 'escape', 'c');
  await screen.sees('here  ');
  await screen.press('escape');
  await screen.seesNot('Contexts');
  await screen.press('ctrl+r');
  await screen.sees('Reading again..');
  expect(others()).toEqual([]);
});

test('on a wide terminal, where list and detail stand side by side, columns keep their places', async () => {
  await open({ columns: 160, rows: 40 });
  await screen.press('d');
  await screen.sees('engine arguments..');
  const bars = screen.rows().flatMap((row) => (row.includes('|') ? [row.indexOf('|')] : []));
  expect(new Set(bars).size).toBe(1);
  expect(others()).toEqual([]);
});
