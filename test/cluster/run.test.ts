import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { start, startNode } from '../support/program.ts';
import { nowhere } from '../support/program-world.ts';

/** What `npm run test:cluster -- --existing` starts. */
const existing = (kubeconfig?: string) =>
  startNode(['--import', 'tsx', join(import.meta.dirname, 'run.ts'), '--existing'], {
    env: { PATH: process.env.PATH, KUBECONFIG: kubeconfig },
  }).ended;

test('on no cluster that nobody named, and on one that does not answer, nothing is tried, with a sentence why', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nowhere-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'kubeconfig'), nowhere, { mode: 0o600 });
  const [unset, unreachable] = await Promise.all([existing(), existing(join(folder, 'kubeconfig'))]);
  expect(unset).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^KUBECONFIG is not set: .*\n {2}\S/),
  });
  expect(unreachable).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/127\.0\.0\.1:9.*\n {2}\S/) });
});

test('on a cluster that is there, says where it runs, what it ran, and leaves nothing behind', async () => {
  const sandbox = start(['sandbox', '--scenario', 'busy', '--speed', '50']);
  onTestFinished(() => void sandbox.process.kill());
  const [, kubeconfig] = /Kubeconfig: (\S+)/.exec(await sandbox.printed(/Ctrl-C ends it/)) ?? [];
  const { code, stdout } = await existing(kubeconfig);
  expect(stdout).toMatch(/^On context kubefoundry-sandbox, https:\/\/127\.0\.0\.1:\d+, Kubernetes v1\./);
  expect(stdout).toContain('Served here: dynamo, kuberay.');
  expect(stdout).toMatch(/a deployment on dynamo, in a namespace whose quota lets no pod start/);
  expect(code, stdout).toBe(0);
});
