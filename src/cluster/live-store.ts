import type { KubernetesObject } from '../kubernetes.ts';
import type { LiveList, LiveSnapshot } from './cluster.ts';

type State = LiveSnapshot<unknown>['state'];
type Problem = NonNullable<LiveSnapshot<unknown>['error']>;

/** A projected object; the object itself is not kept. */
export interface Entry<Item> {
  readonly key: string;
  /** Uid and resource version, as one text. */
  readonly version: string;
  readonly item: Item;
}

/** One part of a live list, such as one namespace of it: what its reflector writes to. */
export interface LivePart<Item> {
  /** The entry of an object; the one that is already there when the object did not change, so that items keep identity. */
  entry(object: KubernetesObject): Entry<Item>;
  replace(entries: readonly Entry<Item>[]): void;
  set(entry: Entry<Item>): void;
  /** Removes the object, unless another one of the same name took its place. */
  remove(object: KubernetesObject): void;
  /** `retry`: when it is tried again. */
  report(state: State, problem?: Problem, retry?: Date): void;
  /** Tells the listeners, once for all that changed. */
  flush(): void;
}

/** The parts of a live list, from its first subscriber to its last. */
export interface LiveRun<Item> {
  readonly signal: AbortSignal;
  /** Begins anew with that many parts, all empty and `connecting`. */
  parts(count: number): readonly LivePart<Item>[];
}

/** Worst first: a list is what its worst part is. */
const severity: readonly State[] = ['failed', 'stale', 'connecting', 'live'];

/** A store whose first subscriber calls `start` and whose last one aborts the run. */
export function createLiveStore<Item>(
  project: (object: KubernetesObject) => Item,
  start: (run: LiveRun<Item>) => void,
): LiveList<Item> & { stop(): void } {
  const listeners = new Set<() => void>();
  let current = createRun(project, listeners);

  const stop = () => {
    current.abort();
    current = createRun(project, listeners);
  };
  return {
    subscribe: (listener) => {
      // The same function twice is two subscriptions.
      const own = () => listener();
      listeners.add(own);
      if (listeners.size === 1) start(current.run);
      return () => {
        if (listeners.delete(own) && listeners.size === 0) stop();
      };
    },
    snapshot: () => current.snapshot(),
    stop: () => {
      listeners.clear();
      stop();
    },
  };
}

function createRun<Item>(project: (object: KubernetesObject) => Item, listeners: ReadonlySet<() => void>) {
  const controller = new AbortController();
  const { signal } = controller;
  let parts: Part<Item>[] = [];
  let snapshot: LiveSnapshot<Item> = { state: 'connecting', items: [], since: new Date() };
  let changed = false;

  const refresh = () => {
    changed = false;
    const worst = severity
      .map((state) => parts.find((part) => part.state === state))
      .find((part) => part !== undefined);
    const state = worst?.state ?? 'connecting';
    const since = state === snapshot.state ? snapshot.since : new Date();
    const items = parts.flatMap((part) => Array.from(part.entries.values(), ({ item }) => item));
    const { problem: error, retry } = worst ?? {};
    snapshot = { state, items, since, ...(error && { error }), ...(retry && { retry }) };
  };
  const flush = () => {
    if (!parts.some((part) => part.changed) || signal.aborted) return;
    for (const part of parts) part.changed = false;
    changed = true;
    for (const listener of [...listeners]) {
      try {
        listener();
      } catch {
        // A broken view must not end the list for the others.
      }
    }
  };
  const run: LiveRun<Item> = {
    signal,
    parts: (count) => {
      parts = Array.from({ length: count }, () => ({
        state: 'connecting',
        problem: undefined,
        retry: undefined,
        entries: new Map(),
        changed: false,
      }));
      return parts.map((part) => livePart(part, project, flush));
    },
  };
  return {
    run,
    abort: () => controller.abort(),
    snapshot: () => {
      if (changed) refresh();
      return snapshot;
    },
  };
}

interface Part<Item> {
  state: State;
  problem: Problem | undefined;
  retry: Date | undefined;
  entries: Map<string, Entry<Item>>;
  changed: boolean;
}

function livePart<Item>(
  part: Part<Item>,
  project: (object: KubernetesObject) => Item,
  flush: () => void,
): LivePart<Item> {
  return {
    entry: (object) => {
      const { uid, resourceVersion } = object.metadata;
      const key = keyOf(object);
      const version = [uid, resourceVersion].join(' ');
      const known = part.entries.get(key);
      const same = known?.version === version && resourceVersion !== undefined;
      return same ? known : { key, version, item: project(object) };
    },
    replace: (entries) => {
      part.entries = new Map(entries.map((entry) => [entry.key, entry]));
      part.changed = true;
    },
    set: (entry) => {
      if (part.entries.get(entry.key) === entry) return;
      part.entries.set(entry.key, entry);
      part.changed = true;
    },
    remove: (object) => {
      const known = part.entries.get(keyOf(object));
      if (!known?.version.startsWith(`${object.metadata.uid ?? ''} `)) return;
      part.entries.delete(known.key);
      part.changed = true;
    },
    report: (state, problem, retry) => {
      if (part.state === state && part.problem?.message === problem?.message && part.retry === retry) return;
      part.state = state;
      part.problem = problem;
      part.retry = retry;
      part.changed = true;
    },
    flush,
  };
}

/** Joined, a text lies in one piece: as a template it would be kept with its parts. */
export const keyOf = ({ metadata }: KubernetesObject): string => [metadata.namespace ?? '', metadata.name].join('/');
