import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { type Lab, operatorStatus, startLab } from '../support/lab.ts';
import { startWorkbench } from '../support/sandbox.ts';
import { openScreen, type Screen, type ScreenOptions } from '../support/terminal.ts';

let lab: Lab;
let screen: Screen;

const deploy = async (runtime: string, name: string, model: string, more = {}) => {
  const result = await lab.call('deploy_model', { runtime, name, model, ...more });
  if (!result.ok) throw result.error;
};

beforeAll(async () => {
  lab = await startLab();
  await deploy('dynamo', 'llama', 'meta-llama/Llama-3.1-8B-Instruct');
  await deploy('dynamo', 'qwen', 'Qwen/Qwen3-0.6B', { replicas: 2 });
  await deploy('kuberay', 'phi', 'microsoft/phi-4');
});
afterAll(() => lab.stop());
afterEach(() => screen.stop());

const open = async (options?: ScreenOptions) => {
  screen = openScreen(lab.foundry(), options);
  await screen.sees('llama');
  await screen.sees('phi');
};

test('[plan 4] one list shows the deployments of both runtimes with badge, model, phase, replicas and namespace', async () => {
  await open();
  expect(screen.rowWith('llama')).toMatch(/^> {2}llama +dynamo-system +DYN +Llama-3.1-8B.* +Pending +0\/1 +1 +\d+s/);
  expect(screen.rowWith('phi')).toMatch(/phi +kuberay-system +RAY +phi-4 +Pending/);
  expect(screen.rows()[0]).toMatch(/KubeFoundry {2}ctx: \S+ {2}ns: all {2,}DYN 1\.6\.1 OK {2}RAY 1\.7\.0 OK/);
  expect(screen.rows()[1]).toMatch(/\[2 Deployments\] {2}3 .* live$/);
});

test('keys that arrive together are keys of their own', async () => {
  await open();
  await screen.type('jj');
  await screen.sees(/^> {2}qwen/m);
  await screen.type('gj\r');
  await screen.sees('kuberay-system/phi');
  await screen.press('escape', 'S');
  await screen.sees('Sort by');
  await screen.type('\u001b\r');
  await screen.sees('kuberay-system/phi');
  await screen.type('\u001bS');
  await screen.sees('Sort by');
});

test('[plan 4] the filter, by runtime too, narrows the list while it is typed, and Esc takes it back', async () => {
  await open();
  await screen.type('/runtime:kuberay');
  await screen.seesNot('llama');
  await screen.press('enter');
  await screen.sees('/runtime:kuberay');
  await screen.press('escape');
  await screen.sees('llama');
  await screen.type('/runtime:kuberay phase!=Running');
  await screen.sees(/^\/runtime:kuberay phase!=Running$/m);
  await screen.press('escape');
  await screen.type('/phase!=Pending\r');
  await screen.sees('No deployment matches "phase!=Pending"; 3 are hidden.');
});

test('a filter that means nothing says so beside the input and in the list, and faults only is named as a cause', async () => {
  await open();
  await screen.type('/foo:bar');
  await screen.sees(/^\/foo:bar .*foo is no field, so it is looked for as text/m);
  await screen.press('enter');
  await screen.sees('In the filter: foo is no field, so it is looked for as text; fields:');
  await screen.press('escape', 'f');
  await screen.type('/phase:Running\r');
  await screen.sees('No deployment matches "phase:Running"; 3 are hidden. Esc clears the filter.');
  await screen.sees('Only those with faults are shown: f shows the others.');
  await screen.press('f');
  await screen.seesNot('Only those with faults');
  await screen.press('?');
  await screen.sees(/Deployments: behind a row\n +! +something is the matter with it/);
});

test('rows are sorted by any column, and the cursor stays on its deployment', async () => {
  await open();
  await screen.press('j', 'S');
  await screen.sees('Sort by');
  await screen.type('namesp\r');
  await screen.press('O');
  await screen.sees(/NAMESPACE ?↓/);
  expect(
    screen
      .rows()
      .filter((row) => /system/.test(row))
      .map((row) => row.slice(3, 9).trim()),
  ).toEqual(['phi', 'llama', 'qwen']);
  expect(screen.rowWith('phi')).toMatch(/^>/);
});

