import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCluster } from '../../src/cluster/open.ts';
import { installRelease } from '../../src/sandbox/installation.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { kuberayVersion } from './kuberay-operator.ts';
import type { Stage } from './kuberay-story.ts';

/** A sandbox with its own KubeRay operator, in the version of the real one. */
export async function startSimulatedKubeRay(): Promise<Stage & { stop(): Promise<void> }> {
  const sandbox = await startSandbox({ scenario: 'empty', speed: Number.POSITIVE_INFINITY });
  const folder = await mkdtemp(join(tmpdir(), 'simulated-kuberay-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, sandbox.kubeconfig, { mode: 0o600 });
  const release = { runtime: 'kuberay', version: kuberayVersion, release: 'kuberay-operator' } as const;
  const installing = await openCluster({ kubeconfig: [kubeconfig] });
  await installRelease(installing, { ...release, namespace: 'kuberay-system' }, AbortSignal.timeout(10_000));
  installing.close();
  await sandbox.settled();
  const admin = await openCluster({ kubeconfig: [kubeconfig], fieldManager: 'kubectl' });
  return {
    kubeconfig,
    admin,
    holdWorkers: (name) => sandbox.fail(name, 'unschedulable'),
    async stop() {
      admin.close();
      await sandbox.stop();
      await rm(folder, { recursive: true });
    },
  };
}
