import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readInClusterContext } from '../../src/cluster/in-cluster.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'service-account-'));
  await writeFile(join(folder, 'token'), 'token-of-the-pod');
  await writeFile(join(folder, 'ca.crt'), '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
  await writeFile(join(folder, 'namespace'), 'models\n');
});
afterEach(() => rm(folder, { recursive: true }));

const environment = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
const read = (asked?: string) => readInClusterContext(environment, asked, folder);

test('in a pod its own cluster is the only context, found without a name and by its own', async () => {
  const pod = { name: 'in-cluster', isPod: true, server: 'https://[fd00::1]:443', namespace: 'models' };
  expect(await read()).toMatchObject(pod);
  expect(await read('in-cluster')).toMatchObject(pod);
});

test('INPUT_INVALID: in a pod no other context is there, and none is taken for it', async () => {
  await expect(read('prod')).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: 'There is no context "prod": without a kubeconfig, a pod knows only its own cluster, in-cluster.',
    hint: 'Leave the context out to act on the cluster of this pod, or name a kubeconfig that has it with --kubeconfig or KUBECONFIG.',
  });
});

test('outside a pod there is no such context, whatever is asked for', async () => {
  expect(await readInClusterContext({}, 'prod', folder)).toBeUndefined();
  expect(await readInClusterContext(environment, 'prod', join(folder, 'nowhere'))).toBeUndefined();
});
