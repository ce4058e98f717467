import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeHelm } from '../support/helm.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { run, start } from '../support/program.ts';
import { soon } from '../support/soon.ts';

let folder: string;
let lab: Lab;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orphans-'));
  await writeHelm(folder);
  lab = await startLab({ runtimes: ['kuberay'] });
  await lists('deployed');
});
afterEach(async () => {
  await lab.stop();
  await rm(folder, { recursive: true });
});

const environment = () => ({
  PATH: `${folder}:${process.env.PATH}`,
  TMPDIR: folder,
  HOME: folder,
  KUBECONFIG: lab.kubeconfig,
});

/** Has helm list the release as made just now. */
async function lists(status: string): Promise<void> {
  const updated = `${new Date().toISOString().replace('T', ' ').replace('Z', '')} +0000 UTC`;
  const release = { name: 'kuberay-operator', namespace: 'kuberay-system', revision: '1', updated, status };
  await writeFile(join(folder, 'releases'), JSON.stringify([{ ...release, chart: 'kuberay-operator-1.7.0' }]));
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const upgrade = ['install', 'kuberay', '--version', '1.7.9', '--yes'];
const uninstall = ['uninstall', 'kuberay', '--yes'];

/** Kills the program while its helm works, which then works on. */
async function leaveHelm(): Promise<number> {
  await writeFile(join(folder, 'waits'), '');
  const { process: program, ended } = start(uninstall, { env: environment() });
  program.stdin?.end();
  const pid = async () => Number(await readFile(join(folder, 'pid'), 'utf8').catch(() => '0'));
  await expect.poll(pid, soon).toBeGreaterThan(0);
  program.kill('SIGKILL');
  await ended;
  await rm(join(folder, 'waits'));
  const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };
  await lab.remove({ ...lease, metadata: { name: 'kubefoundry-kuberay', namespace: 'default' } });
  await lists('pending-upgrade');
  return pid();
}

describe.runIf(process.platform === 'linux')('a helm whose KubeFoundry was killed', () => {
  test('is ended by the next call that changes its release, and by no plan', async () => {
    const pid = await leaveHelm();
    try {
      const planned = await run([...upgrade, '--plan-only'], { env: environment() });
      expect(planned.stdout).toContain('which a helm that was ended left pending-upgrade');
      expect(planned.stdout).toContain('it is ended first');
      expect(isAlive(pid)).toBe(true);
      const done = await run(uninstall, { env: environment() });
      expect(done).toMatchObject({ code: 0, stderr: expect.stringContaining(`ends helm (process ${pid})`) });
      await expect.poll(() => isAlive(pid), soon).toBe(false);
    } finally {
      if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    }
  });
});

test('a release that somebody else may be working on is left alone: since when, and what to do', async () => {
  await lists('pending-upgrade');
  const refused = await run(upgrade, { env: environment() });
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toMatch(
    /^CONFLICT: The helm release kuberay-system\/kuberay-operator is pending-upgrade since \d{4}-\S+Z: a helm is at work on it, or was ended; by whom/m,
  );
  expect(refused.stderr).toMatch(/helm --kube-context \S+ rollback kuberay-operator 1 --namespace kuberay-system/);
});
