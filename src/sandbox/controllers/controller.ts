import type { ResourceName } from '../../cluster/cluster.ts';
import { FoundryError } from '../../errors.ts';
import type { KubernetesObject } from '../../kubernetes.ts';
import { keyOf } from './objects.ts';
import type { World } from './world.ts';

/** Look again at this key after that many simulated seconds. */
export interface Again {
  readonly after: number;
  /** Does not hold back `settled()`. */
  readonly background?: boolean;
}

interface Watch {
  readonly resource: ResourceName;
  /** The keys to reconcile when this object changes (or is gone); default its own. */
  readonly keys?: (object: KubernetesObject, gone: boolean) => readonly string[];
}

/** A level-triggered controller: whatever happened, `reconcile` makes the cluster what the object asks for. */
export interface Controller {
  readonly name: string;
  readonly watches: readonly Watch[];
  /** Keys reconciled at the same time; default 8. */
  readonly workers?: number;
  /** Listens to what is no object of the cluster, such as wishes for failures; the result stops it. */
  readonly wake?: (enqueue: (key: string) => void) => () => void;
  reconcile(key: string): Promise<Again | undefined>;
}

export interface Running {
  readonly name: string;
  readonly busy: boolean;
  stop(): void;
}

/** Milliseconds of real time before a failed reconcile is tried again: the first time, and at most. */
const firstRetry = 20;
const slowestRetry = 10_000;
/** A key that failed so often no longer holds back `settled()`. */
const patience = 8;

/** Runs the controller until it is stopped: watches, one queue without duplicates, retries with back-off. */
export function startController(controller: Controller, world: World, log: (line: string) => void): Running {
  const queue = new Set<string>();
  const active = new Set<string>();
  const later = new Map<string, () => void>();
  const failed = new Map<string, number>();
  const retrying = new Set<string>();
  const stops: (() => void)[] = [];
  let stopped = false;

  const wait = (key: string, { after, background }: Again) => {
    later.get(key)?.();
    const cancel = world.clock.after(after, () => enqueue(key), background);
    later.set(key, cancel);
  };
  /** Failures are not part of the simulation: they take real time, whatever the speed. */
  const retry = (key: string, times: number) => {
    later.get(key)?.();
    const timer = setTimeout(() => enqueue(key), Math.min(firstRetry * 2 ** (times - 1), slowestRetry));
    if (times < patience) retrying.add(key);
    later.set(key, () => {
      clearTimeout(timer);
      retrying.delete(key);
    });
  };
  const enqueue = (key: string) => {
    if (stopped) return;
    queue.add(key);
    queueMicrotask(work);
  };
  const work = () => {
    for (const key of queue) {
      if (stopped || active.size >= (controller.workers ?? 8)) return;
      if (active.has(key)) continue;
      queue.delete(key);
      later.get(key)?.();
      later.delete(key);
      active.add(key);
      void reconcile(key);
    }
  };
  const reconcile = async (key: string) => {
    try {
      const again = await controller.reconcile(key);
      failed.delete(key);
      if (again !== undefined && !queue.has(key) && !stopped) wait(key, again);
    } catch (error) {
      if (stopped) return;
      const times = (failed.get(key) ?? 0) + 1;
      failed.set(key, times);
      const expected = error instanceof FoundryError && (error.code === 'CONFLICT' || error.code === 'NOT_FOUND');
      if (!expected) log(`${controller.name}: ${key}: ${error instanceof Error ? error.message : String(error)}`);
      retry(key, times);
    } finally {
      active.delete(key);
      work();
    }
  };

  const own = (object: KubernetesObject) => [keyOf(object)];
  for (const { resource, keys = own } of controller.watches) {
    stops.push(
      world.cache(resource).subscribe(({ before, after }) => {
        const concerned = new Set<string>();
        for (const object of [before, after]) {
          for (const key of object === undefined ? [] : keys(object, after === undefined)) concerned.add(key);
        }
        for (const key of concerned) enqueue(key);
      }),
    );
  }
  if (controller.wake !== undefined) stops.push(controller.wake(enqueue));
  return {
    name: controller.name,
    get busy() {
      return queue.size > 0 || active.size > 0 || retrying.size > 0;
    },
    stop() {
      stopped = true;
      queue.clear();
      for (const stop of stops) stop();
      for (const cancel of later.values()) cancel();
    },
  };
}
