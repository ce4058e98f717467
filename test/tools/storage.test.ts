import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHelmInstaller } from '../../src/cluster/helm.ts';
import type { KubernetesObject } from '../../src/kubernetes.ts';
import { installRuntime } from '../../src/tools/install-runtime.ts';
import { writeHelm } from '../support/helm.ts';
import { dataOf, type Lab, startLab } from '../support/lab.ts';
import { startWorkbench } from '../support/sandbox.ts';

let lab: Lab;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubefoundry-storage-'));
  await writeHelm(folder);
  const environment = { PATH: `${folder}:${process.env.PATH}` };
  lab = await startLab({
    runtimes: [],
    installer: (kubeconfig) => createHelmInstaller({ kubeconfig: [kubeconfig], environment }),
  });
});
afterAll(async () => {
  await lab.stop();
  await rm(folder, { recursive: true });
});

const mark = 'storageclass.kubernetes.io/is-default-class';
const storageClass = (name: string, isDefault: boolean, by = mark): KubernetesObject => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name, annotations: { [by]: String(isDefault) } },
  provisioner: 'test.example/none',
});
const plan = (version: string, as?: string) =>
  lab.call('install_runtime', { runtime: 'dynamo', version, planOnly: true }, as === undefined ? {} : { as });
const asked = () => lab.api.requests.filter(({ path }) => path.includes('storageclasses') && !path.includes('review'));
const release = (status: string) =>
  JSON.stringify([
    {
      name: 'dynamo-platform',
      namespace: 'dynamo-system',
      revision: '1',
      status,
      chart: 'dynamo-platform-1.3.1',
    },
  ]);

beforeEach(async () => {
  await writeFile(join(folder, 'releases'), '[]');
  for (const name of ['fast', 'slow']) await lab.remove(storageClass(name, false));
  lab.api.clearRequests();
});

const lacking = (version: string) =>
  `NVIDIA Dynamo ${version} brings NATS, whose volume takes the default StorageClass, and there is none: helm would wait for it in vain.`;

describe('a release whose chart brings a volume', () => {
  test.each(['1.0.2', '1.1.1', '1.2.0', '1.3.1'])('%s is not installed without a StorageClass', async (version) => {
    const refused = await lab.call('install_runtime', { runtime: 'dynamo', version });
    expect(refused).toMatchObject({
      ok: false,
      error: {
        code: 'NOT_SUPPORTED',
        message: lacking(version),
        hint: expect.stringMatching(
          /^Create one and make it the default: kubectl --context \S+ annotate storageclass NAME .*Or install a version that needs none: install_runtime \{"runtime":"dynamo","version":"1\.6\.1"/,
        ),
      },
    });
  });

  test('nor with StorageClasses of which none is the default, which are named', async () => {
    await lab.apply(storageClass('fast', false), storageClass('slow', false));
    expect(dataOf(await plan('1.3.1'))).toMatchObject({
      outcome: 'refused',
      code: 'NOT_SUPPORTED',
      reason: expect.stringContaining(`${lacking('1.3.1')} Make one of fast, slow the default: kubectl`),
      steps: expect.arrayContaining([
        expect.objectContaining({
          title: 'There is no default StorageClass, for the volume of NATS',
          status: 'failed',
        }),
      ]),
    });
  });

  test.each([mark, 'storageclass.beta.kubernetes.io/is-default-class'])(
    'is installed with one that %s marks, which costs one request',
    async (by) => {
      await lab.apply(storageClass('fast', true, by), storageClass('slow', false));
      lab.api.clearRequests();
      expect(dataOf(await plan('1.3.1'))).toMatchObject({
        outcome: 'planned',
        steps: expect.arrayContaining([
          {
            title: 'The default StorageClass is fast, for the volume of NATS',
            status: 'ok',
            command: expect.stringMatching(/^kubectl .*get storageclasses$/),
          },
        ]),
      });
      expect(asked()).toHaveLength(1);
    },
  );

  test('over a release that is there is no more than warned of: its values may do without', async () => {
    await writeFile(join(folder, 'releases'), release('failed'));
    expect(dataOf(await plan('1.3.1'))).toMatchObject({
      outcome: 'planned',
      warnings: expect.arrayContaining([expect.stringContaining(lacking('1.3.1'))]),
    });
  });

  test('says that it is not known where StorageClasses may not be read', async () => {
    await lab.allow('blind', [
      { apiGroups: ['', 'apps', 'rbac.authorization.k8s.io', 'apiextensions.k8s.io'], resources: ['*'], verbs: ['*'] },
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['*'] },
    ]);
    expect(dataOf(await plan('1.3.1', 'blind'))).toMatchObject({
      outcome: 'planned',
      warnings: expect.arrayContaining([
        expect.stringMatching(
          /^NVIDIA Dynamo 1\.3\.1 brings NATS, .* whether there is one is not known: .*storageclasses/,
        ),
      ]),
      steps: expect.arrayContaining([
        expect.objectContaining({ title: 'Whether there is a default StorageClass is not known', status: 'not run' }),
      ]),
    });
  });
});

test.each([
  ['dynamo', '1.4.2'],
  ['dynamo', '1.6.1'],
  ['kuberay', '1.7.0'],
])('%s %s brings none, and nobody asks for StorageClasses', async (runtime, version) => {
  const planned = await lab.call('install_runtime', { runtime, version, planOnly: true });
  expect(dataOf(planned)).toMatchObject({ outcome: 'planned' });
  expect(asked()).toEqual([]);
});

test('the sandbox has a default StorageClass', async () => {
  const bench = await startWorkbench({ scenario: 'empty' });
  try {
    expect(await bench.data(installRuntime, { runtime: 'dynamo', version: '1.3.1' })).toMatchObject({
      outcome: 'done',
      status: { state: 'ready', version: '1.3.1' },
    });
  } finally {
    await bench.stop();
  }
});
