import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, namespace, startLab } from '../support/lab.ts';
import { startWorkbench, type Workbench } from '../support/sandbox.ts';
import { openScreen, type Screen, type ScreenOptions } from '../support/terminal.ts';

let screen: Screen;
afterEach(() => screen.stop());

const openForm = async (lab: Lab, options?: ScreenOptions) => {
  screen = openScreen(lab.foundry(), { place: { screen: 'deploy' }, ...options });
  await screen.sees(/Runtime +\(.\) NVIDIA Dynamo .*(HEALTHY|NOT INSTALLED)/);
};

/** From the name over both runtimes to the model. */
const fillIn = async (name: string, model: string) => {
  await screen.type(name);
  await screen.press('tab', 'tab', 'tab');
  await screen.type(model);
};

describe('where both runtimes are installed', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(() => lab.stop());
  const open = (options?: ScreenOptions) => openForm(lab, options);

  test('[plan 2] the runtime selector shows both options with description and badge, and Dynamo is chosen beforehand', async () => {
    await open();
    expect(screen.rowWith('NVIDIA Dynamo ')).toMatch(/Runtime +\(o\) NVIDIA Dynamo +1\.6\.1 +HEALTHY$/);
    expect(screen.rowWith('KubeRay ')).toMatch(/^ +\( \) KubeRay +1\.7\.0 +HEALTHY$/);
    await screen.sees('KV-aware routing; vLLM, SGLang and TensorRT-LLM.');
    await screen.sees('Ray Serve LLM on a Ray cluster of its own; vLLM.');
  });

  test('[plan 2] the namespace follows the runtime until it is edited', async () => {
    await open();
    expect(screen.rowWith('Namespace ')).toContain('dynamo-system');
    await screen.press('tab', 'tab', 'space');
    expect(screen.rowWith('Namespace ')).toContain('kuberay-system');
    await screen.press('tab', 'tab', 'tab', 'tab');
    await screen.type('team-a');
    await screen.press('shift+tab', 'shift+tab', 'shift+tab', 'shift+tab', 'up', 'space');
    await screen.sees(/\(o\) NVIDIA Dynamo/);
    await screen.sees(/Namespace +team-a/);
  });

  test('[plan 2] the engines are those of the runtime, and a choice comes back with its runtime', async () => {
    await open();
    expect(screen.rowWith('Engine ')).toContain('(o) vllm  ( ) sglang  ( ) trtllm');
    await screen.press('tab', 'tab', 'tab', 'tab', 'right');
    expect(screen.rowWith('Engine ')).toContain('( ) vllm  (o) sglang  ( ) trtllm');
    await screen.press('up', 'up', 'space');
    expect(screen.rowWith('Engine ')).toMatch(/\(o\) vllm$/);
    await screen.press('up', 'enter');
    expect(screen.rowWith('Engine ')).toContain('(o) sglang');
    expect(screen.rowWith('Model ')).toMatch(/^ > Model/);
  });

  test('[plan 2.3] options of one runtime, one engine or one mode are shown only there', async () => {
    await open({ rows: 50 });
    await screen.sees(/Router +\(o\) default .* kv /);
    await screen.sees('Replicas');
    await screen.press('ctrl+s', 'up', 'enter');
    await screen.sees('Quantization');
    await screen.press('up', 'up', 'up', 'up', 'up', 'right');
    await screen.sees(/Prefill +1/);
    await screen.seesNot('Replicas');
    await screen.press('up', 'left');
    await screen.sees('(o) trtllm');
    await screen.seesNot('Quantization');
    await screen.press('up', 'up', 'space');
    await screen.seesNot('Router');
    await screen.sees('Quantization');
  });

  test('what is wrong stands at its field as soon as it is written', async () => {
    await open();
    await fillIn('Qwen', 'Qwen/Qwen3-0.6B');
    await screen.sees(/Name +Qwen\n +! name: "Qwen" is wrong: it takes lower-case letters/);
    await screen.press('tab', 'tab', 'tab', 'tab', 'tab');
    await screen.type('32');
    await screen.press('ctrl+s');
    await screen.sees('( Deploy )  name: "Qwen"');
    await screen.press('enter');
    await screen.sees('Not yet: name: "Qwen" is wrong: it takes lower-case letters');
    await screen.press('ctrl+u');
    await screen.type('qwen');
    await screen.sees(/^ > Name +qwen/m);
    await screen.sees(/GPUs +32\n +! 32 GPUs per replica are more than any node has/);
    await screen.seesNot('! name:');
  });

  test('of what is missing one thing is named at a time: what was said of another goes', async () => {
    await open();
    await screen.press('ctrl+s', 'enter');
    await screen.sees('Not yet: Name is missing.');
    await screen.type('qwen');
    await screen.sees('( Deploy )  Model is missing.');
    expect(screen.text()).not.toContain('Not yet:');
  });

  test('the API server is asked while one writes, and what it would get is shown: beside the form, or instead of it', async () => {
    await open({ columns: 160, rows: 50 });
    await fillIn('chat', 'Qwen/Qwen3-0.6B');
    await screen.sees(/Dry run +the server accepts it/);
    await screen.sees('GPUs needed  1; usable nodes have 8, 8 free, at most 8 on one');
    await screen.sees(/Fit +fits: there /);
    await screen.sees(/│ +kind: DynamoGraphDeployment/);
    await screen.resize(80, 24);
    await screen.seesNot('kind: DynamoGraphDeployment');
    await screen.press('ctrl+p');
    await screen.sees('kind: DynamoGraphDeployment');
    await screen.sees(/^ Esc close {2}Down more {2}Ctrl-P YAML$/m);
    await screen.press('down');
    await screen.seesNot('kind: DynamoGraphDeployment');
    await screen.press('escape');
    await screen.sees('Dry run');
  });

  test('whether it fits stands beside the check and the button, with what would fit instead', async () => {
    await open({ rows: 50 });
    await fillIn('chat', 'meta-llama/Llama-3.3-70B-Instruct');
    await screen.press('tab', 'tab', 'tab', 'tab', 'tab');
    await screen.type('8');
    await screen.press('tab');
    await screen.type('3');
    await screen.sees(/Fit +does not fit: the nodes have room for 1 of 3 replicas/);
    await screen.sees(/GPU memory +\d.* GiB each: weights \d.*, KV cache/);
    await screen.sees(/Instead +gpus: 2 .*\n +replicas: 1/);
    await screen.sees(/\[ Deploy \] {2}checked {2}chat on NVIDIA Dynamo in dynamo-system {2}does not fit(?! now)/);
  });

  test('it works in the smallest terminal: the place where one is can always be seen', async () => {
    await open({ columns: 60, rows: 16 });
    await fillIn('chat', 'Qwen/Qwen3-0.6B');
    await screen.sees(/^ > Model +Qwen\/Qwen3-0.6B/m);
    await screen.press('ctrl+s', 'up', 'enter', 'up', 'down', 'down');
    expect(screen.rowWith('Served name')).toMatch(/^ >/);
    await screen.sees('[ Deploy ]  checked  chat on NVIDIA Dynamo');
  });

  test('the footer tells the keys that work where one is', async () => {
    const footer = () => screen.rows().at(-1);
    await open();
    expect(footer()).toBe(' Tab next  Ctrl-S to the end  Ctrl-P YAML  Ctrl-Y copy as tool call  Esc back');
    await screen.type('?:');
    await screen.sees(/> Name +\?:/);
    await screen.press('tab');
    expect(footer()).toBe(' Tab next  Space choose  Ctrl-S to the end  Ctrl-P YAML  : command  ? help');
    await screen.press('?');
    await screen.sees('KubeFoundry 0.0.0: keys');
    await screen.press('escape');
    await screen.sees(/> Runtime/);
    await screen.press('ctrl+p');
    await screen.sees('No manifest as long as');
    expect(footer()).toBe(' Esc close  Ctrl-P YAML');
    await screen.press('escape');
    await screen.sees(/> Runtime/);
    await screen.press('ctrl+s');
    await screen.sees(/^ Enter deploy {2}Ctrl-S/m);
  });

  test('what is pasted goes into the field, on one line', async () => {
    await open();
    await screen.press('tab', 'tab', 'tab');
    await screen.paste('Qwen/Qwen3-0.6B\n');
    await screen.sees(/> Model +Qwen\/Qwen3-0.6B/);
    await screen.press('tab');
    await screen.paste('nowhere to go');
    await screen.seesNot('nowhere');
  });

  test('leaving keeps the draft, also when other things are looked at', async () => {
    await open();
    await fillIn('chat', 'Qwen/Qwen3-0.6B');
    await screen.press('escape');
    await screen.sees('Nothing is deployed here.');
    await screen.press('1');
    await screen.sees('[1 Runtimes]');
    await screen.press('d');
    await screen.sees(/> Model +Qwen\/Qwen3-0.6B/);
    await screen.press('ctrl+n');
    await screen.sees('The form holds a draft, which would be lost:');
    await screen.sees('chat  Qwen/Qwen3-0.6B');
    await screen.press('n');
    await screen.sees(/> Model +Qwen\/Qwen3-0.6B/);
    await screen.press('ctrl+n');
    await screen.sees('Give the draft up?');
    await screen.press('y');
    await screen.sees(/> Name .*needed/);
  });

  test('[plan 2] the runtime is in the call although nobody touched it, and deploying leads to the deployment', async () => {
    await open();
    await fillIn('chat', 'Qwen/Qwen3-0.6B');
    await screen.press('ctrl+s', 'enter');
    await screen.sees('dynamo-system/chat  DYN  Pending');
    await screen.press('@');
    await screen.sees(/\{"name":"deploy_model","arguments":\{"name":"chat","model":"Qwen\/Qwen3-0.6B",/);
    await screen.sees('"runtime":"dynamo"');
    await screen.press('escape', 'd');
    await screen.sees(/> Name .*needed/);
    await screen.type('chat');
    await screen.sees(/Name +chat\s/);
    await screen.press('tab', 'tab', 'tab');
    await screen.type('Qwen/Qwen3-4B');
    await screen.sees(/Changing it replaces the pods of frontend,/);
    await screen.sees(/or edit \(E\) or delete it in the/);
  });

  test('a deployment is duplicated into the form with all that it was asked with', async () => {
    const asked = {
      runtime: 'kuberay',
      name: 'phi',
      namespace: 'kuberay-system',
      model: 'microsoft/phi-4',
      gpus: 2,
      replicas: 3,
      contextLength: 8192,
      hfTokenSecret: 'hf-token',
      engineArgs: { seed: 7 },
    };
    const first = await lab.call('deploy_model', asked);
    expect(first.ok).toBe(true);
    screen = openScreen(lab.foundry(), { rows: 50 });
    await screen.sees('phi');
    await screen.press('G', 'D');
    await screen.sees(/Name +phi-copy/);
    expect(screen.rowWith('KubeRay ')).toContain('(o)');
    expect(screen.rowWith('Model ')).toContain('microsoft/phi-4');
    expect(screen.rowWith('Namespace ')).toContain('kuberay-system');
    expect(screen.rowWith('GPUs  ')).toMatch(/ 2$/);
    expect(screen.rowWith('Replicas ')).toMatch(/ 3$/);
    expect(screen.rowWith('Context ')).toMatch(/ 8192$/);
    expect(screen.rowWith('Token secret ')).toMatch(/ hf-token$/);
    expect(screen.rowWith('Engine args ')).toMatch(/ seed=7$/);
    await screen.sees(/Dry run +the server accepts it/);
    await screen.press('ctrl+s', 'enter');
    await screen.sees('kuberay-system/phi-copy  RAY');

    // A draft is not thrown away unasked.
    await screen.press('d');
    await screen.type('precious');
    await screen.press('escape', 'D');
    await screen.sees('The form holds a draft, which would be lost:');
    await screen.sees('Give the draft up?  y yes   n no');
    await screen.press('n', 'd');
    await screen.sees(/> Name +precious/);
  });

  test('what the form was filled with is no draft as long as nobody changed it', async () => {
    await lab.call('deploy_model', { runtime: 'kuberay', name: 'gemma', namespace: 'team-g', model: 'google/gemma-3' });
    screen = openScreen(lab.foundry());
    await screen.sees('gemma');
    await screen.type('/gemma\rE');
    await screen.sees(/> Name +gemma$/m);
    await screen.press('escape');
    await screen.sees('row 1/1');
    await screen.press('D');
    await screen.sees(/> Name +gemma-copy$/m);
    await screen.press('-', 'backspace', 'ctrl+n');
    await screen.sees(/> Name .*needed/);
    await screen.press('escape');
    await screen.sees('row 1/1');
    await screen.press('E');
    await screen.sees(/> Name +gemma$/m);
    await screen.type('2');
    await screen.press('escape');
    await screen.sees('row 1/1');
    await screen.press('D');
    await screen.sees('The form holds an edit of team-g/gemma, which would be lost:');
    await screen.press('y');
    await screen.sees(/> Name +gemma-copy$/m);
  });

  test('what was made a moment ago is waited for, and the list stands on it afterwards', async () => {
    await lab.call('deploy_model', { runtime: 'kuberay', name: 'aaa', namespace: 'team-m', model: 'google/gemma-3' });
    screen = openScreen(lab.foundry());
    await screen.sees(/^> +aaa/m);
    await screen.press('d');
    await fillIn('zzz', 'Qwen/Qwen3-0.6B');
    await screen.sees(/Dry run +the server accepts it/);
    await screen.press('ctrl+s', 'enter');
    await screen.sees('dynamo-system/zzz');
    await screen.press('escape');
    await screen.sees(/^> +zzz/m);
    await screen.press('enter');
    await screen.sees(/dynamo-system\/zzz {2}DYN {2}Pending/);
    expect(screen.written()).not.toContain('is not there');
  });

  test('a deployment is edited in the form: what changes stands beside it, and sending replaces it', async () => {
    const asked = { runtime: 'kuberay', name: 'edited', namespace: 'team-e', model: 'microsoft/phi-4', memory: '64Gi' };
    await lab.call('deploy_model', asked);
    screen = openScreen(lab.foundry(), { rows: 50, columns: 100 });
    await screen.sees('edited');
    await screen.type('/edited\rE');
    await screen.sees(/> Name +edited/);
    await screen.sees('( Replace )  Nothing would change.');
    await screen.press('ctrl+s', 'up', 'up', 'up', 'up', 'ctrl+u');
    await screen.type('48Gi');
    await screen.sees(/Changes +spec\.(.*\n)+.*memory: 64Gi → 48Gi\n(.*\n)* +Restarts +the pods of /);
    await screen.sees('[ Replace ]  checked  edited on KubeRay in team-e');
    await screen.press('ctrl+s', 'enter');
    await screen.sees('Carry it out?');
    await screen.press('y');
    await screen.sees('team-e/edited  RAY');
    expect(await lab.call('plan_deployment', { ...asked, memory: '48Gi' })).toMatchObject({
      data: { change: 'unchanged' },
    });
  });

  test('what others made is not edited: the form would be refused, and another way is named', async () => {
    const head = { name: 'ray-head', image: 'rayproject/ray:2.52.0' };
    await lab.apply(namespace('team-f'), {
      apiVersion: 'ray.io/v1',
      kind: 'RayService',
      metadata: { name: 'foreign', namespace: 'team-f' },
      spec: {
        serveConfigV2: JSON.stringify({ applications: [] }),
        rayClusterConfig: { headGroupSpec: { rayStartParams: {}, template: { spec: { containers: [head] } } } },
      },
    });
    screen = openScreen(lab.foundry(), { columns: 120 });
    await screen.sees('foreign');
    await screen.type('/foreign\rE');
    await screen.sees('foreign was made by others and is not replaced from here. D copies it into the form');
    await screen.sees('[2 Deployments]');
    await screen.press('D');
    await screen.sees(/Name +foreign-copy/);
    await screen.sees('Made by others: what the form has no field for is not copied.');
  });

  test('in read-only mode the form can be filled in, and is not sent', async () => {
    screen = openScreen(lab.foundry({ readOnly: true }), { place: { screen: 'deploy' } });
    await screen.sees('HEALTHY');
    await fillIn('never', 'Qwen/Qwen3-0.6B');
    await screen.press('ctrl+s', 'enter');
    await screen.sees('Read-only');
    expect(await lab.call('get_deployment', { name: 'never' })).toMatchObject({ ok: false });
  });
});

test('in a protected context the plan is shown and asked about before anything is created', async () => {
  const lab = await startLab({ protect: ['*'] });
  try {
    await openForm(lab);
    await fillIn('chat', 'Qwen/Qwen3-0.6B');
    await screen.press('ctrl+s', 'W', 'enter');
    await screen.sees('Create DynamoGraphDeployment dynamo-system/chat');
    await screen.press('n');
    await screen.sees('not done, nothing was changed');
    await screen.press('enter');
    await screen.sees('Carry it out?');
    await screen.press('y');
    await screen.sees('dynamo-system/chat  DYN  Pending');
  } finally {
    await lab.stop();
  }
});

describe.each([
  { runtimes: ['dynamo'], chosen: /\(o\) NVIDIA Dynamo/, other: /\( \) KubeRay +NOT INSTALLED {2}i installs it/ },
  { runtimes: ['kuberay'], chosen: /\(o\) KubeRay/, other: /\( \) NVIDIA Dynamo +NOT INSTALLED {2}i installs it/ },
] as const)('where only $runtimes is installed', ({ runtimes, chosen, other }) => {
  test('[plan 2.3] default selection: it is chosen beforehand, and the other one is offered with its warning', async () => {
    const lab = await startLab({ runtimes });
    try {
      await openForm(lab);
      await screen.sees(chosen);
      await screen.sees(other);
      await screen.sees(/! (Dynamo|KubeRay) is not installed\./);
    } finally {
      await lab.stop();
    }
  });
});

test('[plan 2.3] default selection: where none is installed all are offered with warnings, none is chosen, and nothing can be sent', async () => {
  const lab = await startLab({ runtimes: [] });
  try {
    await openForm(lab);
    await screen.sees(/\( \) NVIDIA Dynamo +NOT INSTALLED/);
    await screen.sees(/\( \) KubeRay +NOT INSTALLED/);
    await screen.sees('! Dynamo is not installed.');
    await screen.sees('! KubeRay is not installed.');
    await fillIn('chat', 'Qwen/Qwen3-0.6B');
    await screen.press('ctrl+s', 'enter');
    await screen.sees('Not yet: Choose a runtime first.');
  } finally {
    await lab.stop();
  }
});

describe('on a cluster that works', () => {
  let bench: Workbench;
  const open = async (scenario: 'dynamo' | 'kuberay') => {
    bench = await startWorkbench({ scenario, speed: 300 });
    screen = openScreen(bench.foundry, { place: { screen: 'deploy' } });
    await screen.sees('NOT INSTALLED');
  };
  afterEach(() => bench.stop());

  test('[plan 2] what is not installed cannot be sent to: the form says so, leads to the installation, keeps the draft, and then deploys', async () => {
    await open('dynamo');
    await screen.type('chat');
    await screen.press('tab', 'tab', 'enter');
    await screen.type('Qwen/Qwen3-0.6B');
    await screen.press('ctrl+s');
    await screen.sees('( Deploy )  KubeRay is not installed.  i installs it, keeps this form');
    await screen.press('enter');
    await screen.sees('Not yet: KubeRay is not installed.');
    await screen.press('i');
    await screen.sees('KubeRay  NOT INSTALLED');
    await screen.press('i');
    await screen.sees('Carry it out?');
    await screen.press('y');
    await screen.sees('KubeRay  HEALTHY');
    await screen.press('d');
    await screen.sees(/Model +Qwen\/Qwen3-0.6B/);
    await screen.sees('[ Deploy ]  checked  chat on KubeRay in kuberay-system');
    await screen.press('ctrl+s', 'enter');
    await screen.sees('kuberay-system/chat  RAY  Running');
  });

  test('[plan 2] a deployment on the chosen runtime is watched until it runs', async () => {
    await open('dynamo');
    await fillIn('chat', 'Qwen/Qwen3-0.6B');
    await screen.press('tab', 'right', 'tab', 'right', 'ctrl+s', 'enter');
    await screen.sees('dynamo-system/chat  DYN  Running');
    await screen.sees('engine     sglang, disaggregated');
  });
});
