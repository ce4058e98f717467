import { listAt, valueAt } from '../../kubernetes.ts';
import type { Outcome, RayServe } from '../containers/ray-serve.ts';
import { type FailureKind, isEngineFailure } from '../failures.ts';
import { isMended } from '../mishaps/mended.ts';
import type { Controller } from './controller.ts';
import { isDeleting, labelOf, splitKey } from './objects.ts';
import { gpusOf, identify } from './pods.ts';
import type { World } from './world.ts';

const pods = { group: '', kind: 'Pod' };

/** How a load ends under a wish: engines that crash or load for ever never get there. */
const outcomes: Partial<Record<FailureKind, Outcome>> = {
  'deploy-failed': 'fails',
  'not-ready': 'never',
  'crash-loop': 'never',
  'out-of-memory': 'never',
  killed: 'never',
  'liveness-failed': 'never',
};

const outcomeOf = (kind: FailureKind | undefined): Outcome =>
  kind === undefined ? 'runs' : (outcomes[kind] ?? (isEngineFailure(kind) ? 'fails' : 'runs'));

/** Tells the Ray inside each cluster which workers it has: what Ray finds out by itself. */
export function rayRuntime(world: World, ray: RayServe): Controller {
  const isRunning = (pod: Parameters<typeof gpusOf>[0]) =>
    !isDeleting(pod) && valueAt(listAt(pod, 'status', 'containerStatuses')[0], 'state', 'running') !== undefined;
  return {
    name: 'ray',
    watches: [
      {
        resource: pods,
        keys: (pod) => {
          const cluster = labelOf(pod, 'ray.io/cluster');
          return cluster === undefined ? [] : [`${pod.metadata.namespace}/${cluster}`];
        },
      },
    ],
    wake: (enqueue) => {
      const stops = [
        ray.subscribe(enqueue),
        world.failures.subscribe(() => {
          for (const pod of world.cache(pods).list()) {
            const cluster = labelOf(pod, 'ray.io/cluster');
            if (cluster !== undefined) enqueue(`${pod.metadata.namespace}/${cluster}`);
          }
        }),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const mine = world
        .cache(pods)
        .list(namespace)
        .filter((pod) => labelOf(pod, 'ray.io/cluster') === name);
      const head = mine.find((pod) => labelOf(pod, 'ray.io/node-type') === 'head' && isRunning(pod));
      if (head === undefined) {
        ray.forget(key);
        return undefined;
      }
      const workers = mine.filter((pod) => pod !== head && isRunning(pod));
      const gpus = workers.reduce((sum, pod) => sum + gpusOf(pod), 0);
      const wish = world.failures.of(namespace, identify(head).deployment);
      const [worker] = workers;
      const mended = wish && worker && isMended(wish.kind, worker, ray.engine(key));
      const kind = wish?.pods === undefined && !mended ? wish?.kind : undefined;
      ray.observe(key, gpus, outcomeOf(kind), kind);
      return undefined;
    },
  };
}
