import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { deleteDeployment } from '../../src/tools/delete-deployment.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { scaleDeployment } from '../../src/tools/scale-deployment.ts';
import { startWorkbench, type Workbench } from '../support/sandbox.ts';
import { soon } from '../support/soon.ts';
import { openScreen, type Screen, type ScreenOptions } from '../support/terminal.ts';

let bench: Workbench;
let screen: Screen;

beforeAll(async () => {
  bench = await startWorkbench({ speed: 300 });
  const asked = { model: 'Qwen/Qwen3-0.6B', wait: true };
  await Promise.all([
    bench.data(deployModel, { ...asked, name: 'chat', runtime: 'dynamo' }),
    bench.data(deployModel, { ...asked, name: 'code', runtime: 'kuberay' }),
    bench.data(deployModel, { ...asked, name: 'split', runtime: 'dynamo', mode: 'disaggregated' }),
  ]);
});
afterAll(() => bench.stop());
beforeEach(() => bench.sandbox.api.clearRequests());
afterEach(() => screen.stop());

const open = async (options?: ScreenOptions) => {
  screen = openScreen(bench.foundry, options);
  await screen.sees(/^> {2}chat .* Running +1\/1/m);
  await screen.sees(/^ {3}code .* Running/m);
  await screen.sees(/^ {3}split .* Running +2\/2/m);
};

const changes = () => bench.requests().filter(({ method, path }) => method !== 'GET' && !path.includes('/apis/author'));

test('s asks for the number of replicas, shows the plan and scales; the list shows it, and @ what it was', async () => {
  await open();
  await screen.press('s');
  await screen.sees('Scale a deployment: dynamo-system/chat');
  await screen.sees(/replicas 1 +now 1; 0 stops it/);
  // What stands there already gives way to what is typed.
  await screen.press('2', 'enter');
  await screen.sees('worker 1 → 2');
  await screen.sees('Carry it out?');
  expect(changes().filter(({ query }) => !query.includes('dryRun'))).toEqual([]);
  await screen.press('y');
  await screen.sees('scaled (worker 1 → 2)');
  await screen.sees(/chat .* Running +2\/2/);
  await screen.press('@');
  await screen.sees('The last action: Scale a deployment  done');
  expect(screen.text().replaceAll(/\n */g, '')).toContain(
    '"name":"chat","namespace":"dynamo-system","runtime":"dynamo"',
  );
  await screen.sees('"replicas":2');
  await screen.press('space');
  await screen.sees('# Scale DynamoGraphDeployment dynamo-system/chat');
  await screen.press('escape', 's', 'backspace', '1', 'enter');
  await screen.sees('worker 2 → 1');
  await screen.press('y');
  await screen.sees(/chat .* Running +1\/1/);
});

