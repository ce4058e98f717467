/** Something that changes and tells so: live lists of the foundry are such, and so is everything here. */
export interface Source<Value> {
  subscribe(listener: () => void): () => void;
  /** The same value as before when nothing changed. */
  snapshot(): Value;
}

/** A value that is set from outside. */
export interface Cell<Value> extends Source<Value> {
  set(value: Value): void;
}

export function createCell<Value>(initial: Value): Cell<Value> {
  const listeners = new Set<() => void>();
  let value = initial;
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    snapshot: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
  };
}

/** A value that only a pure reducer changes. */
export interface Store<State, Action> extends Source<State> {
  dispatch(action: Action): void;
}

export function createStore<State, Action>(
  reduce: (state: State, action: Action) => State,
  initial: State,
): Store<State, Action> {
  const { subscribe, snapshot, set } = createCell(initial);
  return { subscribe, snapshot, dispatch: (action) => set(reduce(snapshot(), action)) };
}

/**
 * What follows from other sources. It is worked out when one of them changed, and stays the same value as long as
 * `same` says so: a view is painted anew only when what it shows changed.
 */
export function derive<Value>(
  sources: readonly Source<unknown>[],
  compute: () => Value,
  same: (a: Value, b: Value) => boolean = Object.is,
): Source<Value> {
  let inputs: readonly unknown[] | undefined;
  let latest: { readonly value: Value } | undefined;
  const snapshot = (): Value => {
    const now = sources.map((source) => source.snapshot());
    if (latest && inputs?.every((input, index) => Object.is(input, now[index]))) return latest.value;
    inputs = now;
    const value = compute();
    latest = latest && same(latest.value, value) ? latest : { value };
    return latest.value;
  };
  return {
    snapshot,
    subscribe(listener) {
      const stops = sources.map((source) => source.subscribe(listener));
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
