import { access, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createHelmInstaller, type HelmStep } from '../../src/cluster/helm.ts';
import { runHelm } from '../../src/cluster/helm-process.ts';
import { openCluster } from '../../src/cluster/open.ts';
import { writeHelm } from '../support/helm.ts';
import { soon } from '../support/soon.ts';

const kubeconfig = `
apiVersion: v1
kind: Config
current-context: lab
clusters:
  - {name: lab, cluster: {server: "https://127.0.0.1:1", certificate-authority: pki/ca.pem}}
  - {name: other, cluster: {server: "https://127.0.0.1:2"}}
users:
  - {name: eva, user: {token: eva-token}}
  - {name: bob, user: {token: bob-token}}
contexts:
  - {name: lab, context: {cluster: lab, user: eva}}
  - {name: other, context: {cluster: other, user: bob}}
`;

const authority = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

let folder: string;
const signal = new AbortController().signal;
const silent = () => {};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'helm-test-'));
  vi.stubEnv('TMPDIR', folder);
  await writeHelm(folder);
  await writeFile(join(folder, 'kubeconfig'), kubeconfig);
  await mkdir(join(folder, 'pki'));
  await writeFile(join(folder, 'pki/ca.pem'), authority);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const installer = (environment: Record<string, string> = {}) =>
  createHelmInstaller({
    kubeconfig: [join(folder, 'kubeconfig')],
    environment: { PATH: `${folder}:${process.env.PATH}`, ...environment },
  });

/** The arguments that helm was started with last. */
const told = async () => JSON.parse(await readFile(join(folder, 'told.json'), 'utf8')).argv.join(' ');

const lab = () => openCluster({ kubeconfig: [join(folder, 'kubeconfig')] });

const step = (release: string) =>
  ({
    kind: 'helm' as const,
    action: 'install' as const,
    release,
    namespace: 'kuberay-system',
    chart: 'kuberay-operator',
    repository: 'https://charts.example/kuberay',
    version: '1.7.0',
    values: { watch: ['a', 'b'] },
  }) satisfies HelmStep;

test.each([
  ['v3.20.2', true],
  ['v3.21.0', true],
  ['v4.1.4+g0123', true],
  ['v5.0.0', true],
  ['v3.20.1', false],
  ['v3.9.9', false],
  ['v4.1.3', false],
  ['v2.17.0', false],
])('helm %s is new enough: %s', async (version, ok) => {
  await writeFile(join(folder, 'version'), version);
  const ready = await installer().ready(signal);
  expect(ready.ok).toBe(ok);
  if (!ready.ok) expect(ready.message).toContain(version);
});

test('HELM_MISSING: without helm the answer says so and where to get it', async () => {
  const none = createHelmInstaller({ environment: { PATH: '/nowhere' } });
  expect(await none.ready(signal)).toMatchObject({
    ok: false,
    code: 'HELM_MISSING',
    message: 'There is no helm on the PATH.',
  });
  await expect(none.carryOut(step('kuberay'), await lab(), silent, signal)).rejects.toMatchObject({
    code: 'HELM_MISSING',
  });
});

test('helm runs with an argument array, its own homes, one context and nothing else of our environment', async () => {
  const surroundings = {
    HELM_KUBETOKEN: 'stolen',
    HELM_NAMESPACE: 'evil',
    HF_TOKEN: 'hf_secret',
    HTTPS_PROXY: 'http://proxy:1',
  };
  await installer(surroundings).carryOut(step('kuberay-operator'), await lab(), silent, signal);
  const told = JSON.parse(await readFile(join(folder, 'told.json'), 'utf8'));
  expect(told.argv.join(' ')).toBe(
    'upgrade --install --namespace kuberay-system --wait --timeout 600s --create-namespace ' +
      '--repo https://charts.example/kuberay --version 1.7.0 --values values.json -- kuberay-operator kuberay-operator',
  );
  expect(JSON.parse(told.values)).toEqual({ watch: ['a', 'b'] });
  expect(told.mode).toBe(0o600);
  expect(told.kubeconfig.contexts).toHaveLength(1);
  expect(told.kubeconfig.users).toEqual([{ name: 'lab', user: { token: 'eva-token' } }]);
  expect(told.kubeconfig['current-context']).toBe('lab');
  expect(told.kubeconfig.clusters[0].cluster['certificate-authority']).toBe(join(folder, 'pki/ca.pem'));
  expect(told.env).toMatchObject({ HTTPS_PROXY: 'http://proxy:1', HELM_CONFIG_HOME: expect.any(String) });
  for (const name of ['HELM_KUBETOKEN', 'HELM_NAMESPACE', 'HF_TOKEN']) expect(told.env).not.toHaveProperty(name);
});

test('a release that a killed helm left pending is carried on, and one that is gone already is no failure', async () => {
  const pending = { ...step('ray'), action: 'rollback', revision: 3 } as const;
  await installer().carryOut(pending, await lab(), silent, signal);
  expect(await told()).toBe('rollback --namespace kuberay-system --wait --timeout 600s -- ray 3');
  await installer().carryOut({ ...step('ray'), action: 'uninstall' }, await lab(), silent, signal);
  expect(await told()).toBe('uninstall --namespace kuberay-system --wait --timeout 600s --ignore-not-found -- ray');
});

