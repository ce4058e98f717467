import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCluster } from '../../src/cluster/open.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import type { ScenarioName } from '../../src/sandbox/scenarios/scenario.ts';
import type { Age, World } from './world.ts';

const releases = {
  old: {
    dynamo: { version: '1.1.1', apiVersion: 'nvidia.com/v1alpha1' },
    kuberay: { version: '1.6.2', apiVersion: 'ray.io/v1' },
  },
  current: {
    dynamo: { version: '1.6.1', apiVersion: 'nvidia.com/v1beta1' },
    kuberay: { version: '1.7.0', apiVersion: 'ray.io/v1' },
  },
} as const;

/** A sandbox of its own, in which nothing waits for time to pass. */
export async function sandboxWorld(scenario: ScenarioName, age: Age = 'current'): Promise<World> {
  const sandbox = await startSandbox({ scenario, speed: Number.POSITIVE_INFINITY });
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-world-'));
  const write = async (name: string, kubeconfig: string) => {
    const file = join(folder, `${name}.yaml`);
    await writeFile(file, kubeconfig, { mode: 0o600 });
    return file;
  };
  const kubeconfig = await write('admin', sandbox.kubeconfig);
  const admin = await openCluster({ kubeconfig: [kubeconfig], fieldManager: 'kubectl' });
  return {
    kubeconfig,
    admin,
    installer: sandbox.installer,
    releases: releases[age],
    async kubeconfigOf({ namespace, name }) {
      const token = randomBytes(16).toString('hex');
      sandbox.api.addIdentity({ token, user: `system:serviceaccount:${namespace}:${name}` });
      return write(`${namespace}-${name}`, sandbox.api.kubeconfig(token));
    },
    fail: sandbox.fail,
    restart: () => sandbox.api.restart({ downMilliseconds: 500 }),
    async stop() {
      admin.close();
      await sandbox.stop();
      await rm(folder, { recursive: true });
    },
  };
}
