export const failureKinds = [
  'image-pull',
  'unschedulable',
  'out-of-memory',
  'crash-loop',
  'not-ready',
  'deploy-failed',
  'failed-reconcile',
] as const;

/**
 * What goes wrong with a deployment's model pods (frontends and heads are spared):
 * `image-pull` its image is not found, `unschedulable` no node takes it, `out-of-memory` OOMKilled while loading,
 * `crash-loop` the engine exits with 1, `not-ready` it loads for ever, `deploy-failed` Ray Serve cannot start the
 * application (Dynamo has no such state: there it is a crash loop), `failed-reconcile` the operator's own work fails.
 */
export type FailureKind = (typeof failureKinds)[number];

/** A failure that was wished for. */
interface Wish {
  readonly kind: FailureKind;
  /** How many of the model pods it hits; absent = all. */
  readonly pods?: number;
}

export interface Failures {
  /** The failure wished for a deployment, by a glob on its name, `namespace/name` or model; the latest wish wins. */
  of(namespace: string, name: string): Wish | undefined;
  /** Adds a wish; the result takes it back. */
  fail(match: string, kind: FailureKind, pods?: number): () => void;
  /** Operators tell which model a deployment serves, so that wishes can name it. */
  learn(namespace: string, name: string, model: string): void;
  subscribe(listener: () => void): () => void;
}

const patternOf = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );

export function createFailures(): Failures {
  const wishes: (Wish & { readonly pattern: RegExp })[] = [];
  const models = new Map<string, string>();
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of [...listeners]) listener();
  };
  return {
    of(namespace, name) {
      const full = `${namespace}/${name}`;
      const names = [name, full, models.get(full) ?? name];
      return wishes.findLast(({ pattern }) => names.some((text) => pattern.test(text)));
    },
    fail(match, kind, pods) {
      const wish = { pattern: patternOf(match), kind, pods };
      wishes.push(wish);
      changed();
      return () => {
        const index = wishes.indexOf(wish);
        if (index < 0) return;
        wishes.splice(index, 1);
        changed();
      };
    },
    learn(namespace, name, model) {
      if (models.get(`${namespace}/${name}`) === model) return;
      models.set(`${namespace}/${name}`, model);
      if (wishes.length > 0) changed();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
