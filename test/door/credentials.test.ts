import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openCluster } from '../../src/cluster/open.ts';
import { type Answer, failure, json, startScriptedApi } from '../support/scripted-api.ts';
import { configMap, configMaps, objectPath, problemOf, settings, test } from './door.ts';

/** Accepts one token and nothing else. */
const onlyFor =
  (token: () => string): Answer =>
  (request, response) => {
    const answer =
      request.headers.authorization === `Bearer ${token()}`
        ? json(configMap('settings', '1'))
        : failure(401, 'Unauthorized', 'Unauthorized');
    answer(request, response);
  };

/** A server, and a kubeconfig whose credential plugin is this shell script. */
async function withPlugin(script: string, exec: Record<string, unknown> = {}) {
  const api = await startScriptedApi();
  const command = join(api.folder, 'plugin');
  await writeFile(command, `#!/bin/sh\n${script}\n`);
  await chmod(command, 0o755);
  const user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: './plugin', ...exec } };
  const environment = { PATH: '/usr/bin:/bin', FOLDER: api.folder };
  const cluster = await openCluster({ kubeconfig: [await api.kubeconfig({ user })], environment });
  return { api, cluster, runs: () => readFile(join(api.folder, 'runs'), 'utf8').then((text) => text.length) };
}

const answering = (status: string) =>
  `printf x >> "$FOLDER/runs"; echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":${status}}'`;

test('a token file that was renewed is read again when the server refuses the old token', async () => {
  const api = await startScriptedApi();
  await using _ = api;
  const file = join(api.folder, 'token');
  await writeFile(file, 'old');
  let accepted = 'old';
  api.on(
    objectPath,
    onlyFor(() => accepted),
  );
  const cluster = await openCluster({ kubeconfig: [await api.kubeconfig({ user: { tokenFile: file } })] });
  expect(await cluster.get(configMaps, settings)).toBeDefined();
  accepted = 'new';
  await writeFile(file, 'new');
  expect(await cluster.get(configMaps, settings)).toBeDefined();
  expect(api.requestsTo(objectPath).map(({ headers }) => headers.authorization)).toEqual([
    'Bearer old',
    'Bearer old',
    'Bearer new',
  ]);
  cluster.close();
});

test('a token that nothing can renew is UNAUTHENTICATED at the first refusal', async ({ openDoor }) => {
  const { api, cluster } = await openDoor();
  api.on(objectPath, failure(401, 'Unauthorized', 'Unauthorized'));
  const problem = await problemOf(cluster.get(configMaps, settings));
  expect(problem.code).toBe('UNAUTHENTICATED');
  expect(problem.message).toContain(api.url);
  expect(api.requestsTo(objectPath)).toHaveLength(1);
});

test('fifty calls that are refused at once run the credential plugin once more, not fifty times', async () => {
  const token = '$(wc -c < "$FOLDER/runs")';
  const { api, cluster, runs } = await withPlugin(
    `printf x >> "$FOLDER/runs"; printf '{"kind":"ExecCredential","status":{"token":"token-%s"}}' ${token}`,
  );
  await using _ = api;
  let accepted = 'token-1';
  api.on(
    objectPath,
    onlyFor(() => accepted),
  );
  await cluster.get(configMaps, settings);
  accepted = 'token-2';
  const calls = Array.from({ length: 50 }, () => cluster.get(configMaps, settings));
  expect((await Promise.all(calls)).every((object) => object?.metadata.name === 'settings')).toBe(true);
  expect(await runs()).toBe(2);
  cluster.close();
});

test('a credential is used until it expires, and the plugin runs again then', async () => {
  const { api, cluster, runs } = await withPlugin(
    answering('{"token":"t","expirationTimestamp":"2001-01-01T00:00:00Z"}'),
  );
  await using _ = api;
  api.on(objectPath, json(configMap('settings', '1')));
  await cluster.get(configMaps, settings);
  const before = await runs();
  await cluster.get(configMaps, settings);
  expect(await runs()).toBe(before + 1);
  cluster.close();

  const lasting = await withPlugin(answering('{"token":"t","expirationTimestamp":"2999-01-01T00:00:00Z"}'));
  await using __ = lasting.api;
  lasting.api.on(objectPath, json(configMap('settings', '1')));
  await lasting.cluster.get(configMaps, settings);
  await lasting.cluster.get(configMaps, settings);
  expect(await lasting.runs()).toBe(1);
  lasting.cluster.close();
});

test('the plugin is told which cluster it logs in to, and gets no input', async () => {
  const script = `cat > "$FOLDER/input"; echo "$KUBERNETES_EXEC_INFO" > "$FOLDER/info"; echo "$ROLE $1" > "$FOLDER/role"; ${answering('{"token":"t"}')}`;
  const { api, cluster } = await withPlugin(script, {
    provideClusterInfo: true,
    args: ['--who; rm -rf x'],
    env: [{ name: 'ROLE', value: 'viewer' }],
  });
  await using _ = api;
  await cluster.resources();
  const read = (name: string) => readFile(join(api.folder, name), 'utf8');
  expect(JSON.parse(await read('info'))).toMatchObject({
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: { interactive: false, cluster: { server: api.url } },
  });
  expect(await read('input')).toBe('');
  expect(await read('role')).toBe('viewer --who; rm -rf x\n');
  cluster.close();
});

