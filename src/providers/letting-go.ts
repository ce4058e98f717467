import { type KubernetesObject, referenceTo } from '../kubernetes.ts';
import { foreignFinalizers, ownFinalizers } from './finalizers.ts';
import { letGo } from './installation-steps.ts';
import { listed } from './listed.ts';
import type { Installation } from './provider.ts';

/** Why no operator takes an object's finalizers away; undefined where one does, or where it has none. */
export function heldBecause({ healthy, message, watches }: Installation, object: KubernetesObject): string | undefined {
  const { finalizers = [], namespace = '' } = object.metadata;
  if (healthy === false) return finalizers.length > 0 ? message : undefined;
  if (watches === undefined || watches.includes(namespace) || ownFinalizers(object).length === 0) return undefined;
  return `No operator watches ${namespace}, only ${watches.join(', ')}.`;
}

/** Without an operator that removes the finalizers the deletion would hang half done. */
export function stranded(found: Installation, objects: readonly KubernetesObject[]): readonly string[] {
  const held = objects.flatMap((object) => {
    const why = heldBecause(found, object);
    return why === undefined ? [] : [{ object, why }];
  });
  const [first] = held;
  if (!first) return [];
  const { kind, metadata } = first.object;
  const rest = held.length > 1 ? ` (and ${held.length - 1} more)` : '';
  return [
    `${kind} ${metadata.namespace}/${metadata.name}${rest} would hang in deletion on its finalizer ${metadata.finalizers?.join(', ')}, which only an operator removes. ${first.why} Have one look after it, or give the finalizer up by hand: ${letGo(referenceTo(first.object))}`,
  ];
}

/** What is being deleted already and does not end: waiting for it may have no end either. */
export function hanging(objects: readonly KubernetesObject[]): readonly string[] {
  const held = objects.filter(
    (object) => object.metadata.deletionTimestamp !== undefined && foreignFinalizers(object).length > 0,
  );
  const [first] = held;
  if (!first) return [];
  const names = held.map(
    (object) =>
      `${object.kind} ${object.metadata.namespace}/${object.metadata.name} (${foreignFinalizers(object).join(', ')})`,
  );
  return [
    `Being deleted already, and held by finalizers that the operator does not take away: ${listed(names)}. As long as whoever set them does not, this stops there. By hand: ${letGo(referenceTo(first))}`,
  ];
}
