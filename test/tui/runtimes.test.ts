import { afterEach, expect, test } from 'vitest';
import type { ScenarioName } from '../../src/sandbox/scenarios/scenario.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { startWorkbench, type Workbench } from '../support/sandbox.ts';
import { openScreen, type Screen, type ScreenOptions } from '../support/terminal.ts';

let bench: Workbench;
let screen: Screen;

const open = async (
  scenario: ScenarioName,
  { speed, ...options }: ScreenOptions & { readonly speed?: number } = {},
) => {
  bench = await startWorkbench({ scenario, ...(speed !== undefined && { speed }) });
  screen = openScreen(bench.foundry, { place: { screen: 'runtimes' }, ...options });
  await screen.sees('reachable, Kubernetes v1.');
};

afterEach(async () => {
  await screen.stop();
  await bench.stop();
});

test('[plan 3] every runtime stands there with its own state, and one that is missing is installed from here', async () => {
  await open('kuberay');
  expect(screen.rowWith('NVIDIA Dynamo  ')).toMatch(/^> {2}NVIDIA Dynamo +NOT INSTALLED +- +- .*dynamo-system +0$/);
  expect(screen.rowWith('KubeRay  ')).toMatch(/KubeRay +HEALTHY +1\.7\.0 +1\/1 .*kuberay-system +0$/);

  await screen.press('enter');
  await screen.sees('By hand');
  await screen.sees(/^ {3}helm --kube-context kubefoundry-sandbox upgrade .*\\$/m);
  await screen.press('i');
  await screen.sees('Carry it out?');
  await screen.sees('Install Dynamo 1.6.1');
  await screen.press('y');
  await screen.sees(/NVIDIA Dynamo {2}HEALTHY {2}1\.6\.1/);
  expect(screen.rowWith('Install or upgrade a runtime')).toContain('done');
  await screen.press('q');
  await screen.sees(/NVIDIA Dynamo +HEALTHY/);
});

test('[plan 3] an upgrade asks for the version, shows its plan, and leaves the other runtime alone', async () => {
  await open('legacy', { columns: 120, rows: 40 });
  const other = screen.rowWith('KubeRay  ');
  await screen.press('U');
  await screen.sees(/Upgrade NVIDIA Dynamo to version, now 1\.1\.1/);
  await screen.sees(/> +1\.2\.1 +needs Kubernetes 1\.30\./);
  await screen.seesNot(/^ +(?:1\.0\.2|1\.3\.1) /m);
  await screen.press('enter');
  await screen.sees(/Carry it out\?/);
  await screen.sees(/Upgrade Dynamo.* 1\.2\.1/);
  await screen.press('n');
  await screen.sees('not done');
  await screen.press('U', 'enter');
  await screen.sees(/Carry it out\?/);
  await screen.press('y');
  await screen.sees(/NVIDIA Dynamo +HEALTHY +1\.2\.1/);
  expect(screen.rowWith('KubeRay  ')).toBe(other);
});

test('a version that is not among the known ones can be typed', async () => {
  await open('both');
  await screen.press('j', 'U');
  await screen.sees('Upgrade KubeRay to version');
  await screen.type('9.9.9\r');
  await screen.sees('KubeFoundry does not know KubeRay 9.9.9');
  await screen.press('n');
});

test('uninstalling names what would stop, and declining leaves everything', async () => {
  await open('both');
  await screen.press('X');
  await screen.sees('Carry it out?');
  await screen.press('escape');
  await screen.sees('not done, nothing was changed');
  expect(screen.rowWith('NVIDIA Dynamo  ')).toContain('HEALTHY');
  await screen.press('j');
  await screen.seesNot('not done');
});

test('of the newest version that is known no upgrade is offered; Enter says so', async () => {
  await open('both');
  await screen.press('U');
  await screen.sees(/Upgrade NVIDIA Dynamo to version +now 1\.6\.1, the newest known$/m);
  await screen.press('enter');
  await screen.sees('NVIDIA Dynamo 1.6.1 is the newest version that is known.');
});

test('while a runtime is being changed nothing else is begun there; stopped half-way, it says how far it came', async () => {
  await open('empty', { speed: 0.2 });
  await screen.press('i');
  await screen.sees('Carry it out?');
  await screen.press('y');
  await screen.sees(/running, step [4-9] of /);
  for (const key of ['i', 'U', 'X']) {
    await screen.press(key);
    await screen.sees('Install or upgrade a runtime: NVIDIA Dynamo is being changed; Ctrl-X stops it.');
    await screen.seesNot('Carry it out?');
  }
  await screen.press('ctrl+x');
  await screen.sees(/Install or upgrade a runtime {2}stopped half-way/);
  await screen.sees(/Cancelled at step \d of \d/);
  await screen.press('@');
  await screen.sees(/The last action: Install or upgrade a runtime +stopped/);
});

