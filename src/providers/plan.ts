import type { KubernetesObject, ObjectReference } from '../kubernetes.ts';
import type { WorkerRole } from './spec.ts';

/** A field to set, by the keys and indices that lead to it; `undefined` takes it away. */
export interface FieldChange {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** Fields to change in one object that exists. */
export interface Edit {
  readonly object: KubernetesObject;
  readonly changes: readonly FieldChange[];
}

/** What a change of a living deployment comes to. No edits = it is so already. */
export interface Changes {
  /** `worker 1 → 3 replicas` */
  readonly summary: string;
  readonly edits: readonly Edit[];
  readonly warnings: readonly string[];
}

/** How many replicas are wanted; 0 stops the role, or the deployment where none is named. */
export interface Scale {
  readonly replicas: number;
  readonly role?: WorkerRole;
}

/** One operation of a JSON patch (RFC 6902). */
export interface PatchOperation {
  readonly op: 'test' | 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

/** One change as data. `title` is for people, `command` does the same by hand. */
export type Step = { readonly title: string; readonly command: string } & (
  | {
      readonly kind: 'apply';
      readonly object: KubernetesObject;
      /** How it has to stand; absent = in whatever way. */
      readonly onlyIf?: 'absent' | { readonly resourceVersion: string };
    }
  | { readonly kind: 'patch'; readonly target: ObjectReference; readonly operations: readonly PatchOperation[] }
  | { readonly kind: 'delete'; readonly target: ObjectReference; readonly propagation: 'Background' | 'Foreground' }
  | {
      readonly kind: 'helm';
      /** `rollback` takes up the revision that a helm which was killed left pending. */
      readonly action: 'install' | 'upgrade' | 'rollback' | 'uninstall';
      readonly release: string;
      readonly namespace: string;
      readonly chart: string;
      readonly repository: string;
      readonly version: string;
      readonly values: Readonly<Record<string, unknown>>;
      /** Of a rollback. */
      readonly revision?: number;
    }
  | {
      readonly kind: 'applyCrds';
      readonly names: readonly string[];
      /** The chart whose `crds/` folder holds them. */
      readonly chart: { readonly chart: string; readonly repository: string; readonly version: string };
    }
  | {
      readonly kind: 'deleteCrds';
      readonly names: readonly string[];
      /** Of the CRDs by name, where they are known: another one of that name stays. */
      readonly uids?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'waitCrds'; readonly names: readonly string[] }
  /** Its pods are replaced, so that what they do at their start is done again. */
  | { readonly kind: 'restartOperator'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'waitOperator'; readonly namespace: string; readonly name: string }
  | {
      readonly kind: 'waitGone';
      readonly target: ObjectReference;
      /** What it made and is collected after it; the operator has to let go of that as well. */
      readonly parts: readonly ObjectReference[];
    }
  | { readonly kind: 'check'; readonly check: string; readonly passed: boolean | null }
);

export interface Plan {
  readonly summary: string;
  readonly steps: readonly Step[];
  readonly warnings: readonly string[];
  /** Why the plan cannot be carried out as it stands; empty when it can. */
  readonly blockers: readonly string[];
  /** What to do about the blockers, where they do not say it themselves. */
  readonly hint?: string;
}
