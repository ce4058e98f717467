import { type KubernetesObject, textAt } from '../../kubernetes.ts';
import type { Clock } from '../clock.ts';
import { type FailureKind, isEngineFailure, isPullFailure } from '../failures.ts';
import type { Again } from './controller.ts';
import { backOff, type Run } from './pod-status.ts';
import { containersOf, identify, initContainersOf, type PodRole } from './pods.ts';

/** Simulated seconds that each step of a pod takes. Frontends and heads only start; model pods load weights. */
const seconds = { pull: 5, present: 1, init: 1, failedPull: 2, crash: 5, restart: 1 };
const readySeconds: Readonly<Record<PodRole, number>> = { frontend: 8, head: 5, model: 14, other: 3 };
/** A Ray worker is ready when Ray Serve, which loads the model, answers on it. */
const rayWorkerSeconds = 1;

export interface Surroundings {
  readonly failure: FailureKind | undefined;
  /** Whether its node has the image already. */
  readonly imagePresent: boolean;
  /** The Secret, ConfigMap or key that its containers refer to and that does not exist. */
  readonly missing: string | undefined;
  /** Why a volume of its cannot be mounted. */
  readonly unmounted: string | undefined;
  /** Whether the Ray head answers, for which a worker's init container waits. */
  readonly headReady: boolean;
  /** Whether an application of Ray Serve answers on the pod's cluster. */
  readonly rayServes: boolean;
}

const missing = (pod: KubernetesObject): boolean =>
  containersOf(pod).some((container) => (textAt(container, 'image') ?? '').endsWith(':does-not-exist'));

type Trouble = 'pull' | 'Error' | 'OOMKilled' | 'Killed' | 'slow';

/** The wish as far as it concerns this pod's containers. */
function trouble(pod: KubernetesObject, { failure }: Surroundings): Trouble | undefined {
  if (missing(pod) || isPullFailure(failure)) return 'pull';
  switch (failure) {
    case 'out-of-memory':
      return 'OOMKilled';
    case 'killed':
    case 'liveness-failed':
      return 'Killed';
    case 'crash-loop':
      return 'Error';
    case 'not-ready':
      return 'slow';
    default:
      // On Ray an engine runs inside an actor: it fails as an application, and the container goes on.
      return (failure === 'deploy-failed' || isEngineFailure(failure)) && identify(pod).rayCluster === undefined
        ? 'Error'
        : undefined;
  }
}

/** Whether the trouble ends containers. */
const ends = (wrong: Trouble | undefined): wrong is 'Error' | 'OOMKilled' | 'Killed' =>
  wrong === 'Error' || wrong === 'OOMKilled' || wrong === 'Killed';

export interface Timed {
  readonly run: Run;
  /** When the stage began, in milliseconds. */
  readonly since: number;
}

export type Step = { readonly run: Run } | Again | undefined;

/** What becomes of the pod's containers now: the next stage, a time to look again, or nothing. */
export function advance(pod: KubernetesObject, { run, since }: Timed, around: Surroundings, clock: Clock): Step {
  const wrong = trouble(pod, around);
  const repeats = run.restarts > 1 || run.pulls > 1;
  const after = (wait: number, background: boolean, next: () => Run): Step => {
    const passed = clock.passed(since, background);
    return passed >= wait ? { run: next() } : { after: wait - passed, background };
  };
  const begin = (): Run => ({ ...run, stage: 'running', startedAt: clock.now() });
  const crash = (cause: 'Error' | 'OOMKilled' | 'Killed') => (): Run => ({
    ...run,
    stage: 'terminated',
    last: { cause, startedAt: run.startedAt ?? run.startTime, finishedAt: clock.now() },
  });
  const pulled = (): Run => {
    if (around.missing !== undefined) return { ...run, stage: 'config-error', missing: around.missing };
    return initContainersOf(pod).length > 0 ? { ...run, stage: 'initializing' } : begin();
  };
  const pullFailure = isPullFailure(around.failure) ? around.failure : undefined;

  switch (run.stage) {
    case 'creating':
      if (around.unmounted !== undefined) return undefined;
      return after(around.imagePresent ? seconds.present : seconds.pull, false, () =>
        wrong === 'pull' ? { ...run, stage: 'pull-failed', pulls: run.pulls + 1, pullFailure } : pulled(),
      );
    case 'pull-failed':
      return after(seconds.failedPull, repeats, () => ({ ...run, stage: 'pull-backoff' }));
    case 'pull-backoff':
      if (wrong !== 'pull') return { run: pulled() };
      return after(backOff(run.pulls), true, () => ({ ...run, stage: 'pull-failed', pulls: run.pulls + 1 }));
    case 'config-error':
      return around.missing === run.missing ? undefined : { run: pulled() };
    case 'initializing':
      if (identify(pod).rayCluster !== undefined && !around.headReady) return undefined;
      return after(seconds.init, false, begin);
    case 'running': {
      if (ends(wrong)) return after(seconds.crash, repeats, crash(wrong));
      if (wrong === 'slow') return undefined;
      const { role, rayCluster } = identify(pod);
      const served = rayCluster !== undefined && role === 'model';
      if (served && !around.rayServes) return undefined;
      return after(served ? rayWorkerSeconds : readySeconds[role], repeats, () => ({ ...run, stage: 'ready' }));
    }
    case 'ready':
      if (ends(wrong)) return { run: crash(wrong)() };
      return wrong === 'slow' ? { run: { ...run, stage: 'running' } } : undefined;
    case 'terminated':
      return after(seconds.restart, repeats, () =>
        run.restarts === 0 ? { ...begin(), restarts: 1 } : { ...run, stage: 'crash-backoff' },
      );
    case 'crash-backoff':
      return after(backOff(run.restarts), true, () => ({ ...begin(), restarts: run.restarts + 1 }));
  }
}
