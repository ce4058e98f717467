import type { Cluster } from '../cluster/cluster.ts';
import type { ReleaseFact, Step } from '../providers/provider.ts';

/** Steps that only an installer can carry out; the rest goes through the cluster door. */
type InstallerStep = Extract<Step, { kind: 'helm' | 'applyCrds' | 'deleteCrds' }>;

/** Why an installer cannot work: HELM_MISSING where there is none that may be used, HELM_FAILED where it does not run. */
export interface Unusable {
  readonly code: 'HELM_MISSING' | 'HELM_FAILED';
  readonly message: string;
  readonly hint: string;
}

/** Who installs runtimes: the user's helm, or on the sandbox the sandbox itself. Injected by `main`. */
export interface Installer {
  readonly name: string;
  /** Whether it can work here, and its version; if not, why and what to do: the error that every use of it would be. */
  ready(
    signal: AbortSignal,
  ): Promise<{ readonly ok: true; readonly version?: string } | ({ readonly ok: false } & Unusable)>;
  /** Every release in the cluster. Left out where whoever installs keeps none; throws FoundryError HELM_FAILED. */
  releases?(cluster: Cluster, signal: AbortSignal): Promise<readonly ReleaseFact[]>;
  /** Whether whoever installed a release gave it values. Left out as `releases`; throws FoundryError HELM_FAILED. */
  hasValues?(
    at: { readonly release: string; readonly namespace: string },
    cluster: Cluster,
    signal: AbortSignal,
  ): Promise<boolean>;
  /** Throws FoundryError HELM_FAILED with the end of helm's own words. */
  carryOut(
    step: InstallerStep,
    cluster: Cluster,
    progress: (message: string) => void,
    signal: AbortSignal,
  ): Promise<void>;
}
