import type { KubernetesObject, ObjectReference } from '../kubernetes.ts';
import type { AskedSpec } from './asked.ts';
import type { Cause } from './causes.ts';
import type { Facts, OperatorFact, RuntimeFacts } from './facts.ts';
import type { FigureSeries } from './figures.ts';
import type { LogTarget, MetricTarget } from './observation.ts';
import type { Changes, Plan, Scale, Step } from './plan.ts';
import type { Filing, Have, HaveRead, KeptResource, Query, ReadResource, Snapshot } from './reading.ts';
import type { Release } from './releases.ts';
import type { DeploymentSpec, Engine, Mode, Phase, Role, Router, RuntimeId } from './spec.ts';

export type { CrdFact, Facts, NodeFact, OperatorFact, ReleaseFact, RuntimeFacts, Unread } from './facts.ts';
export type { Changes, Edit, FieldChange, PatchOperation, Plan, Scale, Step } from './plan.ts';
export type {
  FailedQuery,
  FileReader,
  Filing,
  Have,
  HaveRead,
  KeptResource,
  Query,
  ReadResource,
  Snapshot,
} from './reading.ts';

export const installationStates = ['ready', 'unhealthy', 'partial', 'not_installed', 'unknown'] as const;
export type InstallationState = (typeof installationStates)[number];

/** What is installed of one runtime, said only from facts. */
export interface Installation {
  readonly state: InstallationState;
  readonly installed: boolean | null;
  readonly healthy: boolean | null;
  /** Version of the operator, without a leading v. */
  readonly version?: string;
  /** What is the matter, in sentences with names; the notes stand in it too. */
  readonly message: string;
  /** What is odd about an installation that works. */
  readonly notes: readonly string[];
  /** Served versions of the primary's CRD that we know, best first, without the group (`v1beta1`). */
  readonly apiVersions: readonly string[];
  /** `apiVersion` (`<group>/<version>`) in which primaries are read: absent when the CRD is not served. */
  readonly readVersion?: string;
  /** `apiVersion` (`<group>/<version>`) in which manifests are written. */
  readonly writeVersion?: string;
  readonly operator?: {
    readonly namespace: string;
    readonly name: string;
    readonly ready: number;
    readonly desired: number;
    readonly image: string;
  };
  /** Namespaces that the operator watches; absent = all. */
  readonly watches?: readonly string[];
}

/** A refusal (`error`) or a warning about a spec, with the field it is about. */
export interface Problem {
  readonly path: string;
  readonly severity: 'error' | 'warning';
  /** Which error code a refusal becomes. */
  readonly code: 'INPUT_INVALID' | 'INVALID_FOR_RUNTIME' | 'NO_CAPACITY' | 'NOT_SUPPORTED';
  readonly message: string;
  readonly hint: string;
  /** The allowed values, where there is a closed set. */
  readonly allowed?: readonly string[];
}

export interface Manifests {
  readonly primary: KubernetesObject;
  readonly extra: readonly KubernetesObject[];
  readonly warnings: readonly string[];
}

/** What a manifest says about the model, also one that others wrote; `null` where it cannot be read. */
export interface ParsedManifest {
  readonly model: string | null;
  readonly servedModelName: string | null;
  readonly engine: Engine | null;
  readonly mode: Mode | null;
  /** GPUs that one replica of everything asks for in all: Σ replicas × GPUs. */
  readonly gpus: number | null;
  readonly image: string | null;
}

export interface RoleStatus {
  readonly role: Role;
  readonly desired: number | null;
  readonly ready: number | null;
  /** GPUs per replica of this role. */
  readonly gpus: number | null;
}

/** The phase table of design §4, answered for one snapshot. */
export interface Status {
  readonly phase: Phase;
  readonly reason: string;
  readonly message: string;
  readonly upgrading: boolean;
  readonly stale: boolean;
  readonly replicas: { readonly desired: number | null; readonly ready: number | null };
  readonly roles: readonly RoleStatus[];
}

export interface Endpoint {
  readonly service: string;
  readonly namespace: string;
  readonly port: number;
}

/** Teaches KubeFoundry one runtime: data and pure functions, no I/O, no clock. */
export interface Provider {
  readonly id: RuntimeId;
  readonly title: string;
  readonly description: string;
  readonly group: string;
  /** Kind and plural of the primary. */
  readonly kind: string;
  readonly plural: string;
  /** Versions of the primary that we know, newest first, without the group (`v1beta1`). */
  readonly versions: readonly string[];
  readonly engines: readonly Engine[];
  readonly modes: readonly Mode[];
  readonly routers: readonly Router[];
  /** Fields of a spec that mean nothing here with that engine, and are refused. */
  unused(engine: Engine): readonly (keyof DeploymentSpec)[];
  readonly defaultNamespace: string;
  /** What pods with GPUs tolerate beside what a spec asks for. */
  readonly ownTolerations: NonNullable<DeploymentSpec['tolerations']>;
  /** What is installed here, oldest first. Others may be asked for by their version. */
  readonly releases: readonly Release[];
  /** Whether an upgrade may go past a minor version. */
  readonly skipsMinors: boolean;
  /** Longest name of a deployment in that namespace. */
  nameLimit(namespace: string): number;

