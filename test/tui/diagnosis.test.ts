import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { startWorkbench, type Workbench } from '../support/sandbox.ts';
import { openScreen, type Screen, type ScreenOptions } from '../support/terminal.ts';

const fix =
  'kubefoundry scale two --namespace kuberay-system --runtime kuberay --replicas 2 --context kubefoundry-sandbox';
let bench: Workbench;
let screen: Screen;

/** Its RayCluster is left behind by the second call. */
beforeAll(async () => {
  bench = await startWorkbench({ scenario: 'kuberay', speed: 300 });
  const asked = { runtime: 'kuberay', name: 'two', model: 'Qwen/Qwen3-0.6B' } as const;
  await bench.data(deployModel, { ...asked, wait: true });
  await bench.data(deployModel, { ...asked, replicas: 2, replace: true });
});
afterAll(() => bench.stop());
afterEach(() => screen.stop());

const open = (options?: ScreenOptions) => {
  screen = openScreen(bench.foundry, options);
};
/** What stands in the rows that are wide enough for it to be cut into several, as one text. */
const words = (from = 0) =>
  screen
    .rows()
    .map((row) => row.slice(from).trim())
    .join(' ')
    .replaceAll(/\s+/g, ' ');

test('the WHY line names the key that shows the fix where there is no room for all of it', async () => {
  open();
  await screen.sees(/ WHY two: Deploying, CLUSTER_NOT_SCALED: RayService asks for 2 workers, its/);
  await screen.sees('Enter shows the fix.');
  expect(screen.text()).not.toContain('kubefoundry scale');
  await screen.press('enter');
  await screen.sees(/^ cause +CLUSTER_NOT_SCALED: RayService asks for 2 workers, its RayCluster/m);
  expect(words()).toContain(`fix ${fix} evidence`);
});

test('the detail beside the list tells the diagnosis first, with the whole fix', async () => {
  open({ columns: 160, rows: 30 });
  await screen.sees(/│ {2}cause +CLUSTER_NOT_SCALED: RayService asks for 2/);
  const at = screen.rowWith('cause').indexOf('cause');
  expect(words(at)).toContain(`fix ${fix} evidence`);
});

test('a key and a name diagnose at once, in the list and in the detail', async () => {
  open();
  await screen.sees(/^> {2}two/m);
  for (const key of ['escape', 'enter']) {
    await screen.press(key, '!');
    await screen.sees(/Diagnose a deployment: kuberay-system\/two, at/);
    expect(words()).toContain('1. CLUSTER_NOT_SCALED: RayService asks for 2 workers');
    expect(words()).toContain(`fix: ${fix}`);
    await screen.press('escape');
  }
  await screen.type(':diagnose\r');
  await screen.sees(/Diagnose a deployment: kuberay-system\/two, at/);
});
