import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Lab, startLab } from '../support/lab.ts';
import { openScreen, type Screen, type ScreenOptions } from '../support/terminal.ts';

let lab: Lab;
let screen: Screen;

const deploy = async (runtime: string, name: string) => {
  const result = await lab.call('deploy_model', { runtime, name, model: 'Qwen/Qwen3-0.6B' });
  if (!result.ok) throw result.error;
};
const remove = async (name: string) => {
  const result = await lab.call('delete_deployment', { name });
  if (!result.ok) throw result.error;
};

beforeEach(async () => {
  lab = await startLab();
  for (const name of ['ant', 'bee', 'cat']) await deploy('dynamo', name);
});
afterEach(async () => {
  await screen.stop();
  await lab.stop();
});

/** What the operator says of a deployment. */
const report = (name: string, state: string) =>
  lab.setStatus(
    {
      apiVersion: 'nvidia.com/v1beta1',
      kind: 'DynamoGraphDeployment',
      metadata: { name, namespace: 'dynamo-system' },
    },
    { state },
  );

const open = async (options?: ScreenOptions) => {
  screen = openScreen(lab.foundry(), options);
  await screen.sees('row 1/3');
  await screen.sees(/^> {2}ant/m);
};

test('a mark belongs to the deployment: it goes with it, and another one of the same name is born without', async () => {
  await open();
  await screen.press('space');
  await screen.sees('1 marked  sort:name  row 2/3');
  await remove('ant');
  await screen.sees(/ sort:name {2}row 1\/2/);
  await screen.seesNot('marked');
  await deploy('dynamo', 'ant');
  await screen.sees(/^ {3}ant/m);
  await screen.press('x');
  await screen.sees(/Delete DynamoGraphDeployment dynamo-system\/bee/);
  await screen.press('n');
});

test('a deployment that is made anew while one looks elsewhere is another one', async () => {
  await open();
  const made = Date.now();
  await screen.press('space', '1');
  await screen.sees('[1 Runtimes]');
  // The API server's times are in seconds.
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(made + 1_000), 5_000);
  await remove('ant');
  await deploy('dynamo', 'ant');
  await screen.press('2');
  await screen.sees(/^ {3}ant/m);
  await screen.sees('sort:name');
  expect(screen.text()).not.toContain('marked');
});

test('an action takes what is marked, also what the filter hides, and says what that is', async () => {
  await open();
  await screen.press('space', 'space');
  await screen.sees('2 marked  sort:name  row 3/3');
  await screen.type('/cat\r');
  await screen.sees('2 marked, hidden by the filter  sort:name  row 1/1');
  await screen.press('s');
  await screen.sees('Scale a deployment: 2 deployments (dynamo-system/ant, dynamo-system/bee)');
  await screen.press('escape', 'a');
  await screen.sees('Actions on 2 deployments (ant, bee)');
  await screen.press('escape', 'x');
  await screen.sees(
    /2 at once:\n None of them is shown: the filter hides them\.\n.*dynamo-system\/ant.*\n(.*\n)*.*bee/,
  );
  await screen.press('n', 'space', 'x');
  await screen.sees(/3 at once:\n 2 of them are not shown: the filter hides them\.\n/);
  await screen.press('n');
  await screen.sees('3 marked, 2 hidden by the filter  sort:name  row 1/1');
  await screen.press('/', 'ctrl+u');
  await screen.type('nothing\r');
  await screen.sees('3 marked, hidden by the filter  sort:name  row 0/0');
  await screen.press('x');
  await screen.sees('3 at once');
  await screen.press('n');
  await screen.sees('not done, nothing was changed.');
  await screen.press('escape');
  await screen.sees(/^ 3 marked {2}sort:name {2}row \d\/3/m);
  await screen.press('escape');
  await screen.sees(/^ sort:name {2}row \d\/3/m);
});

test('marking all that is shown keeps what is marked and hidden; once more unmarks all', async () => {
  await open();
  await screen.press('space');
  await screen.type('/bee\r');
  await screen.press('A');
  await screen.sees('2 marked, 1 hidden by the filter');
  await screen.press('A');
  await screen.sees(/^ sort:name {2}row 1\/1/m);
});

