import { type ApiObject, withMetadata } from './object.ts';

export interface Change {
  readonly revision: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly table: string;
  readonly object: ApiObject;
  /** What it was before; absent when it is new. */
  readonly previous?: ApiObject;
}

export type Listener = (change: Change) => void;

interface Table {
  readonly objects: Map<string, ApiObject>;
  /** Keys in order, or undefined when an object came or went since they were sorted. */
  keys: readonly string[] | undefined;
  /** The changes that watches can still start from. */
  changes: Change[];
  /** The revision before the first kept change: anything older is gone. */
  oldest: number;
}

export const keyOf = (namespace: string | undefined, name: string): string =>
  namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;

const keyOfObject = ({ metadata }: ApiObject): string => keyOf(metadata.namespace, metadata.name);

/** All objects, under one counter of revisions, with as much history as watches and pages need. */
export class Store {
  #revision = 1;
  readonly #window: number;
  readonly #tables = new Map<string, Table>();
  readonly #listeners = new Map<string, Set<Listener>>();

  /** `window`: how many changes per table a watch may lie behind. */
  constructor(window: number) {
    this.#window = window;
  }

  get revision(): number {
    return this.#revision;
  }

  get(table: string, namespace: string | undefined, name: string): ApiObject | undefined {
    return this.#tables.get(table)?.objects.get(keyOf(namespace, name));
  }

  /** Keeps the object under the next revision and tells the watchers. */
  put(table: string, object: ApiObject): ApiObject {
    const { objects } = this.#table(table);
    const key = keyOfObject(object);
    const previous = objects.get(key);
    this.#revision += 1;
    const stored = withMetadata(object, { resourceVersion: String(this.#revision) });
    objects.set(key, stored);
    if (previous === undefined) this.#table(table).keys = undefined;
    this.#publish({
      revision: this.#revision,
      type: previous === undefined ? 'ADDED' : 'MODIFIED',
      table,
      object: stored,
      previous,
    });
    return stored;
  }

  /** Removes the object in its last state, and answers that state under the revision of its removal. */
  remove(table: string, last: ApiObject): ApiObject {
    const entry = this.#table(table);
    const key = keyOfObject(last);
    const previous = entry.objects.get(key);
    if (previous === undefined) return last;
    entry.objects.delete(key);
    entry.keys = undefined;
    this.#revision += 1;
    const removed = withMetadata(last, { resourceVersion: String(this.#revision) });
    this.#publish({ revision: this.#revision, type: 'DELETED', table, object: removed, previous });
    return removed;
  }

  /** The objects in order of their keys, those of one namespace or all. */
  list(table: string, namespace?: string): readonly ApiObject[] {
    const entry = this.#table(table);
    entry.keys ??= [...entry.objects.keys()].sort();
    const found: ApiObject[] = [];
    for (const key of entry.keys) {
      const object = entry.objects.get(key);
      if (object !== undefined && (namespace === undefined || object.metadata.namespace === namespace)) {
        found.push(object);
      }
    }
    return found;
  }

  /** The list as it was at an earlier revision, or undefined when that is forgotten. */
  listAt(table: string, revision: number, namespace?: string): readonly ApiObject[] | undefined {
    const later = this.since(table, revision);
    if (later === undefined) return undefined;
    if (later.length === 0) return this.list(table, namespace);
    const objects = new Map(this.list(table, namespace).map((object) => [keyOfObject(object), object]));
    for (const { object, previous } of [...later].reverse()) {
      if (namespace !== undefined && object.metadata.namespace !== namespace) continue;
      if (previous === undefined) objects.delete(keyOfObject(object));
      else objects.set(keyOfObject(previous), previous);
    }
    return [...objects].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, object]) => object);
  }

  /** What changed after a revision, or undefined when that is forgotten. */
  since(table: string, revision: number): readonly Change[] | undefined {
    const { changes, oldest } = this.#table(table);
    if (revision < oldest) return undefined;
    return changes.filter((change) => change.revision > revision);
  }

  /** The first revision that a watch of the table can still start from. */
  oldest(table: string): number {
    return this.#table(table).oldest;
  }

  /** Tells of every change of one table, or of all (`*`), as it happens. */
  subscribe(table: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(table) ?? new Set();
    this.#listeners.set(table, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  tables(): readonly string[] {
    return [...this.#tables.keys()];
  }

  /** Forgets the history: watches and pages that lie behind get 410. */
  compact(): void {
    this.#revision += 1;
    for (const entry of this.#tables.values()) {
      entry.changes = [];
      entry.oldest = this.#revision;
    }
  }

  #table(name: string): Table {
    const found = this.#tables.get(name);
    if (found !== undefined) return found;
    const created: Table = { objects: new Map(), keys: undefined, changes: [], oldest: 0 };
    this.#tables.set(name, created);
    return created;
  }

  #publish(change: Change): void {
    const entry = this.#table(change.table);
    entry.changes.push(change);
    if (entry.changes.length > this.#window * 2) {
      const dropped = entry.changes.length - this.#window;
      entry.oldest = entry.changes[dropped - 1]?.revision ?? entry.oldest;
      entry.changes = entry.changes.slice(dropped);
    }
    for (const table of [change.table, '*']) {
      for (const listener of [...(this.#listeners.get(table) ?? [])]) listener(change);
    }
  }
}
