import { afterEach, expect, test } from 'vitest';
import { startWorkbench, type Workbench } from '../support/sandbox.ts';
import { openScreen, type Screen, type ScreenOptions } from '../support/terminal.ts';

let bench: Workbench;
let screen: Screen;

const open = async (scenario: 'empty' | 'both' | 'dynamo' | 'kuberay', options?: ScreenOptions) => {
  bench = await startWorkbench({ scenario });
  screen = openScreen(bench.foundry, { place: { screen: 'runtimes' }, ...options });
  await screen.sees('reachable, Kubernetes v1.');
};

afterEach(async () => {
  await screen.stop();
  await bench.stop();
});

test('every runtime stands there with its own state, and one that is missing is installed from here', async () => {
  await open('kuberay');
  expect(screen.rowWith('NVIDIA Dynamo  ')).toMatch(/^> {2}NVIDIA Dynamo +NOT INSTALLED +- +- .*dynamo-system +0$/);
  expect(screen.rowWith('KubeRay  ')).toMatch(/KubeRay +HEALTHY +1\.7\.0 +1\/1 .*kuberay-system +0$/);

  await screen.press('enter');
  await screen.sees('By hand');
  await screen.sees('helm upgrade');
  await screen.press('i');
  await screen.sees('Carry it out?');
  await screen.sees('Install Dynamo 1.6.1');
  await screen.press('y');
  await screen.sees(/NVIDIA Dynamo {2}HEALTHY {2}1\.6\.1/);
  expect(screen.rowWith('Install or upgrade a runtime')).toContain('done');
  await screen.press('q');
  await screen.sees(/NVIDIA Dynamo +HEALTHY/);
});

test('an upgrade asks for the version and shows its plan', async () => {
  await open('both', { columns: 160, rows: 50 });
  await screen.press('j', 'U');
  await screen.sees('Upgrade KubeRay to version');
  await screen.press('ctrl+u');
  await screen.type('9.9.9\r');
  await screen.sees(/NOT_SUPPORTED|INPUT_INVALID|9\.9\.9/);
});

test('uninstalling names what would stop, and declining leaves everything', async () => {
  await open('both');
  await screen.press('X');
  await screen.sees('Carry it out?');
  await screen.press('escape');
  await screen.sees('not done, nothing was changed');
  expect(screen.rowWith('NVIDIA Dynamo  ')).toContain('HEALTHY');
});
