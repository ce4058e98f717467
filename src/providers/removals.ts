import { type KubernetesObject, referenceTo } from '../kubernetes.ts';
import { deletion, untilGone } from './installation-steps.ts';
import type { Step } from './provider.ts';

/** What goes with its owner needs no step of its own. */
export function tops(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const uids = new Set(objects.map(({ metadata }) => metadata.uid));
  return objects.filter(({ metadata }) => !(metadata.ownerReferences ?? []).some(({ uid }) => uids.has(uid)));
}

/** Deletes objects and waits until they are gone with all that they made; those of `creators` before the rest. */
export function removals(
  objects: readonly KubernetesObject[],
  { all, creators }: { readonly all: readonly KubernetesObject[]; readonly creators: readonly string[] },
): readonly Step[] {
  const creates = ({ kind }: KubernetesObject) => creators.includes(kind);
  const rounds = [objects.filter(creates), objects.filter((object) => !creates(object))];
  return rounds.flatMap((round) => [
    ...round.map((object) => deletion(referenceTo(object))),
    ...round.map((object) => untilGone(referenceTo(object), partsOf(object, all).map(referenceTo))),
  ]);
}

/**
 * What an object made, and that made. It is collected after its owner: with finalizers, as Dynamo's
 * DynamoComponentDeployments have, it hangs, together with the CRD of its kind, where the operator is removed before it
 * has let go; without, as KubeRay's RayClusters, its pods run on after all was said to be done.
 */
function partsOf(owner: KubernetesObject, all: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const made = all.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid));
  // Owners may go round in a ring.
  const others = all.filter((object) => !made.includes(object));
  return made.flatMap((part) => [part, ...partsOf(part, others)]);
}
