import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kill } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { FoundryError } from '../errors.ts';
import { helmGrace } from './helm-process.ts';
import { type KnownRun, runsOn, type Work } from './helm-runs.ts';

/**
 * How a run of helm stands. `orphaned`: helm lives, and the KubeFoundry that started it does not; it is certainly that
 * helm. `running`: something lives that may be that helm, or is, and is looked after.
 */
export type Standing = 'ended' | 'orphaned' | 'running';

/** Only where processes tell their environment (Linux) is more known of one that lives than that it lives. */
export async function standingOf({ pid, parent, folder, ended }: KnownRun): Promise<Standing> {
  if (ended !== undefined || !isAlive(pid)) return 'ended';
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    // It has ended, and whoever is to fetch it has not done so yet: that keeps the number, and nothing else.
    if (/^State:\s*[ZX]/m.test(status)) return 'ended';
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
    // Another process may have got the number since.
    if (!environment.split('\0').includes(`KUBECONFIG=${join(folder, 'kubeconfig')}`)) return 'ended';
    const [, parentNow] = /^PPid:\s*(\d+)$/m.exec(status) ?? [];
    return parentNow === undefined || Number(parentNow) === parent ? 'running' : 'orphaned';
  } catch (error) {
    return isAlive(pid) && codeOf(error) !== 'ESRCH' ? 'running' : 'ended';
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

function isAlive(pid: number): boolean {
  try {
    return kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/**
 * Ends what a KubeFoundry that was killed left at work on that release: nobody watches it, and two would break each
 * other's work.
 *
 * @throws FoundryError HELM_FAILED where one does not end
 */
export async function endOrphans(work: Work, progress: (message: string) => void, signal: AbortSignal): Promise<void> {
  for (const run of await runsOn(work)) {
    if ((await standingOf(run)) !== 'orphaned') continue;
    progress(`ends helm (process ${run.pid}), which a KubeFoundry that was killed left at work`);
    // Helm is the first of its process group.
    try {
      kill(-run.pid, 'SIGKILL');
    } catch {}
    const end = performance.now() + helmGrace;
    while ((await standingOf(run)) !== 'ended') {
      if (performance.now() > end) throw lasting(run.pid);
      await sleep(50, undefined, { signal });
    }
  }
}

const lasting = (pid: number): FoundryError =>
  new FoundryError(
    'HELM_FAILED',
    `helm (process ${pid}), which a KubeFoundry that was killed left at work, does not end.`,
    `End it by hand (kill -KILL ${pid}), then call again.`,
  );
