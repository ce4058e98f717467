import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createHelmInstaller, type HelmStep } from '../../src/cluster/helm.ts';
import { openCluster } from '../../src/cluster/open.ts';
import { writeHelm } from '../support/helm.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { soon } from '../support/soon.ts';

let folder: string;
let lab: Lab;
const signal = new AbortController().signal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'helm-pending-'));
  await writeHelm(folder);
  vi.stubEnv('TMPDIR', folder);
  lab = await startLab({ runtimes: [] });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await lab.stop();
  await rm(folder, { recursive: true });
});

const installer = () =>
  createHelmInstaller({ kubeconfig: [lab.kubeconfig], environment: { PATH: `${folder}:${process.env.PATH}` } });
const cluster = () => openCluster({ kubeconfig: [lab.kubeconfig] });

const upgrade = (release: string): HelmStep => ({
  kind: 'helm',
  action: 'upgrade',
  release,
  namespace: 'ray',
  chart: 'kuberay-operator',
  repository: 'https://charts.example/kuberay',
  version: '1.7.0',
  values: {},
});

/** What is known of releases of that status that helm made at that time. */
async function listed(names: readonly string[], updated: Date | string, status = 'pending-upgrade') {
  const text =
    typeof updated === 'string'
      ? updated
      : `${updated.toISOString().replace('T', ' ').replace('Z', '456789')} +0000 UTC`;
  const rows = names.map((name) => ({
    name,
    namespace: 'ray',
    revision: '2',
    updated: text,
    status,
    chart: 'ray-1.7.0',
  }));
  await writeFile(join(folder, 'releases'), JSON.stringify(rows));
  return (await installer().releases(await cluster(), signal)).map(({ name, helm }) => [name, helm]);
}

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

test('a release that a helm which nobody here knows has just begun may be worked on, for as long as helm takes', async () => {
  expect(await listed(['ray'], minutesAgo(10))).toEqual([['ray', 'unknown']]);
  expect(await listed(['ray'], minutesAgo(12))).toEqual([['ray', undefined]]);
  expect(await listed(['ray'], minutesAgo(1), 'failed')).toEqual([['ray', undefined]]);
  expect(await listed(['ray'], 'no time', 'pending-install')).toEqual([['ray', 'unknown']]);
  expect(await installer().releases(await cluster(), signal)).toMatchObject([
    { name: 'ray', status: 'pending-install' },
  ]);
});

test('a helm of ours that failed or was cancelled is known to have ended, also in another process', async () => {
  const cancelling = new AbortController();
  const running = installer().carryOut(upgrade('slow'), await cluster(), () => {}, cancelling.signal);
  const ended = expect(running).rejects.toThrow('no longer wanted');
  await expect.poll(() => readFile(join(folder, 'pid'), 'utf8').catch(() => ''), soon).not.toBe('');
  const meanwhile = new Date();
  cancelling.abort(new Error('no longer wanted'));
  await ended;
  expect(await listed(['slow', 'other'], meanwhile)).toEqual([
    ['slow', 'ended'],
    ['other', 'unknown'],
  ]);
});

test('that it came too late proves nothing of the helm that was faster', async () => {
  await writeFile(join(folder, 'says'), 'Error: another operation (install/upgrade/rollback) is in progress');
  await expect(installer().carryOut(upgrade('ray'), await cluster(), () => {}, signal)).rejects.toThrow('another');
  expect(await listed(['ray'], new Date())).toEqual([['ray', 'unknown']]);
});

test('what it left tells nothing of what was made before it began or after it ended: that is of another helm', async () => {
  await expect(installer().carryOut(upgrade('broken'), await cluster(), () => {}, signal)).rejects.toThrow();
  expect(await listed(['broken'], minutesAgo(1))).toEqual([['broken', 'unknown']]);
  expect(await listed(['broken'], new Date(Date.now() + 1_000))).toEqual([['broken', 'unknown']]);
  expect(await listed(['broken'], minutesAgo(-3))).toEqual([['broken', 'unknown']]);
});
