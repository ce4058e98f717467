import type { KubernetesObject } from '../../kubernetes.ts';
import type { FailureKind } from '../failures.ts';
import type { Release } from '../operators.ts';
import type { Machine } from './nodes.ts';

export type ScenarioName = 'empty' | 'dynamo' | 'kuberay' | 'both' | 'busy' | 'legacy';

export interface Mishap {
  readonly match: string;
  readonly kind: FailureKind;
  /** How many of the model pods it hits; absent = all. */
  readonly pods?: number;
}

/** What someone does once everything so far has settled. */
export type Act =
  | { readonly do: 'fail'; readonly mishap: Mishap }
  | { readonly do: 'apply'; readonly object: KubernetesObject }
  | { readonly do: 'delete'; readonly object: KubernetesObject };

/** A cluster as data: it is made through the API, and the simulators bring it to life. */
export interface Scenario {
  readonly machines: readonly Machine[];
  readonly releases: readonly Release[];
  readonly failures: readonly Mishap[];
  readonly objects: readonly KubernetesObject[];
  readonly later: readonly Act[];
}