test('@ shows the command of ours, and after a change the steps of it; none is a command that could not be run', async () => {
  onTestFinished(async () => {
    await bench.data(scaleDeployment, { name: 'code', replicas: 1, wait: true });
  });
  await open({ rows: 60 });
  await screen.press('j', 's', 'backspace', '2', 'enter');
  await screen.sees('Carry it out?');
  await screen.sees('1. Scale RayService kuberay-system/code');
  await screen.seesNot(/\.json|\.yaml/);
  await screen.press('n', 'x');
  await screen.sees(/^ +kubectl --context kubefoundry-sandbox delete rayservice\.ray\.io code .*\\$/m);
  await screen.press('n', 's', 'backspace', '2', 'enter');
  await screen.sees('Carry it out?');
  await screen.press('y');
  await screen.sees('scaled (');
  await screen.press('@');
  await screen.sees(/kubefoundry scale code --namespace kuberay-system --runtime kuberay .*\\\n +--replicas 2/);
  await screen.sees(/^ +# Scale RayService kuberay-system\/code$/m);
  await screen.press('escape');
  // A restart is refused as long as the change before it is under way.
  await screen.sees(/^> {2}code .* Running +2\/2/m);
  await screen.press('r');
  await screen.sees('Carry it out?');
  await screen.press('n', '@');
  await screen.sees('kubefoundry restart code');
  await screen.sees(/^ +# Restart RayService kuberay-system\/code$/m);
  await screen.seesNot(/\.json|\.yaml|\[redacted\]/);
});

test('on the tab of pods their names are told apart, and copied', async () => {
  await open();
  await screen.press('j', 'enter', 'p');
  await screen.resize(60, 16);
  await screen.sees(/^ +code-\S+~\S+-\w{5} /m);
  await screen.press('y');
  await screen.sees('Copy of code');
  await screen.sees(/^ > pod name +code-\S+-\w{5}$/m);
  await screen.press('enter');
  await screen.sees('Copied the pod name of code.');
});

test('what is no number of replicas gets the sentence of the tool, and Esc changes nothing', async () => {
  await open();
  await screen.press('s', 'backspace', 'x', 'enter');
  await screen.sees('replicas: "x" is no number.');
  await screen.press('backspace', '9', '9', '9', '9');
  await screen.seesNot('is no number');
  await screen.press('enter');
  await screen.sees('replicas: 9999 is too big: at most 1000.');
  await screen.press('ctrl+u', 'enter');
  await screen.sees('replicas is required.');
  await screen.press('escape');
  await screen.sees(/row 1\/3/);
  expect(changes()).toEqual([]);
});

test('where prefill and decode are apart the role is chosen first, and its own number stands there', async () => {
  await open({ columns: 160, rows: 50 });
  await screen.press('G', 's');
  await screen.sees('Scale a deployment: dynamo-system/split: role?');
  await screen.seesNot(/^[ >]+worker/m);
  await screen.type('deco\r');
  await screen.sees('Scale a deployment: dynamo-system/split, decode');
  await screen.sees(/replicas 1 +now 1; 0 stops it/);
  await screen.press('backspace', '2', 'enter');
  await screen.sees('decode 1 → 2');
  await screen.press('n');
  await screen.sees('not done, nothing was changed');
  expect(screen.text()).toMatch(/^> {2}split .* 2\/2 /m);
});

test('marked deployments are scaled by one question, and the menu then offers only what changes', async () => {
  await open({ columns: 160, rows: 50 });
  await screen.press('space', 'space', 'a');
  await screen.sees('Actions on 2 deployments');
  await screen.seesNot('Logs of a deployment');
  await screen.type('scale\r');
  await screen.sees('Scale a deployment: 2 deployments');
  await screen.press('backspace', '0', 'enter');
  await screen.sees('2 at once');
  await screen.sees('dynamo-system/chat in context kubefoundry-sandbox: worker 1 → 0');
  await screen.sees('kuberay-system/code in context kubefoundry-sandbox: all worker replicas → 0');
  await screen.press('n');
  await screen.sees('not done, nothing was changed');
});

test('the menu offers every tool for the deployment, also in its detail, and a restart shows its plan first', async () => {
  await open({ rows: 40 });
  await screen.press('enter');
  await screen.sees('[o overview]');
  await screen.press('a');
  for (const title of ['Diagnose', 'Logs of', 'Metrics of', 'Ask', 'Scale', 'Restart', 'Delete'])
    await screen.sees(`${title} a deployment`);
  await screen.press('escape', 'r');
  await screen.sees('Restart a deployment in context');
  await screen.press('n');
  await screen.sees('not done, nothing was changed');
});

test('[plan 4] metrics are those of the deployment, on either runtime, on a page that is asked for again with a key', async () => {
  await open();
  await screen.press('j', 'm');
  await screen.sees(/── Metrics of a deployment: kuberay-system\/code, at /);
  await screen.sees(/^ requests so far +0 +since start/m);
  await screen.press('q', 'k');
  await screen.press('m');
  await screen.sees(/── Metrics of a deployment: dynamo-system\/chat, at \d\d:\d\d:\d\d ──/);
  await screen.sees(/^ requests so far +0 +since start/m);
  const scrapes = () => bench.requests().filter(({ path }) => path.includes('/metrics')).length;
  const before = scrapes();
  await screen.press('r');
  await vi.waitFor(() => expect(scrapes()).toBeGreaterThan(before), soon);
  await screen.press('q');
  await screen.sees('row 1/3');
});

test('the commands of a page name the cluster, and a key copies them whole; those of a sandbox of its own say so', async () => {
  const asked = { name: 'zz', runtime: 'kuberay', model: 'Qwen/Qwen3-0.6B', replicas: 90 } as const;
  await bench.data(deployModel, asked);
  onTestFinished(async () => {
    await bench.data(deleteDeployment, { name: asked.name });
  });
  await open({ isPrivate: true, rows: 40 });
  await screen.sees(/^ {3}zz .* Pending/m);
  await screen.press('G', 'm');
  await screen.sees(/Why it is Pending: kubefoundry diagnose zz .*\n.* --context kubefoundry-sandbox/);
  await screen.sees('This sandbox is private to this dashboard');
  await screen.press('y');
  await screen.sees(/^ > kubefoundry diagnose +kubefoundry diagnose zz/m);
  await screen.press('enter');
  await screen.sees('Copied: kubefoundry diagnose zz');
  await screen.sees('Metrics of a deployment: kuberay-system/zz');
  const copied = screen.written().split(']52;c;')[1]?.split('\u0007')[0] ?? '';
  expect(Buffer.from(copied, 'base64').toString()).toBe(
    'kubefoundry diagnose zz --namespace kuberay-system --runtime kuberay --context kubefoundry-sandbox',
  );
});

test('what cannot be answered is said on the page, and closing it ends the call', async () => {
  await open();
  const mend = bench.sandbox.api.faults.add({
    match: { path: /dynamographdeployments\/chat/, user: 'kubernetes-admin' },
    action: { kind: 'status', status: 403 },
  });
  await screen.press('m');
  await screen.sees(/^ FORBIDDEN: /m);
  mend();
  const begun = vi.fn();
  const ended = vi.fn();
  bench.sandbox.api.setPodBackend({
    logs: () => undefined,
    async proxy(_pod, { signal }) {
      begun();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      ended();
      return undefined;
    },
  });
  await screen.press('r');
  await vi.waitFor(() => expect(begun).toHaveBeenCalled(), soon);
  await screen.press('escape');
  await vi.waitFor(() => expect(ended).toHaveBeenCalledTimes(begun.mock.calls.length), soon);
});
