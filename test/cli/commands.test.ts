import { access, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { startModelHub } from '../support/model-hub.ts';
import { program, run, start } from '../support/program.ts';
import { nowhere, startWorld } from '../support/program-world.ts';
import { startInTerminal } from '../support/pty.ts';

let world: Awaited<ReturnType<typeof startWorld>>;
const kubefoundry = (...args: readonly string[]) => run([...args, '--kubeconfig', world.kubeconfig]);

beforeAll(async () => {
  world = await startWorld({ scenario: 'both', speed: 100 });
});
afterAll(() => world.stop());

describe('the tools as commands', () => {
  test('deploy, list as JSON, get as YAML, delete with a yes', async () => {
    const deployed = await kubefoundry('deploy', 'qwen', '--model', 'Qwen/Qwen3-0.6B', '--runtime', 'kuberay');
    expect(deployed).toMatchObject({ code: 0, stderr: 'Create RayService kuberay-system/qwen\ndone\n' });
    expect(deployed.stdout).toContain('created kuberay-system/qwen (kuberay)');
    expect(deployed.stdout).toContain('kubefoundry get qwen --namespace kuberay-system');

    const [list, one] = await Promise.all([
      kubefoundry('list', '-o', 'json'),
      kubefoundry('get', 'qwen', '-o', 'yaml'),
    ]);
    expect(JSON.parse(list.stdout)).toMatchObject({ total: 1, deployments: [{ name: 'qwen', runtime: 'kuberay' }] });
    expect(parse(one.stdout)).toMatchObject({ deployment: { name: 'qwen', managed: true } });

    const refused = await kubefoundry('delete', 'qwen');
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toMatch(/^CONFIRMATION_REQUIRED: [\s\S]*kuberay-system\/qwen[\s\S]*--yes/);

    const asked = ['delete', 'qwen', '--kubeconfig', world.kubeconfig];
    const terminal = startInTerminal([program.command, ...program.args, ...asked], { columns: 120 });
    await terminal.sees('Carry it out? [y/N]');
    terminal.write('n\r');
    await terminal.sees('Nothing was changed. Run it again to be asked again, or with --yes not to be.');
    expect(await terminal.ended).toMatchObject({ exitCode: 3 });

    const deleted = await kubefoundry('delete', 'qwen', '--yes');
    expect(deleted).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^Delete RayService kuberay-system\/qwen$/m),
    });
    expect(deleted.stdout).toContain('deleted kuberay-system/qwen');
  });

  test('capacity and models, the latter from the hub that HF_ENDPOINT names, with the token of HF_TOKEN', async () => {
    const capacity = await kubefoundry('capacity');
    expect(capacity).toMatchObject({ code: 0, stdout: expect.stringContaining('13 GPUs, 13 free') });

    const config = {
      architectures: ['LlamaForCausalLM'],
      num_hidden_layers: 2,
      num_attention_heads: 4,
      hidden_size: 64,
    };
    const hub = await startModelHub([{ id: 'acme/tiny', tensors: { BF16: 1_000_000 }, config }]);
    const environment = { HF_ENDPOINT: hub.url, HF_TOKEN: 'hf_tokenoftheuser', KUBECONFIG: world.kubeconfig };
    const found = await run(['models', '--query', 'tiny', '-o', 'json'], { env: environment });
    expect(JSON.parse(found.stdout)).toMatchObject({ models: [{ id: 'acme/tiny', source: 'hub' }], problems: [] });
    expect(new Set(hub.requests.map(({ token }) => token))).toEqual(new Set(['hf_tokenoftheuser']));
    await hub.stop();

    const offline = await kubefoundry('models', '--query', 'phi');
    expect(offline).toMatchObject({ code: 0, stdout: expect.stringContaining('microsoft/phi-4') });
    expect(offline.stdout).toContain('does not answer. Only the catalogue was searched.');
  });

  test('exit codes: 1 it failed, 2 it was wrong, 3 it was refused', async () => {
    const [missing, noRuntime, nothing, readOnly] = await Promise.all([
      kubefoundry('get', 'nobody'),
      kubefoundry('deploy', 'x', '--model', 'Qwen/Qwen3-0.6B'),
      kubefoundry('install'),
      kubefoundry('deploy', 'x', '--model', 'Qwen/Qwen3-0.6B', '--runtime', 'dynamo', '--read-only'),
    ]);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringMatching(/^NOT_FOUND: .*nobody.*\n {2}\S/) });
    const required = /^RUNTIME_REQUIRED: .*dynamo, kuberay.*\n {2}Add --runtime dynamo/;
    expect(noRuntime).toMatchObject({ code: 2, stderr: expect.stringMatching(required) });
    const positional = /^RUNTIME_REQUIRED: .*dynamo, kuberay.*\n {2}Add dynamo/;
    expect(nothing).toMatchObject({ code: 2, stderr: expect.stringMatching(positional) });
    expect(readOnly).toMatchObject({ code: 3, stderr: expect.stringMatching(/^READ_ONLY: /m) });
  });

  test('1 also says that what was asked for did not come about, although the call worked', async () => {
    const broken = ['deploy', 'ill', '--model', 'Qwen/Qwen3-0.6B', '--runtime', 'dynamo', '--wait'];
    const [failed, refused, unread] = await Promise.all([
      run([...broken, '--sandbox', '--speed', '50', '--fail', 'ill=image-pull']),
      kubefoundry('plan', 'x', '--model', 'Qwen/Qwen3-0.6B', '--runtime', 'kuberay', '--engine', 'sglang'),
      run(['runtimes', '--kubeconfig', await world.write('nobody-there', nowhere)]),
    ]);
    expect(failed).toMatchObject({ code: 1, stdout: expect.stringContaining('Failed ImagePullBackOff') });
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('refused') });

    expect(unread).toMatchObject({ code: 1, stdout: expect.stringContaining('unreachable') });
  });

  test('an empty list exits with 0 where a runtime is not installed, and with 1 where it could not be read', async () => {
    world.sandbox.api.addIdentity({ token: 'blind', user: 'system:serviceaccount:default:blind' });
    const blind = await world.write('blind', world.sandbox.api.kubeconfig('blind'));
    const [empty, unread] = await Promise.all([
      run(['list', '--sandbox', 'dynamo', '-o', 'json']),
      run(['list', '--kubeconfig', blind]),
    ]);
    // What is advised is a command in data too.
    const problem = {
      runtime: 'kuberay',
      code: 'RUNTIME_NOT_INSTALLED',
      hint: 'kubefoundry install kuberay --sandbox dynamo',
    };
    expect(JSON.parse(empty.stdout)).toMatchObject({ total: 0, problems: [problem] });
    expect(empty.code).toBe(0);
    expect(unread).toMatchObject({ code: 1, stdout: expect.stringContaining('! FORBIDDEN: ') });
  });

  test('a diagnosis that could be made exits with 0, also of what failed', async () => {
    const diagnosed = await run(['diagnose', 'bad-app', '--sandbox', 'busy']);
    expect(diagnosed).toMatchObject({ code: 0, stdout: expect.stringMatching(/: Failed [\s\S]*\nfix: /) });
  });

  test('hostile names exit with 2, and no request is sent', async () => {
    world.sandbox.api.clearRequests();
    const names = ['../x', 'a;rm', 'x'.repeat(300)];
    const ended = await Promise.all([
      ...names.map((name) => kubefoundry('get', name)),
      kubefoundry('get', '--server=evil'),
      run(['get', '--kubeconfig', world.kubeconfig, '--', '--server=evil']),
    ]);
    for (const { code, stderr } of ended)
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^INPUT_INVALID: /) });
    expect(world.requests()).toEqual([]);
  });

  test('what is wrong with the input is said in flags', async () => {
    const gated = ['deploy', 'x', '--model', 'Qwen/Qwen3-0.6B', '--runtime', 'dynamo', '--engine-args', 'hf-token=1'];
    const [refused, help] = await Promise.all([kubefoundry(...gated), kubefoundry('deploy', '--help')]);
    expect(refused).toMatchObject({
      code: 2,
      stderr:
        'INVALID_FOR_RUNTIME: --engine-args hf-token: hf-token is set by KubeFoundry.\n  Leave it out and use --hf-token-secret, the name of a Secret.\n',
    });
    expect(help.stdout).toContain('mode disaggregated, as --decode-replicas');
  });

  test('a mistyped command names the nearest one', async () => {
    expect(await run(['deplyo'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: "INPUT_INVALID: unknown command 'deplyo'\n  Did you mean deploy?\n",
    });
  });

  test('CLUSTER_UNREACHABLE: nothing listens there', async () => {
    const list = await run(['list', '--kubeconfig', await world.write('nowhere', nowhere)]);
    expect(list).toMatchObject({ code: 1, stdout: '' });
    expect(list.stderr).toMatch(/^CLUSTER_UNREACHABLE: .*https:\/\/127\.0\.0\.1:9/);

    const [runtimes, install] = await Promise.all([
      run(['runtimes', '--kubeconfig', await world.write('nowhere', nowhere)]),
      run(['install', 'kuberay', '--kubeconfig', await world.write('nowhere', nowhere)]),
    ]);
    expect(runtimes.stdout.match(/Cannot reach/g)).toHaveLength(1);
    expect(runtimes.stdout).toMatch(/^dynamo: Whether Dynamo is installed cannot be told\.$/m);
    expect(install.stderr).toMatch(/^CLUSTER_UNREACHABLE: Whether KubeRay is installed cannot be told: Cannot reach /);
  });
});