  readonly installation: {
    /** CRDs to look at, the primary's first. */
    readonly crds: readonly string[];
    /** Label of the Kubernetes Deployments that its deployments own: among them, however many they are, is no operator. */
    readonly ownedLabel?: string;
    /** Whether a Kubernetes Deployment is this runtime's operator. */
    isOperator(candidate: OperatorFact): boolean;
    /** Whether only the operator's ConfigMap tells which namespaces it watches. */
    hidesWatches(operator: OperatorFact): boolean;
    detect(facts: RuntimeFacts): Installation;
    planInstall(facts: Facts, options: { readonly version?: string }): Plan;
    /** To the version that is installed: repairs what is not as that version leaves it. No steps = nothing to do. */
    planUpgrade(
      facts: Facts,
      options: { readonly version?: string; readonly deployments?: readonly ObjectReference[] },
    ): Plan;
    /** `objects`: all there is of the kinds that the CRDs define. No steps = nothing to do. */
    planUninstall(
      facts: Facts,
      options: { readonly deleteCrds: boolean; readonly objects: readonly KubernetesObject[] },
    ): Plan;
  };

  readonly deploying: {
    validate(spec: DeploymentSpec, facts: Facts): readonly Problem[];
    build(spec: DeploymentSpec, facts: Facts): Manifests;
    parse(primary: KubernetesObject): ParsedManifest;
    /** What to ask for to get such a deployment again: built from it, it is the same. What no spec can say is left out. */
    asked(primary: KubernetesObject): AskedSpec;
    /** Why an existing primary must not be changed into the wanted one (delete and create instead); empty = it may. */
    refusals(existing: KubernetesObject, wanted: KubernetesObject): readonly string[];
    /**
     * What changing an existing primary into the wanted one (as the server's dry run returns it) costs or leaves undone: warnings for
     * the plan. Left out = nothing.
     */
    consequences?(existing: KubernetesObject, wanted: KubernetesObject): readonly string[];
    /** The roles whose pods are replaced when an existing primary becomes the wanted one, as the server's dry run returns it. */
    restarts(existing: KubernetesObject, wanted: KubernetesObject): readonly Role[];
  };

  readonly reading: {
    /** What `reads` asks for beside the primaries: the rights that reading takes. */
    readonly resources: readonly KeptResource[];
    /** What to fetch next for these primaries; called until it asks for nothing. For several it looks at their names alone. */
    reads(primaries: readonly KubernetesObject[], have: HaveRead): readonly Query[];
    readonly filing: Filing;
    /** One snapshot per primary, in their order, in time linear in the number of objects. */
    snapshots(primaries: readonly KubernetesObject[], have: Have, now: Date): readonly Snapshot[];
    status(snapshot: Snapshot): Status;
    /** How the runtime's status says that the model still loads though every pod is ready, and who is waited for then. */
    readonly loading?: { readonly words: RegExp; readonly who: string };
    endpoint(snapshot: Snapshot): Endpoint | null;
    /** Which pods belong to it, with their roles; `replaced`: of a revision in whose place a newer one comes up. */
    pods(
      snapshot: Snapshot,
    ): readonly { readonly pod: KubernetesObject; readonly role: Role | null; readonly replaced?: boolean }[];
    /** Whether an object that `reads` does not ask for, of which there is an Event, is a part of it. Left out = there are none. */
    owns?(primary: KubernetesObject, object: { readonly kind: string; readonly name: string }): boolean;
    /** The container of each pod whose log tells how it does. */
    logTargets(snapshot: Snapshot): readonly LogTarget[];
    /** The metrics endpoints of its pods. */
    metricTargets(snapshot: Snapshot): readonly MetricTarget[];
    /** Where in those metrics each figure stands. */
    readonly series: FigureSeries;
  };

  /** What diagnosis reads from the words of this runtime's operator, most telling first. */
  readonly causes: readonly Cause[];

  readonly changing: {
    /** Kinds beside the primary that scaling changes: the rights that it takes. */
    readonly resources: readonly ReadResource[];
    /** @throws FoundryError why it cannot be scaled so */
    scale(snapshot: Snapshot, wanted: Scale, facts: RuntimeFacts): Changes;
    /**
     * Replaces every pod, the old ones serving meanwhile. The edit is a request and no part of what was asked for.
     *
     * @throws FoundryError why it cannot be restarted
     */
    restart(snapshot: Snapshot, facts: RuntimeFacts): Changes;
    remove(snapshot: Snapshot): readonly Step[];
  };
}
