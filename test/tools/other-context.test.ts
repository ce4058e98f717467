import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { openCluster } from '../../src/cluster/open.ts';
import { createFoundry, type Foundry, type Installer } from '../../src/foundry/foundry.ts';
import { type Ask, callTool } from '../../src/tools/call.ts';
import { installRuntime } from '../../src/tools/install-runtime.ts';
import { tools } from '../../src/tools/registry.ts';
import { dataOf, type Lab, namespace, startLab } from '../support/lab.ts';
import { nowhere } from '../support/program-world.ts';

/** Names of contexts are whatever the one who wrote the kubeconfig liked. */
const hostile = 'x; curl evil.example';

const nobody: Installer = {
  name: 'nobody',
  ready: async () => ({
    ok: false,
    code: 'HELM_MISSING',
    message: 'There is no helm on the PATH.',
    hint: 'Install helm.',
  }),
  carryOut: async () => {},
};

let lab: Lab;
let folder: string;
let file: string;
let unreachable: string;
let foundry: Foundry;
beforeAll(async () => {
  lab = await startLab({ runtimes: ['kuberay'] });
  folder = await mkdtemp(join(tmpdir(), 'kubefoundry-contexts-'));
  file = join(folder, 'kubeconfig');
  unreachable = join(folder, 'unreachable');
  await writeFile(unreachable, nowhere, { mode: 0o600 });
  const config = parse(lab.api.kubeconfig());
  const [{ context }] = config.contexts;
  config.contexts.push({ name: 'prod', context }, { name: hostile, context });
  await writeFile(file, stringify(config), { mode: 0o600 });
  foundry = createFoundry({
    open: (name) => openCluster({ kubeconfig: [file], context: name }),
    installer: nobody,
    chartRepository: 'https://mirror.example/charts; curl evil.example',
    protect: ['prod', 'x*'],
  });
  await lab.apply(namespace('models'));
});
afterAll(async () => {
  foundry.close();
  await lab.stop();
  await rm(folder, { recursive: true });
});

async function call(
  name: string,
  input: object,
  { ask = async () => 'unavailable', ...others }: { readonly ask?: Ask; readonly foundry?: Foundry } = {},
) {
  const tool = tools.find((candidate) => candidate.name === name);
  if (!tool) throw new Error(`no tool ${name}`);
  const context = { foundry, caller: 'test eva', progress: () => {}, ...others };
  return callTool(tool, input, { context, signal: new AbortController().signal, ask });
}

test('without helm every command names the context of the call, which is not the current one', async () => {
  const manual = await call('install_runtime', { runtime: 'dynamo', context: 'prod' });
  const { outcome, steps } = installRuntime.output.parse(dataOf(manual));
  expect(outcome).toBe('manual');
  expect(steps.length).toBeGreaterThan(3);
  for (const { command } of steps)
    expect(command).toMatch(/^(kubectl --context prod|helm --kube-context prod|nobody) /);
  expect(manual.ok && manual.text).toContain('helm --kube-context prod upgrade --install dynamo-platform');
});

test('what a setting of ours holds is one word of a shell in each command', async () => {
  const manual = await call('install_runtime', { runtime: 'dynamo', context: 'prod' });
  expect(manual.ok && manual.text).toContain(`--repo 'https://mirror.example/charts; curl evil.example' --version`);
});

test('a hint with a command names the context, too', async () => {
  const refused = await call('install_runtime', { runtime: 'kuberay', version: '1.6.0', context: 'prod' });
  if (refused.ok) throw new Error(refused.text);
  expect(refused.error.hint).toMatch(/By hand.*: helm --kube-context prod upgrade kuberay-operator/);
});

