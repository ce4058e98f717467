import { engineFailures } from './mishaps/engine-failures.ts';
import { pullFailures } from './mishaps/pull-failures.ts';
import { refusals } from './mishaps/refusals.ts';

type PlainKind =
  | 'unschedulable'
  | 'out-of-memory'
  | 'killed'
  | 'liveness-failed'
  | 'crash-loop'
  | 'not-ready'
  | 'deploy-failed'
  | 'failed-reconcile';

/**
 * What goes wrong with a deployment's model pods (frontends and heads are spared):
 * `unschedulable` no node takes it, `out-of-memory` OOMKilled while loading,
 * `crash-loop` the engine exits with 1, `not-ready` it loads for ever, `deploy-failed` Ray Serve cannot start the
 * application (Dynamo has no such state: there it is a crash loop), `failed-reconcile` the operator's own work fails, `killed` and `liveness-failed` its container is killed with 137.
 * Five of them end when a deployment is given what ends the real ones (`mishaps/mended.ts`).
 * The tables tell of images that cannot be pulled, pods that the API server refuses, and engines that do not start.
 */
export type FailureKind = PlainKind | keyof typeof pullFailures | keyof typeof refusals | keyof typeof engineFailures;

const names = <Name extends string>(table: Readonly<Record<Name, unknown>>): readonly Name[] =>
  Object.keys(table).filter((name): name is Name => Object.hasOwn(table, name));

export const failureKinds: readonly FailureKind[] = [
  'unschedulable',
  'out-of-memory',
  'killed',
  'liveness-failed',
  'crash-loop',
  'not-ready',
  'deploy-failed',
  'failed-reconcile',
  ...names(pullFailures),
  ...names(refusals),
  ...names(engineFailures),
];

export const isPullFailure = (kind: FailureKind | undefined): kind is keyof typeof pullFailures =>
  kind !== undefined && Object.hasOwn(pullFailures, kind);
export const isEngineFailure = (kind: FailureKind | undefined): kind is keyof typeof engineFailures =>
  kind !== undefined && Object.hasOwn(engineFailures, kind);

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