describe('the program', () => {
  test('prints its version, and help without arguments', async () => {
    const [version, help] = await Promise.all([run(['--version']), run([])]);
    expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: kubefoundry'), stderr: '' });
    expect(help.stdout).toContain('get [options] <name>');
  });

  test('the help of a command shows its flags, however it is asked for', async () => {
    const [flag, command] = await Promise.all([run(['get', '--help']), run(['help', 'get'])]);
    expect(flag).toMatchObject({ code: 0, stdout: expect.stringMatching(/get \[options\] <name>[\s\S]*--namespace/) });
    expect(command).toEqual(flag);
  });

  test('compiled code is kept in the user cache, where there is one', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'kubefoundry-cache-'));
    const here = await run(['--version'], { env: { XDG_CACHE_HOME: cache } });
    const nowhereToKeep = await run(['--version'], { env: { XDG_CACHE_HOME: join(cache, 'missing') } });
    expect(await readdir(cache)).toEqual(['kubefoundry']);
    expect(await readdir(join(cache, 'kubefoundry', 'compiled'))).not.toEqual([]);
    expect(nowhereToKeep).toEqual(here);
    await rm(cache, { recursive: true });
  });

  test('--sandbox before a command means the default scenario', async () => {
    const { code, stdout } = await run(['--sandbox', 'runtimes', '-o', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ runtimes: [{ state: 'ready' }, { state: 'ready' }] });
  });

  test('--sandbox with a word that is no scenario names those that there are', async () => {
    const stderr =
      "INPUT_INVALID: --sandbox has no scenario 'nope'\n  It has empty, dynamo, kuberay, both, busy, legacy.\n";
    expect(await run(['tui', '--sandbox', 'nope'])).toMatchObject({ code: 2, stdout: '', stderr });
    expect(await run(['--sandbox', 'nope'])).toMatchObject({ code: 2, stdout: '', stderr });
  });

  test('kubefoundry sandbox serves until it is interrupted and takes its kubeconfig away', async () => {
    const sandbox = start(['sandbox', '--scenario', 'empty']);
    const printed = await sandbox.printed(/Ctrl-C/);
    const kubeconfig = /^Kubeconfig: (.*)$/m.exec(printed)?.[1] ?? '';
    const runtimes = await run(['runtimes'], { env: { KUBECONFIG: kubeconfig } });
    expect(runtimes.stdout).toContain('not_installed');
    sandbox.process.kill('SIGINT');
    expect(await sandbox.ended).toMatchObject({ code: 0, stderr: '' });
    await expect(access(kubeconfig)).rejects.toThrow('ENOENT');
  });
});