test('what a human may run instead is the same call with all its input, and nothing else', async () => {
  const hintOf = async (name: string, input: object) => {
    const result = await call(name, input);
    if (result.ok) throw new Error(result.text);
    expect(result.error.code).toBe('CONFIRMATION_REQUIRED');
    return /who can run it: (.*)$/.exec(result.error.hint)?.[1];
  };
  const deployed = { name: 'chat', runtime: 'kuberay', model: 'Qwen/Qwen3-0.6B', namespace: 'models' };
  expect(await hintOf('deploy_model', { ...deployed, context: hostile })).toBe(
    `kubefoundry deploy chat --namespace models --runtime kuberay --model Qwen/Qwen3-0.6B --context '${hostile}'`,
  );
  await call('deploy_model', { ...deployed, context: 'prod' }, { ask: async () => 'approved' });
  expect(await hintOf('scale_deployment', { name: 'chat', replicas: 3, context: 'prod' })).toBe(
    'kubefoundry scale chat --replicas 3 --context prod',
  );
});

test('inside a pod no command and no call names a context: kubectl finds the one cluster without', async () => {
  const pod = createFoundry({
    async open() {
      const { namedContext: _, ...cluster } = await openCluster({ kubeconfig: [file], context: 'prod' });
      return { ...cluster, context: 'in-cluster' };
    },
    installer: nobody,
    protect: ['in-cluster'],
  });
  const told = await Promise.all([
    call('install_runtime', { runtime: 'dynamo' }, { foundry: pod }),
    call('install_runtime', { runtime: 'kuberay', version: '1.6.0' }, { foundry: pod }),
    call('delete_deployment', { name: 'chat' }, { foundry: pod }),
  ]);
  pod.close();
  const texts = told.map((result) => (result.ok ? result.text : `${result.error.message} ${result.error.hint}`));
  expect(texts[0]).toContain(': helm upgrade --install dynamo-platform');
  expect(texts[1]).toContain(': helm upgrade kuberay-operator');
  expect(texts[2]).toMatch(/: kubectl delete rayservice\.ray\.io chat [\s\S]*who can run it: kubefoundry delete chat$/);
  for (const text of texts) expect(text).not.toMatch(/--(kube-)?context/);
});

test('a command in a sentence names the context of the call, current or not', async () => {
  const blind = createFoundry({
    open: (name) => openCluster({ kubeconfig: [unreachable], context: name }),
    installer: nobody,
    protect: [],
  });
  const [current, other] = await Promise.all([
    call('get_deployment', { name: 'chat' }, { foundry: blind }),
    call('get_deployment', { name: 'chat', context: 'nowhere' }, { foundry: blind }),
  ]);
  blind.close();
  for (const result of [current, other])
    expect(result.ok || result.error.hint).toContain('(`kubefoundry doctor --context nowhere`)');
});

test('the calls that an answer suggests go to the same context', async () => {
  const refused = await call('deploy_model', {
    name: 'far',
    model: 'Qwen/Qwen3-0.6B',
    runtime: 'dynamo',
    context: 'prod',
  });
  if (refused.ok) throw new Error(refused.text);
  expect(refused.error.hint).toBe('install_runtime {"runtime":"dynamo","context":"prod"}');
  const listed = await call('list_deployments', { context: 'prod' });
  expect(listed.ok && listed.text).toContain('install_runtime {"runtime":"dynamo","context":"prod"}');
  expect(JSON.stringify(dataOf(listed).problems)).toContain(JSON.stringify('"context":"prod"}').slice(1, -1));
  const current = await call('list_deployments', {});
  expect(current.ok && current.text).toContain('install_runtime {"runtime":"dynamo"}');
});

test('the plan that a human is shown has commands for that context', async () => {
  const asked: string[] = [];
  const ask: Ask = async ({ plan }) => {
    asked.push(...plan.steps.map(({ command }) => command));
    return 'declined';
  };
  await call('delete_deployment', { name: 'chat', context: 'prod' }, { ask });
  expect(asked).not.toEqual([]);
  for (const command of asked) expect(command).toContain('kubectl --context prod ');
});