test.each([
  ['fails', 'echo "please log in" >&2; exit 3', /ended with code 3: please log in/],
  ['answers with something else', 'echo hello', /did not answer with an ExecCredential/],
  ['answers without a token', `echo '{"kind":"ExecCredential","status":{}}'`, /holds a token or a certificate/],
  ['never stops writing', 'while :; do printf "%01000d" 0; done', /wrote more than 1 MB/],
])('a plugin that %s is UNAUTHENTICATED, with the hint of the kubeconfig', async (_, script, message) => {
  const { api, cluster } = await withPlugin(script, { installHint: 'Install the plugin from example.com' });
  await using __ = api;
  const problem = await problemOf(cluster.resources());
  expect(problem).toMatchObject({ code: 'UNAUTHENTICATED', hint: 'Install the plugin from example.com' });
  expect(problem.message).toMatch(message);
  expect(api.requests).toHaveLength(0);
  cluster.close();
});

test('a cancelled call ends the plugin that it waits for, and what that started', async () => {
  const { api, cluster } = await withPlugin(`sleep 60 & echo $! > "$FOLDER/child"; touch "$FOLDER/ready"; wait`);
  await using _ = api;
  const controller = new AbortController();
  const call = cluster.resources({ signal: controller.signal });
  const child = await eventually(async () => Number(await readFile(join(api.folder, 'child'), 'utf8')));
  controller.abort();
  await expect(call).rejects.toThrow('aborted');
  expect(await eventually(async () => (isAlive(child) ? 0 : 1))).toBe(1);
  cluster.close();
});

test('a plugin that is not there, or wants a terminal, is said so', async () => {
  const missing = await withPlugin('', { command: 'no-such-plugin-anywhere' });
  await using _ = missing.api;
  expect((await problemOf(missing.cluster.resources())).message).toContain('cannot be run (ENOENT)');
  const terminal = await withPlugin('', { interactiveMode: 'Always' }).catch((error: unknown) => error);
  expect(terminal).toMatchObject({ code: 'INPUT_INVALID', message: expect.stringContaining('wants a terminal') });
});

test('an ID token of OpenID Connect is used until it ends, and renewed with the refresh token then', async () => {
  const api = await startScriptedApi();
  await using _ = api;
  const token = (name: string, seconds: number) => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: api.url, aud: 'kubefoundry', sub: name, iat: now, exp: now + seconds };
    return `${part({ alg: 'RS256' })}.${part(claims)}.c2lnbmF0dXJl`;
  };
  const provider = { issuer: api.url, token_endpoint: `${api.url}/token`, jwks_uri: `${api.url}/keys` };
  api.on('GET /.well-known/openid-configuration', json(provider));
  const grant = { access_token: 'a', token_type: 'bearer', expires_in: 3600, refresh_token: 'next' };
  api.on('POST /token', (request, response) => {
    json({ ...grant, id_token: token('renewed', 3600) })(request, response);
  });
  api.on('GET /version', json({ gitVersion: 'v1.35.4' }));
  const config = {
    'client-secret': 'shh',
    'client-id': 'kubefoundry',
    'idp-issuer-url': api.url,
    'idp-certificate-authority-data': Buffer.from(api.certificate).toString('base64'),
    'refresh-token': 'first',
  };
  const subjects = async (idToken: string) => {
    const user = { 'auth-provider': { name: 'oidc', config: { ...config, 'id-token': idToken } } };
    const cluster = await openCluster({ kubeconfig: [await api.kubeconfig({ user })] });
    const before = api.requests.length;
    for (let call = 0; call < 3; call += 1) await cluster.version();
    cluster.close();
    const sent = api.requests.slice(before).filter(({ path }) => path === '/version');
    return sent.map(({ headers }) => {
      const claims = Buffer.from(headers.authorization?.split('.')[1] ?? '', 'base64url').toString('utf8');
      return /"sub":"(\w+)"/.exec(claims)?.[1];
    });
  };
  expect(await subjects(token('good', 3600))).toEqual(['good', 'good', 'good']);
  expect(api.requestsTo('POST /token')).toHaveLength(0);
  expect(await subjects(token('expired', -60))).toEqual(['renewed', 'renewed', 'renewed']);
  expect(api.requestsTo('POST /token').map(({ body }) => new URLSearchParams(body).get('refresh_token'))).toEqual([
    'first',
  ]);
  const login = Buffer.from('kubefoundry:shh').toString('base64');
  expect(api.requestsTo('POST /token')[0]?.headers.authorization).toBe(`Basic ${login}`);

  api.on('POST /token', json({ error: 'invalid_grant', error_description: 'Token is expired' }, 400));
  const problem = await problemOf(subjects(token('expired', -60)));
  expect(problem.code).toBe('UNAUTHENTICATED');
  expect(problem.message).toContain('Token is expired');
});

/** The first answer that is neither an error nor 0. */
async function eventually(look: () => Promise<number>): Promise<number> {
  for (;;) {
    const found = await look().catch(() => 0);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
