import { setTimeout as sleep } from 'node:timers/promises';
import type { Phase, RuntimeId } from '../providers/spec.ts';
import type { Deployment } from './deployment.ts';
import type { DeploymentDetail } from './detail.ts';
import { type LiveDeployments, liveListing } from './live-listing.ts';
import { stageWords } from './pod-stages.ts';
import { reasonWords } from './reason-words.ts';
import type { Site } from './site.ts';

/**
 * Asks until the answer is yes: true, or false once the deadline (milliseconds) is over.
 *
 * @throws the signal's reason when it aborts
 */
export async function pollUntil(
  check: () => Promise<boolean>,
  options: { readonly every: number; readonly deadline: number },
  signal: AbortSignal,
): Promise<boolean> {
  const end = performance.now() + options.deadline;
  for (;;) {
    if (await check()) return true;
    if (performance.now() + options.every > end) return false;
    await sleep(options.every, undefined, { signal });
  }
}

/** Phases that waiting does not change. */
const settled: ReadonlySet<Phase | null> = new Set(['Running', 'Failed', 'Suspended']);

/** Whether a row tells the end of what was asked for, and not the state before the operator saw it. */
const isSettled = (row: Deployment, pods: DeploymentDetail['pods']): boolean =>
  settled.has(row.phase) && !row.stale && !row.upgrading && !(row.phase === 'Suspended' && isLeaving(row, pods));

/** Pods of a role that is to have none hold their GPUs until they are gone. */
const isLeaving = ({ roles }: Deployment, pods: DeploymentDetail['pods']): boolean =>
  roles.some(({ role, desired }) => desired === 0 && pods.some((pod) => pod.role === role));

/**
 * Watches one deployment until it is Running, Failed, or Suspended without pods, telling every change of phase, reason or of how far its pods are.
 * Gives it as it was at that moment: a moment later the kubelet may try once more, and it looks like Deploying.
 * Gives nothing at the deadline (milliseconds), when it is deleted, or when it may not be watched.
 *
 * @throws the signal's reason when it aborts
 */
export async function waitUntilSettled(
  site: Site,
  of: { readonly name: string; readonly namespace: string; readonly runtime: RuntimeId },
  options: { readonly deadline: number; readonly progress: (message: string) => void },
  signal: AbortSignal,
): Promise<Deployment | undefined> {
  const live = liveListing(site, { runtime: of.runtime, namespace: of.namespace });
  let told = '';
  return new Promise((resolve, reject) => {
    const end = () => {
      stop();
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    const finish = (row?: Deployment) => {
      end();
      resolve(row);
    };
    const abort = () => {
      end();
      reject(signal.reason);
    };
    const look = () => {
      const { deployments, runtimes } = live.snapshot();
      if (runtimes.some(cannotBeWatched)) return finish();
      const row = deployments.find(({ name }) => name === of.name);
      if (!row) {
        // Seen and gone: somebody deleted it.
        if (told !== '' && runtimes.every(({ state }) => state === 'live')) finish();
        return;
      }
      const pods = live.detail(row)?.deployment.pods ?? [];
      const words = progressOf(row, pods);
      if (words !== told) options.progress(words);
      told = words;
      if (isSettled(row, pods)) finish(row);
    };
    const timer = setTimeout(finish, options.deadline);
    const stop = live.subscribe(look);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
}

/** What looking again does not change. A server that stumbles comes back, and the live list with it. */
const lasting: ReadonlySet<string | undefined> = new Set(['FORBIDDEN', 'UNAUTHENTICATED', 'NOT_FOUND']);

const cannotBeWatched = ({ state, error }: LiveDeployments['runtimes'][number]): boolean =>
  state === 'not_installed' || (state === 'failed' && lasting.has(error?.code));

function progressOf({ name, phase, reason, replicas }: Deployment, pods: DeploymentDetail['pods']): string {
  const ready = `${replicas.ready ?? '?'} of ${replicas.desired ?? '?'} replicas ready`;
  const stages = stageWords(pods);
  return `${name}: ${phase ?? 'unreadable'} (${reasonWords(reason)}), ${ready}${stages === '' ? '' : `; pods: ${stages}`}`;
}