test('a detail has tabs, and on a wide terminal it stands beside the list', async () => {
  await open();
  await screen.press('enter');
  await screen.sees('[o overview]');
  await screen.press('Y');
  await screen.sees('kind: DynamoGraphDeployment');
  await screen.press('p');
  await screen.sees('No pods.');
  await screen.press('q');
  await screen.sees('RAY');
  await screen.resize(160, 50);
  await screen.sees(/│ +llama +DYN +Pending/);
  expect(screen.rowWith('replicas')).toContain('0 of 1 ready');
});

test('a deployment counts as gone only once the list has been read', async () => {
  const deployment = { namespace: 'kuberay-system', name: 'phi', runtime: 'kuberay' } as const;
  screen = openScreen(lab.foundry(), { place: { screen: 'deployment', deployment, tab: 'overview' } });
  await screen.sees(/phi {2}RAY {2}Pending/);
  expect(screen.written()).not.toContain('is not there');
  await screen.stop();
  const gone = { ...deployment, name: 'nothing' };
  screen = openScreen(lab.foundry(), { place: { screen: 'deployment', deployment: gone, tab: 'overview' } });
  await screen.sees('nothing is not there (any more). Esc goes back to the list.');
});

test('delete shows the plan, asks, and tells what came of it', async () => {
  await deploy('kuberay', 'zephyr', 'HuggingFaceH4/zephyr-7b-beta');
  await open();
  await screen.sees('zephyr');
  await screen.press('G', 'x');
  await screen.sees('Delete RayService kuberay-system/zephyr');
  await screen.press('n');
  await screen.sees('not done, nothing was changed');
  await screen.press('x');
  await screen.sees('Carry it out?');
  await screen.press('y');
  await screen.sees('deleted kuberay-system/zephyr');
  await screen.sees(/\[2 Deployments\] {2}3/);
  await screen.press('@');
  await screen.sees('"name":"delete_deployment"');
  await screen.sees(/kubectl --context \S+ delete rayservice\.ray\.io zephyr/);
});

test('marked deployments are deleted by one question that lists them all', async () => {
  await deploy('dynamo', 'aa-one', 'Qwen/Qwen3-0.6B');
  await deploy('kuberay', 'aa-two', 'Qwen/Qwen3-0.6B');
  await open({ rows: 40 });
  await screen.sees('aa-two');
  await screen.press('space', 'space', 'x');
  await screen.sees(/2 at once:\n.*dynamo-system\/aa-one.*\n(.*\n)*.*kuberay-system\/aa-two/);
  await screen.press('n');
  await screen.sees('not done, nothing was changed');
  await screen.sees(/\[2 Deployments\] {2}5/);
  await screen.press('x');
  await screen.sees('Carry it out?');
  await screen.press('y');
  await screen.sees('all 2 done');
  await screen.sees(/\[2 Deployments\] {2}3/);
});

test('of marked deployments those that can be deleted are, and what became of the others is told', async () => {
  await deploy('dynamo', 'aa-one', 'Qwen/Qwen3-0.6B');
  await deploy('dynamo', 'aa-two', 'Qwen/Qwen3-0.6B');
  await open({ rows: 40 });
  await screen.sees('aa-two');
  await screen.press('space', 'space', 'x');
  await screen.sees('2 at once');
  await lab.call('delete_deployment', { name: 'aa-one', namespace: 'dynamo-system' });
  await screen.press('y');
  await screen.sees(/1 of 2 done\. (NOT_FOUND|CONFLICT): .*aa-one/);
  await screen.sees(/\[2 Deployments\] {2}3/);
});

test('without colour nothing is coloured, and with colour something is', async () => {
  await open({ theme: 'plain' });
  expect(screen.hasColour()).toBe(false);
  await screen.press('t', 't');
  await screen.sees('Theme: Dark');
  expect(screen.hasColour()).toBe(true);
});

test('the copy menu puts the text into the clipboard of the terminal', async () => {
  await open();
  await screen.press('y');
  await screen.sees('Copy of llama');
  await screen.press('down', 'enter');
  await screen.sees('Copied the kubectl of llama.');
  const encoded = screen.written().split(']52;c;')[1]?.split('\u0007')[0] ?? '';
  expect(Buffer.from(encoded, 'base64').toString()).toMatch(
    /^kubectl --context \S+ get dynamographdeployment.nvidia.com llama -n dynamo-system -o yaml$/,
  );
});