test('how many are marked stands beside what just happened, and that goes with the next key', async () => {
  await open({ columns: 60, rows: 16 });
  await screen.press('space', 'x');
  await screen.sees('Carry it out?');
  await screen.press('n');
  await screen.sees(/^ Delete a deployment: not done, nothing was .* 1 marked$/m);
  await screen.press('A');
  await screen.sees(/^ 3 marked {2}sort:name {2}row 2\/3/m);
  await screen.press('x');
  await screen.sees(/3 at\s+once/);
  await screen.press('n');
  await screen.sees(/not done, nothing was .* 3 marked$/m);
  await screen.press('escape');
  await screen.sees(/^ sort:name {2}row 2\/3/m);
});

test('an action takes the row that one is on, whatever comes before it or takes its place', async () => {
  await open();
  await screen.press('f');
  await screen.sees(/Deployments\] .* faults only/);
  await deploy('dynamo', 'aardvark');
  await screen.sees(/^ {3}aardvark/m);
  await screen.sees(/^> {2}ant/m);
  await screen.press('s');
  await screen.sees('Scale a deployment: dynamo-system/ant');
  await remove('ant');
  await screen.seesNot(/^> {2}ant/m);
  await screen.sees('Scale a deployment: dynamo-system/ant');
  await screen.press('escape');
  await screen.sees(/^> {2}bee/m);
  await deploy('dynamo', 'ant');
  await screen.sees(/^ {3}ant/m);
  await screen.sees(/^> {2}bee/m);
  await screen.press('s');
  await screen.sees('Scale a deployment: dynamo-system/bee');
});

test('where the row that one is on leaves the filter, the action takes the one that is then seen under the cursor', async () => {
  await open();
  await screen.type('/phase=Pending\rj');
  await screen.sees(/^> {2}bee/m);
  await report('bee', 'failed');
  await screen.sees(/^> {2}cat/m);
  await screen.press('s');
  await screen.sees('Scale a deployment: dynamo-system/cat');
  await report('bee', 'pending');
  await screen.sees(/^ {3}bee/m);
  await screen.sees(/^> {2}cat/m);
  await screen.press('backspace', '2', 'enter');
  await screen.sees('Scale DynamoGraphDeployment dynamo-system/cat');
  await screen.press('n');
});

test('the row that one is on is deleted without a word about what is hidden, a mark that the filter hides is named', async () => {
  await open();
  await screen.type('/cat\r');
  await screen.press('x');
  await screen.sees(/Delete DynamoGraphDeployment dynamo-system\/cat/);
  expect(screen.text()).not.toContain('hides');
  await screen.press('n', 'escape', 'g', 'space');
  await screen.type('/cat\r');
  await screen.press('x');
  await screen.sees(/It is not shown: the filter hides it\.\n/);
  await screen.sees(/Delete DynamoGraphDeployment dynamo-system\/ant/);
  await screen.press('n');
});

test('what was done to several at once is shown as the commands for all of them', async () => {
  await open({ rows: 60 });
  await screen.press('A', 'x');
  await screen.sees('3 at once');
  await screen.press('y');
  await screen.sees('all 3 done');
  await screen.press('@');
  await screen.sees('The last action: Delete a deployment  3 at once: done');
  for (const name of ['ant', 'bee', 'cat']) {
    expect(screen.text()).toMatch(new RegExp(`^ {3}kubefoundry delete ${name} `, 'm'));
    expect(screen.text()).toMatch(new RegExp(`\\{"name":"delete_deployment","arguments":\\{"name":"${name}"`));
    expect(screen.text()).toMatch(new RegExp(`dynamographdeployment\\.nvidia\\.com ${name} --namespace`));
  }
});

test('no question is asked any more once n was pressed while it was being planned', async () => {
  await open();
  lab.api.faults.add({
    match: { method: 'GET', path: /dynamographdeployments\/ant/ },
    action: { kind: 'delay', milliseconds: 60_000 },
  });
  await screen.press('x');
  await screen.sees('Delete a deployment: looking …');
  await screen.press('n');
  await screen.sees('Delete a deployment: not done, nothing was changed.');
  await screen.press('j');
  await screen.sees(/^> {2}bee/m);
});
