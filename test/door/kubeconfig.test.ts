import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { contexts } from '../../src/cluster/context.ts';
import { openCluster } from '../../src/cluster/open.ts';
import { json, startScriptedApi } from '../support/scripted-api.ts';
import { configMap, configMaps, objectPath, problemOf, settings, test } from './door.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const dev = `
current-context: dev
clusters:
- { name: east, cluster: { server: "https://east.example:6443/" } }
users:
- { name: admin, user: { token: one } }
contexts:
- { name: dev, context: { cluster: east, user: admin, namespace: models } }
`;
const prod = `
current-context: prod
clusters:
- { name: east, cluster: { server: "https://impostor.example" } }
- { name: west, cluster: { server: "https://west.example/k8s/clusters/c-1" } }
users: null
contexts:
- { name: prod, context: { cluster: west, user: admin } }
`;

test('several files are one: the first that names an entry or the current context wins', async () => {
  const paths = [await file('a', dev), join(folder, 'missing'), await file('b', prod)];
  expect(await contexts({ environment: { KUBECONFIG: paths.join(delimiter) } })).toEqual({
    current: 'dev',
    contexts: [
      { name: 'dev', cluster: 'east', server: 'https://east.example:6443/', user: 'admin', namespace: 'models' },
      {
        name: 'prod',
        cluster: 'west',
        server: 'https://west.example/k8s/clusters/c-1',
        user: 'admin',
        namespace: undefined,
      },
    ],
  });
  const cluster = await openCluster({ kubeconfig: paths, context: 'prod' });
  expect([cluster.context, cluster.server]).toEqual(['prod', 'https://west.example/k8s/clusters/c-1']);
});

test('a context that does not exist is answered with those that do', async () => {
  const problem = await problemOf(openCluster({ kubeconfig: [await file('a', dev)], context: 'staging' }));
  expect(problem).toMatchObject({ code: 'INPUT_INVALID', hint: 'Pass --context with one of: dev.' });
  expect(problem.message).toContain('no context "staging"');
});

test('without any kubeconfig the hint leads to the sandbox', async () => {
  const problem = await problemOf(openCluster({ environment: { KUBECONFIG: join(folder, 'none') } }));
  expect(problem.code).toBe('CLUSTER_UNREACHABLE');
  expect(problem.message).toContain(join(folder, 'none'));
  expect(problem.hint).toContain('kubefoundry sandbox');
});

test.each([
  ['text that is no YAML', '{ clusters: [', /is not YAML/],
  ['a token that is a list', 'users: [{ name: me, user: { token: [1] } }]', /users\[me\]\.user\.token/],
  ['a cluster that is missing', 'current-context: a\ncontexts: [{ name: a, context: { cluster: b } }]', /no cluster b/],
  ['a server that is no URL', dev.replace('https://east.example:6443/', 'east'), /clusters\[east\]\.cluster\.server/],
  [
    'an authority that is no certificate',
    dev.replace('6443/"', '6443/", certificate-authority-data: bm8='),
    /certificate-authority-data: not PEM/,
  ],
  [
    'an authority whose file is missing',
    dev.replace('6443/"', '6443/", certificate-authority: ca.pem'),
    /certificate-authority: ca\.pem cannot be read \(ENOENT\)/,
  ],
  [
    'an alias bomb',
    `a: &a [1,1,1]\n${'bcdefghij'.split('').reduce((text, name, index, all) => `${text}${name}: &${name} [${`*${all[index - 1] ?? 'a'},`.repeat(9)}]\n`, '')}`,
    /is not YAML/,
  ],
])('%s is INPUT_INVALID and names the file', async (_, content, message) => {
  const path = await file('config', content);
  const problem = await problemOf(openCluster({ kubeconfig: [path] }));
  expect(problem.code).toBe('INPUT_INVALID');
  expect(problem.message).toContain(path);
  expect(problem.message).toMatch(message);
});

test('no complaint about a kubeconfig repeats its secrets', async () => {
  const path = await file('config', 'users:\n- name: me\n  user:\n    token: hunter2\n   broken: {\n');
  const problem = await problemOf(openCluster({ kubeconfig: [path] }));
  expect(JSON.stringify({ ...problem, message: problem.message })).not.toContain('hunter2');
});

test('an impersonated user, its groups and its extras become headers, a header for each group', async ({
  openDoor,
}) => {
  const user = {
    token: 'secret',
    as: 'jane',
    'as-uid': '7',
    'as-groups': ['ops', 'dev'],
    'as-user-extra': { 'example.com/Why': ['on call'] },
  };
  const { api, cluster } = await openDoor({}, { user });
  api.on(objectPath, json(configMap('settings', '1')));
  await cluster.get(configMaps, settings);
  const { headers, rawHeaders } = api.requestsTo(objectPath)[0] ?? {};
  expect(headers).toMatchObject({
    authorization: 'Bearer secret',
    'impersonate-user': 'jane',
    'impersonate-uid': '7',
    'impersonate-extra-example.com%2fwhy': 'on call',
  });
  const groups = rawHeaders?.filter((_, index) => rawHeaders[index - 1]?.toLowerCase() === 'impersonate-group');
  expect(groups).toEqual(['ops', 'dev']);
});

test('a token file is read where the kubeconfig stands', async () => {
  const api = await startScriptedApi();
  await using _ = api;
  await mkdir(join(api.folder, 'keys'));
  await writeFile(join(api.folder, 'keys', 'token'), 'from-file\n');
  const path = await api.kubeconfig({ user: { tokenFile: 'keys/token' } });
  const cluster = await openCluster({ kubeconfig: [path] });
  await cluster.resources();
  cluster.close();
  expect(api.requests[0]?.headers.authorization).toBe('Bearer from-file');
});

test('the server name for TLS may differ from the host, and a wrong one is a certificate problem', async ({
  openDoor,
}) => {
  const { cluster } = await openDoor({}, { cluster: { 'tls-server-name': 'kubernetes.default.svc' } });
  expect(await cluster.resource(configMaps)).toMatchObject({ plural: 'configmaps' });
  const wrong = await openDoor({}, { cluster: { 'tls-server-name': 'other.example' } });
  const problem = await problemOf(wrong.cluster.resources());
  expect(problem.code).toBe('CLUSTER_UNREACHABLE');
  expect(problem.message).toContain('its certificate is for another host name');
});

test('an unknown authority is refused, unless verification is switched off', async ({ openDoor }) => {
  const strict = await openDoor({}, { cluster: { 'certificate-authority-data': undefined } });
  expect((await problemOf(strict.cluster.resources())).message).toContain(
    'an authority that the kubeconfig does not name',
  );
  const lax = await openDoor(
    {},
    { cluster: { 'certificate-authority-data': undefined, 'insecure-skip-tls-verify': true } },
  );
  expect(await lax.cluster.resource(configMaps)).toBeDefined();
});

test('the default is the kubeconfig in the home folder', async ({ onTestFinished }) => {
  vi.stubEnv('HOME', folder);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  await mkdir(join(folder, '.kube'));
  await file(join('.kube', 'config'), dev);
  expect((await contexts()).current).toBe('dev');
});
