import type { Cluster } from '../cluster/cluster.ts';
import type { ReleaseFact, Step } from '../providers/provider.ts';

/** Steps that only an installer can carry out; the rest goes through the cluster door. */
type InstallerStep = Extract<Step, { kind: 'helm' | 'applyCrds' | 'deleteCrds' }>;

/** Who installs runtimes: the user's helm, or on the sandbox the sandbox itself. Injected by `main`. */
export interface Installer {
  readonly name: string;
  /** Whether it can work here, and its version; if not, why and what to do (a HELM_MISSING sentence and its hint). */
  ready(
    signal: AbortSignal,
  ): Promise<
    | { readonly ok: true; readonly version?: string }
    | { readonly ok: false; readonly message: string; readonly hint: string }
  >;
  /** Every release in the cluster. Left out where whoever installs keeps none; throws FoundryError HELM_FAILED. */
  releases?(cluster: Cluster, signal: AbortSignal): Promise<readonly ReleaseFact[]>;
  /** Throws FoundryError HELM_FAILED with the end of helm's own words. */
  carryOut(
    step: InstallerStep,
    cluster: Cluster,
    progress: (message: string) => void,
    signal: AbortSignal,
  ): Promise<void>;
}