test('what an uninstallation leaves is called that: i installs again, X deletes the CRDs', async () => {
  await open('kuberay');
  await screen.press('j', 'X');
  await screen.sees('Carry it out?');
  await screen.press('y');
  await screen.sees(/^> {2}KubeRay +PARTIAL/m);
  await screen.sees('Only CRDs are left of it: i installs it again, X deletes the CRDs.');
  expect(screen.text().replaceAll(/\s+/g, ' ')).toContain('An uninstallation leaves CRDs on purpose');
  await screen.press('enter');
  await screen.sees('Only CRDs are left of it: i installs it again, X deletes the CRDs.');
  await screen.press('X');
  await screen.sees('Carry it out?');
  await screen.sees(/Delete the CRDs of KubeRay/);
  await screen.press('y');
  await screen.sees(/KubeRay {2}NOT INSTALLED/);
});

test('what an operator that is gone left running is no mere CRDs', async () => {
  await open('kuberay');
  await bench.data(deployModel, { runtime: 'kuberay', model: 'Qwen/Qwen3-0.6B', name: 'left' });
  const { cluster } = await bench.foundry.site(undefined);
  await cluster.delete(
    { group: 'apps', kind: 'Deployment' },
    { namespace: 'kuberay-system', name: 'kuberay-operator' },
  );
  await screen.press('j', 'enter');
  await screen.sees(/used by +1 deployment$/m);
  await screen.press('ctrl+r');
  await screen.sees('1 deployment is left with the CRDs: i installs it again for them, X deletes');
  await screen.seesNot('Only CRDs');
});

test.each([
  ['the detail', ['enter'], { columns: 80, rows: 24 }],
  ['the list', [], { columns: 80, rows: 24 }],
  ['the list of a small terminal', [], { columns: 60, rows: 16 }],
])('the step that runs is seen in %s', async (_, keys, size) => {
  await open('legacy', { ...size, speed: 5 });
  await screen.press(...keys, 'U', 'enter');
  await screen.sees(/Carry it out\?/);
  await screen.press('y');
  await screen.sees(/running, step 6 of 7\n(?:.*\n){1,9} {3}> Wait/);
});

test('an upgrade to what is there has nothing to do, and says that', async () => {
  await open('both');
  await screen.press('enter', 'i');
  await screen.sees(/^ Install or upgrade a runtime {2}nothing to do/m);
});

test('of many users ten are named, and the others counted; the operator keeps its count', async () => {
  await open('both', { rows: 50 });
  const names = Array.from({ length: 13 }, (_, at) => `m${at}`);
  const ask = { runtime: 'dynamo', model: 'Qwen/Qwen3-0.6B' } as const;
  await Promise.all(names.map((name) => bench.data(deployModel, { ...ask, name })));
  await screen.press('enter');
  await screen.sees(/used by +13 deployments/);
  await screen.sees(/^ +and 3 more$/m);
  expect(screen.rowWith(' operator ')).toMatch(/operator +1\/1 ready,/);
  expect(screen.text()).toMatch(/^ +dynamo-system\/dynamo-platform-\S+-manager$/m);
});

test('a cluster that does not accept the credentials was reached: one logs in again', async () => {
  bench = await startWorkbench({ scenario: 'both' });
  bench.sandbox.api.faults.add({ match: { path: /./ }, action: { kind: 'status', status: 401 } });
  screen = openScreen(bench.foundry, { place: { screen: 'runtimes' } });
  await screen.sees(/^ cluster \S+ {2}does not accept our credentials$/m);
  expect(screen.text().replaceAll(/\s+/g, ' ')).toContain('Log in to the cluster again, or renew');
  await screen.seesNot('Check the connection');
  await screen.press('2');
  await screen.sees(/\[2 Deployments\] {2}\?/);
});

test('who uses it is unknown where the cluster cannot be asked', async () => {
  bench = await startWorkbench({ scenario: 'both' });
  bench.sandbox.api.faults.add({ match: { path: /./ }, action: { kind: 'status', status: 503 } });
  screen = openScreen(bench.foundry, { place: { screen: 'runtimes' } });
  await screen.sees('Which deployments use it is not known');
  await screen.seesNot('No deployment uses it.');
  await screen.press('enter');
  await screen.sees(/used by +unknown/);
});
