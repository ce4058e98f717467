import type { OperatorMarks, VersionMarks, WatchMarks } from './operators.ts';
import type { CrdFact, OperatorFact, Unread } from './provider.ts';

/** What a runtime is detected by: the one thing that differs between runtimes. */
export interface Signature {
  /** `KubeRay` */
  readonly title: string;
  readonly group: string;
  /** Kind of the primary, and its CRD. */
  readonly kind: string;
  readonly crd: string;
  /** Its helm chart. */
  readonly chart: string;
  readonly operator: OperatorMarks;
  readonly version: VersionMarks;
  readonly watch: WatchMarks;
  /** Versions of the primary that we can use, told from its CRD alone. */
  usable(crd: CrdFact): Usable;
  /** What is odd about a CRD beside an operator of that version, in sentences. */
  oddities(crd: CrdFact, version: string | undefined): readonly string[];
}

/** Without the group (`v1beta1`); undefined where the CRD serves none that we know. */
export interface Usable {
  /** Best first. */
  readonly served: readonly string[];
  readonly read: string | undefined;
  readonly write: string | undefined;
}

/** What is known of one runtime: all that a verdict looks at. */
export interface Scene {
  readonly signature: Signature;
  readonly crd: CrdFact | undefined;
  /** Names of the runtime's other CRDs that are there. */
  readonly begun: readonly string[];
  /** The one to speak of. */
  readonly operator: OperatorFact | undefined;
  readonly others: readonly OperatorFact[];
  readonly version: string | undefined;
  readonly watches: readonly string[] | undefined;
  readonly usable: Usable;
  /** Why something could not be read. */
  unread(what: Unread['what']): string | undefined;
}
