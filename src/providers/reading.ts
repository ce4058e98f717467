import type { KubernetesObject } from '../kubernetes.ts';
import type { KeptFields } from './kept.ts';

/** What to fetch next. The foundry resolves the served version by discovery, pages, and retries in single namespaces where the whole cluster is forbidden. */
export interface Query {
  readonly group: string;
  readonly kind: string;
  /** Absent = every namespace that may be read. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** A kind that queries ask for, and its name in RBAC. */
export interface ReadResource {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
}

/** The same with what live views keep of each object: all that reading looks at. */
export interface KeptResource extends ReadResource {
  readonly keeps: KeptFields;
}

/** A query whose answer could not be had. */
export interface FailedQuery {
  readonly query: Query;
  readonly code: string;
  readonly message: string;
}

/** What has been asked so far for a set of primaries. */
export interface HaveRead {
  readonly answered: readonly Query[];
  readonly failed: readonly FailedQuery[];
}

/** The same with what came of it. */
export interface Have extends HaveRead {
  readonly objects: readonly KubernetesObject[];
}

/** The objects that are filed under a name. */
export type FileReader = (file: string) => readonly KubernetesObject[];

/** Which objects belong to which primary, in a form in which a change of one object leads to the primaries that it concerns. */
export interface Filing {
  /** Under what an object is filed; undefined = it belongs to no deployment. */
  fileOf(object: KubernetesObject): string | undefined;
  /** What belongs to a primary, from the files that it looks into. */
  gather(primary: KubernetesObject, file: FileReader): readonly KubernetesObject[];
}

/** Everything about one deployment, read at one time. */
export interface Snapshot {
  readonly primary: KubernetesObject;
  /** Objects of every kind that belong to it: owned objects, pods, Services, events. */
  readonly objects: readonly KubernetesObject[];
  /** Kinds that could not be read (`Pod`, …): what follows from them is null. */
  readonly unread: readonly FailedQuery[];
  readonly now: Date;
}
