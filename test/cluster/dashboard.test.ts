import { afterEach, beforeEach, expect, test } from 'vitest';
import { textAt } from '../../src/kubernetes.ts';
import { sequenceOf } from '../support/key-sequences.ts';
import { noHub, program } from '../support/program.ts';
import { type Pty, startInTerminal } from '../support/pty.ts';
import { type KubeRayWorld, startKubeRayWorld } from './kuberay-world.ts';

let world: KubeRayWorld;
let pty: Pty;
beforeEach(async () => {
  world = await startKubeRayWorld();
});
afterEach(async () => {
  pty?.signal('SIGKILL');
  await pty?.ended;
  await world?.stop();
});

test('the dashboard on a real API server and the real KubeRay operator: deploy, watch it come up, lose the server, get it back, edit, delete', async () => {
  const { command, args } = program;
  pty = startInTerminal([command, ...args, 'tui', '--kubeconfig', world.kubeconfig], {
    columns: 110,
    rows: 40,
    env: { HF_ENDPOINT: noHub },
    patience: 60_000,
  });
  const press = (...keys: readonly string[]) => pty.write(keys.map(sequenceOf).join(''));

  await pty.sees(/kuberay 1\.6\.2 OK[\s\S]*Nothing is deployed here/);
  press('d');
  await pty.sees(/\(o\) KubeRay +1\.6\.2 +HEALTHY/);
  expect(pty.rowWith('NVIDIA Dynamo ')).toContain('NOT INSTALLED');
  pty.write('chat');
  press('tab', 'tab', 'tab');
  pty.write('Qwen/Qwen3-0.6B');
  await pty.sees(/Dry run +the server accepts it/);
  press('ctrl+s');
  await pty.sees('[ Deploy ]  checked  chat on KubeRay in kuberay-system');
  const hold = world.dashboard.tell('kuberay-system/chat', { status: 'DEPLOYING' });
  press('enter');
  await pty.sees(/kuberay-system\/chat {2}RAY {2}Deploying/);
  hold();
  await pty.sees(/kuberay-system\/chat {2}RAY {2}Running/);
  expect(pty.rowWith('replicas')).toContain('1 of 1 ready');
  press('p');
  await pty.sees(/worker .*\n.*head /);

  press('q');
  await pty.sees(/^> {2}chat .* RAY .* Running +1\/1/m);
  const restarted = world.restart();
  await pty.sees(/stale since \d\d:\d\d:\d\d, reconnecting/);
  expect(pty.rowWith('chat ')).toContain('Running');
  await restarted;
  await pty.sees(/ live$/m);
  expect(pty.rowWith('chat ')).toContain('Running');

  press('E');
  await pty.sees('( Replace )  Nothing would change.');
  press('ctrl+s', 'up', 'enter', 'tab', 'tab');
  pty.write('8192');
  await pty.sees(/Changes +spec\.serveConfigV2: .*8192/);
  await pty.sees('[ Replace ]  checked  chat on KubeRay');
  press('ctrl+s', 'enter');
  await pty.sees('Update RayService kuberay-system/chat');
  press('y');
  await pty.sees(/kuberay-system\/chat {2}RAY {2}Running/);
  const [service] = await world.admin.list({ group: 'ray.io', kind: 'RayService' });
  expect(textAt(service, 'spec', 'serveConfigV2')).toContain('max_model_len: 8192');
  press('q');

  await pty.sees(/^> {2}chat .* RAY .* Running +1\/1/m);
  press('x');
  await pty.sees('Delete RayService kuberay-system/chat');
  press('y');
  await pty.sees('deleted kuberay-system/chat');
  await pty.sees('Nothing is deployed here');
  press('q');
  expect(await pty.ended).toMatchObject({ exitCode: 0 });
});