test('a terminal that is too small says so, and comes back', async () => {
  await open();
  await screen.resize(59, 16);
  await screen.sees('terminal too small: 59x16, needs 60x16');
  await screen.resize(60, 16);
  await screen.sees('llama');
});

test('hostile text keeps to its columns', async () => {
  const head = { name: 'ray-head', image: 'rayproject/ray:2.52.0' };
  const applications = [
    {
      name: 'llm',
      import_path: 'ray.serve.llm:build_openai_app',
      args: {
        llm_configs: [
          {
            model_loading_config: { model_id: 'x', model_source: 'a/日本\u202e\u001b[31m👨‍👩‍👧e\u0301' },
            engine_kwargs: {},
          },
        ],
      },
    },
  ];
  await lab.apply({
    apiVersion: 'ray.io/v1',
    kind: 'RayService',
    metadata: { name: 'hostile', namespace: 'kuberay-system' },
    spec: {
      serveConfigV2: JSON.stringify({ applications }),
      rayClusterConfig: { headGroupSpec: { rayStartParams: {}, template: { spec: { containers: [head] } } } },
    },
  });
  await open();
  await screen.sees('hostile');
  expect(screen.rowWith('hostile')).toContain('日本???é');
  const at = screen.rowWith('PHASE').indexOf('PHASE');
  // Two of its letters take two columns each.
  expect(screen.rowWith('hostile').indexOf('Pending')).toBe(at - 2);
  expect(screen.written()).not.toContain('\u202e');
});

test('the WHY line is the diagnosis of the deployment that one rests on, with its fix', async () => {
  const failures = [{ match: 'typo', kind: 'image-pull' }] as const;
  const bench = await startWorkbench({ scenario: 'kuberay', speed: 300, failures });
  try {
    const asked = { runtime: 'kuberay', model: 'Qwen/Qwen3-0.6B' } as const;
    await bench.data(deployModel, { ...asked, name: 'sound', wait: true });
    await bench.data(deployModel, { ...asked, name: 'typo', image: 'rayproject/ray-llm:2.58.0-typo', wait: true });
    screen = openScreen(bench.foundry, { columns: 120 });
    await screen.sees(/ OK {2}sound: serves/);
    await screen.press('j');
    await screen.sees(/ WHY typo: Failed, IMAGE_NOT_FOUND: /);
    await screen.sees('E edits it. pod');
    await screen.press('enter');
    await screen.sees(/^ fix +E edits it: kubefoundry deploy typo --namespace kuberay-system --runtime kuberay /m);
    await screen.press('escape');
    await screen.sees(/ WHY typo/);
    await screen.press('k');
    await screen.sees(/ OK {2}sound: serves/);
  } finally {
    await screen.stop();
    await bench.stop();
  }
});

test('a diagnosis is made again while one rests on the deployment, also after one that failed', async () => {
  const own = await startLab({ runtimes: ['kuberay'] });
  const operator = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'kuberay-operator', namespace: 'kuberay-system' },
  };
  let ahead = 0;
  try {
    await own.call('deploy_model', { runtime: 'kuberay', name: 'chat', model: 'Qwen/Qwen3-0.6B' });
    own.api.faults.add({ match: { path: /rayservices\/chat/ }, action: { kind: 'status', status: 403 }, times: 1 });
    screen = openScreen(own.foundry(), { columns: 120, now: () => new Date(Date.now() + ahead) });
    const refused = () =>
      own.api.requests.filter(({ path, status }) => /rayservices\/chat/.test(path) && status === 403);
    await vi.waitFor(() => expect(refused()).toHaveLength(1), { timeout: 10_000 });
    await own.setStatus(operator, { ...operatorStatus, readyReplicas: 0, availableReplicas: 0 });
    ahead += 31_000;
    await screen.sees(/ WHY chat: Pending, OPERATOR_DOWN: /);
    await screen.press('enter');
    await screen.sees(/^ cause +OPERATOR_DOWN: The KubeRay operator is down: nothing acts on it\.$/m);
    await screen.sees(
      /^ evidence +operator: The operator kuberay-system\/kuberay-operator \(1\.7\.0\) is not available/m,
    );
    await screen.sees(/^ fix +kubectl --context kubefoundry-sandbox rollout restart/m);
    await own.setStatus(operator, operatorStatus);
    ahead += 31_000;
    await screen.seesNot('OPERATOR_DOWN');
  } finally {
    await screen.stop();
    await own.stop();
  }
});
