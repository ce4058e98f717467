import type { Cluster, LiveList, ResourceName } from '../../cluster/cluster.ts';
import { FoundryError } from '../../errors.ts';
import { type KubernetesObject, numberAt } from '../../kubernetes.ts';
import { keyOf } from './objects.ts';

/** How long, in milliseconds, what we wrote ourselves counts although the watch has not shown it. */
const patience = 2000;

interface Change {
  readonly before?: KubernetesObject;
  readonly after?: KubernetesObject;
}

/** All objects of one kind, kept current by list and watch, ahead of which our own writes are seen at once. */
export interface Cache {
  get(namespace: string, name: string): KubernetesObject | undefined;
  list(namespace?: string): readonly KubernetesObject[];
  /** The first subscriber starts the watch; every known object comes first. The result unsubscribes. */
  subscribe(listener: (change: Change) => void): () => void;
  /** What a write answered: later reads must not be older. */
  wrote(object: KubernetesObject): void;
  /** Whether it holds just what the cluster holds now; true when nobody subscribes. */
  isCurrent(): Promise<boolean>;
}

const revision = (object: KubernetesObject): number => Number(object.metadata.resourceVersion ?? 0);

/** Whether the write was the last one: nothing holds the object any more. */
const isOver = (object: KubernetesObject): boolean =>
  object.metadata.deletionTimestamp !== undefined &&
  (object.metadata.finalizers ?? []).length === 0 &&
  (numberAt(object, 'metadata', 'deletionGracePeriodSeconds') ?? 0) === 0;

export function createCache(cluster: Cluster, name: ResourceName): Cache {
  const objects = new Map<string, KubernetesObject>();
  /** Keys of our own writes that the watch has yet to show, and when we stop waiting for it. */
  const ahead = new Map<string, number>();
  /** What the watch shows, as uid by key, and the uids that it shows no more. */
  let shown = new Map<string, string | undefined>();
  const gone = new Set<string | undefined>();
  const listeners = new Set<(change: Change) => void>();
  let live: LiveList<KubernetesObject> | undefined;
  let unsubscribe = () => {};
  let timer: NodeJS.Timeout | undefined;

  const tell = (change: Change) => {
    for (const listener of [...listeners]) listener(change);
  };
  const keep = (key: string, after: KubernetesObject) => {
    const before = objects.get(key);
    if (before !== undefined && before.metadata.uid === after.metadata.uid && revision(before) >= revision(after))
      return;
    objects.set(key, after);
    tell({ before, after });
  };
  const drop = (key: string) => {
    const before = objects.get(key);
    ahead.delete(key);
    objects.delete(key);
    if (before !== undefined) tell({ before });
  };
  const take = () => {
    const snapshot = live?.snapshot();
    if (snapshot?.state !== 'live') return;
    const before = shown;
    shown = new Map(snapshot.items.map((object) => [keyOf(object), object.metadata.uid]));
    for (const object of snapshot.items) {
      const key = keyOf(object);
      if (revision(object) >= revision(objects.get(key) ?? object)) ahead.delete(key);
      keep(key, object);
    }
    for (const [key, { metadata }] of objects) {
      if (shown.has(key)) continue;
      // What the watch has shown and shows no more is gone, whatever a write answered meanwhile.
      const { uid } = metadata;
      if (before.get(key) === uid) gone.add(uid);
      else if ((ahead.get(key) ?? 0) > Date.now()) continue;
      drop(key);
    }
  };
  /** What was gone before the watch could show it would stay for ever. */
  const expire = () => {
    timer = undefined;
    take();
    if (ahead.size > 0) timer = setTimeout(expire, patience + 1);
  };

  return {
    get: (namespace, object) => objects.get(`${namespace}/${object}`),
    list: (namespace) => {
      const all = [...objects.values()];
      return namespace === undefined ? all : all.filter(({ metadata }) => metadata.namespace === namespace);
    },
    subscribe(listener) {
      listeners.add(listener);
      for (const after of objects.values()) listener({ after });
      if (listeners.size === 1) {
        live = cluster.live(name, {}, (object) => object);
        unsubscribe = live.subscribe(take);
        take();
      }
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        unsubscribe();
        clearTimeout(timer);
        timer = undefined;
        live = undefined;
        objects.clear();
        shown.clear();
        gone.clear();
        ahead.clear();
      };
    },
    async isCurrent() {
      if (live === undefined) return true;
      try {
        const all = await cluster.list(name);
        return (
          all.length === objects.size &&
          all.every(
            (object) => objects.get(keyOf(object))?.metadata.resourceVersion === object.metadata.resourceVersion,
          )
        );
      } catch (error) {
        // A kind that is not served has no objects; what cannot be read now is not known.
        return error instanceof FoundryError && error.code === 'NOT_FOUND' && objects.size === 0;
      }
    },
    wrote(object) {
      if (live === undefined) return;
      const key = keyOf(object);
      if (isOver(object)) return drop(key);
      if (gone.has(object.metadata.uid)) return;
      ahead.set(key, Date.now() + patience);
      timer ??= setTimeout(expire, patience + 1);
      keep(key, object);
    },
  };
}
