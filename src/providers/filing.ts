import type { KubernetesObject } from '../kubernetes.ts';
import type { Filing, Have, Snapshot } from './provider.ts';

/** One snapshot per primary, in one pass over the objects. */
export function snapshotsBy(
  { fileOf, gather }: Filing,
  primaries: readonly KubernetesObject[],
  { objects, failed }: Have,
  now: Date,
): readonly Snapshot[] {
  const files = Map.groupBy(objects, fileOf);
  return primaries.map((primary) => ({
    primary,
    objects: gather(primary, (file) => files.get(file) ?? []),
    unread: failed.filter(({ query }) => isIn(primary, query.namespace)),
    now,
  }));
}

/** Whether what could not be read there is missing to a primary. */
export const isIn = ({ metadata }: KubernetesObject, namespace: string | undefined): boolean =>
  namespace === undefined || namespace === metadata.namespace;