test('INPUT_INVALID: what is no name reaches no helm', async () => {
  for (const release of ['-evil', 'a b', '$(id)']) {
    await expect(installer().carryOut(step(release), await lab(), silent, signal)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  }
});

test('releases are told with chart and version apart', async () => {
  const listed = [
    {
      name: 'ray',
      namespace: 'ray',
      revision: '3',
      updated: '',
      status: 'failed',
      chart: 'kuberay-operator-1.7.0',
    },
    {
      name: 'dyn',
      namespace: 'dyn',
      revision: '1',
      updated: '2026-03-08 15:51:40.123456789 +0100 CET',
      status: 'deployed',
      chart: 'dynamo-platform-1.6.1-rc.1',
    },
  ];
  await writeFile(join(folder, 'releases'), JSON.stringify(listed));
  expect(await installer().releases(await lab(), signal)).toEqual([
    {
      name: 'ray',
      namespace: 'ray',
      revision: 3,
      status: 'failed',
      chart: 'kuberay-operator',
      version: '1.7.0',
    },
    { name: 'dyn', namespace: 'dyn', revision: 1, status: 'deployed', chart: 'dynamo-platform', version: '1.6.1-rc.1' },
  ]);
});

test('HELM_FAILED and HELM_MISSING: a program of that name that is no helm is told by what it says', async () => {
  await writeFile(join(folder, 'releases'), 'Usage: helm the ship');
  await expect(installer().releases(await lab(), signal)).rejects.toMatchObject({
    code: 'HELM_FAILED',
    message: 'helm list printed something else than its releases: Usage: helm the ship',
  });
  await writeFile(join(folder, 'version'), 'Usage: helm the ship');
  expect(await installer().ready(signal)).toMatchObject({
    ok: false,
    message: expect.stringContaining('does not say which version it is, but: Usage: helm the ship'),
  });
});

test('HELM_FAILED: the error ends with the words of helm', async () => {
  await expect(installer().carryOut(step('broken'), await lab(), silent, signal)).rejects.toMatchObject({
    code: 'HELM_FAILED',
    message: 'helm upgrade failed: Error: cannot re-use a name that is still in use.',
  });
});

test('HELM_FAILED: warnings that helm logs take no room from the error, unless they are all there is', async () => {
  const warning = 'W1129 10:11:12.131415     999 warnings.go:107] "Warning: spec.template is deprecated"';
  const notice = 'I1129 10:11:12.131415 999 warnings.go:110] "Warning: unknown field"';
  const failed = async (...says: readonly string[]) => {
    await writeFile(join(folder, 'says'), says.join('\n'));
    return installer().carryOut(step('kuberay'), await lab(), silent, signal);
  };
  const room = Array.from({ length: 6 }, () => notice);
  await expect(failed('Error: UPGRADE FAILED: timed out', warning, ...room)).rejects.toMatchObject({
    message: 'helm upgrade failed: Error: UPGRADE FAILED: timed out.',
  });
  await expect(failed(warning)).rejects.toMatchObject({ message: expect.stringContaining('is deprecated') });
});

test('HELM_FAILED: the end of its words is told, however much it said before', async () => {
  await expect(installer().carryOut(step('talkative'), await lab(), silent, signal)).rejects.toMatchObject({
    code: 'HELM_FAILED',
    message: expect.stringMatching(/Error: the reason stands at the end\.$/),
  });
});

test('HELM_FAILED: a helm of which no word can be left does not work on', async () => {
  const run = {
    helm: join(folder, 'helm'),
    args: ['upgrade', 'slow'],
    folder,
    environment: process.env,
    timeout: 60_000,
  };
  const started = () => {
    throw new Error('no space left on device');
  };
  await expect(runHelm({ ...run, started }, signal)).rejects.toMatchObject({
    code: 'HELM_FAILED',
    message: 'helm upgrade failed: no space left on device.',
  });
});

test('a cancelled installation ends helm', async () => {
  const cancelling = new AbortController();
  const running = installer().carryOut(step('slow'), await lab(), silent, cancelling.signal);
  const ended = expect(running).rejects.toThrow('no longer wanted');
  const pid = () => readFile(join(folder, 'pid'), 'utf8').catch(() => '');
  await expect.poll(pid, soon).not.toBe('');
  const helm = Number(await pid());
  cancelling.abort(new Error('no longer wanted'));
  await ended;
  expect(() => process.kill(helm, 0)).toThrow('ESRCH');
});

test('what a program that was killed left behind is deleted by the next one', async () => {
  const left = await mkdtemp(join(tmpdir(), 'kubefoundry-helm-'));
  await writeFile(join(left, 'kubeconfig'), kubeconfig);
  const dayAgo = new Date(Date.now() - 86_400_000);
  await utimes(left, dayAgo, dayAgo);
  await installer().ready(signal);
  await expect(access(left)).rejects.toThrow('ENOENT');
});
