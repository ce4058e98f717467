import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readContext } from '../../src/cluster/context.ts';
import { singleContext } from '../../src/cluster/single-context.ts';
import { listAt, textAt, valueAt } from '../../src/kubernetes.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'single-context-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The user in what helm gets of a kubeconfig. */
async function userFrom(user: object, nameOf = (path: string) => path): Promise<unknown> {
  const path = join(folder, 'kubeconfig');
  const config = {
    'current-context': 'lab',
    clusters: [{ name: 'lab', cluster: { server: 'https://127.0.0.1:1' } }],
    users: [{ name: 'eva', user }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'eva' } }],
  };
  await writeFile(path, JSON.stringify(config));
  const single: unknown = JSON.parse(singleContext(await readContext({ kubeconfig: [nameOf(path)] })));
  return valueAt(listAt(single, 'users')[0], 'user');
}

const plugin = (command: string) => ({
  exec: {
    apiVersion: 'client.authentication.k8s.io/v1',
    command,
    args: ['./stays'],
    env: [{ name: 'A', value: './b' }],
  },
});

test('a credential plugin with a path starts where the kubeconfig stands, one with a name on the PATH', async () => {
  const { exec } = plugin(join(folder, 'bin/x'));
  expect(await userFrom(plugin('./bin/x'))).toEqual({ exec });
  expect(await userFrom(plugin('/opt/x'))).toMatchObject({ exec: { command: '/opt/x' } });
  expect(await userFrom(plugin('aws'))).toMatchObject({ exec: { command: 'aws' } });
});

test('paths are whole also where the kubeconfig was named by a relative one', async () => {
  const fromHere = (path: string) => relative(process.cwd(), path);
  expect(textAt(await userFrom({ tokenFile: 'token' }, fromHere), 'tokenFile')).toBe(join(folder, 'token'));
  expect(await userFrom(plugin('./x'), fromHere)).toMatchObject({ exec: { command: join(folder, 'x') } });
});
