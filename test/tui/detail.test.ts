import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { missingLines } from '../../src/tui/deployments/detail-lines.ts';
import { startWorkbench, type Workbench } from '../support/sandbox.ts';
import { openScreen, type Screen } from '../support/terminal.ts';

let bench: Workbench;
let screen: Screen;

beforeAll(async () => {
  bench = await startWorkbench({ scenario: 'both', failures: [{ match: 'broken', kind: 'image-pull' }] });
  await bench.data(deployModel, { runtime: 'dynamo', name: 'qwen', model: 'Qwen/Qwen3-0.6B' });
  await bench.data(deployModel, { runtime: 'kuberay', name: 'broken', model: 'Qwen/Qwen3-0.6B' });
});
afterAll(() => bench.stop());
afterEach(() => screen.stop());

test('[plan 4] a deployment is followed live, with its runtime, until it runs: roles with their pods, events, endpoint', async () => {
  screen = openScreen(bench.foundry, { columns: 100, rows: 30 });
  await screen.sees(/qwen +dynamo-system +DYN +Qwen3-0\.6B +Running +1\/1/);
  await screen.press('j', 'enter');
  await screen.sees('[o overview]');
  await screen.sees('dynamo-system/qwen  DYN  Running');
  await screen.sees(/endpoint +http:\/\/qwen-frontend\.dynamo-system:8000\/v1/);
  expect(screen.text()).toMatch(/^ frontend {2}1\/1\n {3}qwen-frontend-\S+ +ready/m);
  expect(screen.text()).toMatch(/^ worker {2}1\/1 {2}1 GPU each\n {3}qwen-worker-\S+ +ready/m);
  await screen.press('tab');
  await screen.sees(/POD +ROLE +STATE +RESTARTS +NODE +AGE/);
  await screen.press('e');
  await screen.sees(/Scheduled {2}Pod\/qwen-worker/);
  await screen.press('Y');
  await screen.sees('app.kubernetes.io/managed-by: kubefoundry');
});

test('only a list that could be read tells that something is gone, and what was made a moment ago is waited for', () => {
  const zzz = { name: 'zzz', namespace: 'team', runtime: 'kuberay' } as const;
  const words = (state: 'connecting' | 'live', isNew: boolean) => {
    const runtimes = [{ runtime: zzz.runtime, state, since: new Date(), unread: [] }];
    return missingLines(zzz, { deployments: [], runtimes }, isNew)
      .flatMap(({ spans }) => spans.map(({ text }) => text))
      .join('');
  };
  expect(words('connecting', true)).toContain('Reading the cluster');
  expect(words('connecting', false)).toContain('Reading the cluster');
  expect(words('live', true)).toContain('zzz was created, and the list shows it in a moment');
  expect(words('live', false)).toContain('zzz is not there (any more)');
});

test('what does not run says why in one sentence', async () => {
  screen = openScreen(bench.foundry);
  await screen.sees(/^ WHY broken: .*ImagePull/m);
});

test('whoever changes the size of the terminal goes on watching what there is: nothing is read anew, and nothing is called gone', async () => {
  screen = openScreen(bench.foundry, { columns: 100, rows: 30 });
  await screen.sees(/qwen +dynamo-system +DYN +Qwen3-0\.6B +Running +1\/1/);
  await screen.press('enter', 'p');
  await screen.sees(/POD +ROLE +STATE/);
  bench.sandbox.api.clearRequests();
  for (const columns of [99, 60, 120, 100]) {
    await screen.resize(columns, 30);
    expect(screen.text()).toMatch(/^ +POD +/m);
    await screen.press('y');
    expect(screen.text()).toContain('Copy of');
    await screen.press('escape');
    expect(screen.text()).not.toContain('is not there');
  }
  expect(bench.requests().filter(({ path }) => path.includes('watch=') && path.includes('sendInitialEvents'))).toEqual(
    [],
  );
  expect(bench.requests().filter(({ path }) => /\/pods\?/.test(path))).toEqual([]);
});
