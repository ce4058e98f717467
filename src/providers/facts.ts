import type { ObjectReference } from '../kubernetes.ts';

/** One CustomResourceDefinition as the cluster serves it. Fields that only the CRD object tells are absent when it could not be read. */
export interface CrdFact {
  /** `<plural>.<group>` */
  readonly name: string;
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
  /** Served versions, in the order of discovery. */
  readonly served: readonly string[];
  readonly storage?: string;
  readonly established?: boolean;
  readonly conversion?: 'None' | 'Webhook';
  /** A conversion webhook without a CA bundle cannot work. */
  readonly conversionCa?: boolean;
  /** Its objects could not be read in another version than the stored one: the server's words. */
  readonly unconverted?: string;
  /** It is being deleted, and with it every object of its kind. */
  readonly deleting?: boolean;
  /** The objects that hold it while it is being deleted, where they may be listed. */
  readonly left?: readonly ObjectReference[];
  /** How many objects there are, where the whole cluster may be counted. */
  readonly objects?: number;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Names of the properties under `spec`, per served version. */
  readonly specFields?: Readonly<Record<string, readonly string[]>>;
}

/** A Kubernetes Deployment (`apps/v1`) that may be a runtime's operator. */
export interface OperatorFact {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Those that tell who installed it. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Labels of its pods; they survive where those of the object were rewritten. */
  readonly podLabels?: Readonly<Record<string, string>>;
  readonly images: readonly string[];
  readonly initContainers?: readonly string[];
  /** Commands and arguments of its containers. */
  readonly args: readonly string[];
  /** The ConfigMap that its `--config` argument leads to. */
  readonly settingsFrom?: { readonly configMap: string; readonly key: string };
  /** What stands in that ConfigMap, where it was read. */
  readonly settings?: unknown;
  readonly desired: number;
  readonly ready: number;
  readonly available: number;
  /** Replicas of the newest pod template; absent = all. */
  readonly updated?: number;
  /** Pods of an older template are still there, or the newest is not acted on yet. */
  readonly rolling?: boolean;
  readonly deleting: boolean;
  /** The Available/Progressing condition's message when it is not available. */
  readonly message?: string;
}

export interface NodeFact {
  readonly name: string;
  readonly ready: boolean;
  readonly schedulable: boolean;
  /** Allocatable `nvidia.com/gpu`. */
  readonly gpus: number;
  /** Allocatable; absent = not known. */
  readonly cpus?: number;
  /** Allocatable bytes; absent = not known. */
  readonly memory?: number;
}

/** A release as helm keeps it, in its latest revision. */
export interface ReleaseFact {
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  /** Of the chart. */
  readonly version: string;
  readonly revision: number;
  /** `deployed`, `failed`, `pending-install`, `pending-upgrade`, `pending-rollback`, `uninstalling`, … */
  readonly status: string;
  /** Of one that is pending: since when. */
  readonly since?: string;
  /**
   * Of one that is pending: whether the helm that made it so has `ended`, lives on without the KubeFoundry that started
   * it (`orphaned`), or may be at work as far as anybody knows (`unknown`). Absent = it has had all the time it takes.
   */
  readonly helm?: 'ended' | 'orphaned' | 'unknown';
}

/** Something about the cluster that could not be read, and why. `null` answers follow from it. */
export interface Unread {
  readonly what: 'crds' | 'operators' | 'nodes';
  readonly code: 'FORBIDDEN' | 'CLUSTER_UNREACHABLE' | 'UNAUTHENTICATED' | 'TIMEOUT' | 'INTERNAL';
  readonly message: string;
  /** The next step, where it is known. */
  readonly hint?: string;
}

/** What detection needs to know about the cluster. */
export interface RuntimeFacts {
  readonly serverVersion?: string;
  readonly crds: readonly CrdFact[];
  readonly operators: readonly OperatorFact[];
  /** Read for installations only; absent = nobody could tell. */
  readonly releases?: readonly ReleaseFact[];
  readonly unread: readonly Unread[];
}

/** What discovery and installation reads found about the cluster. */
export interface Facts extends RuntimeFacts {
  readonly nodes: readonly NodeFact[];
}
