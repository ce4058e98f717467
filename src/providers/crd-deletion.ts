import { letGo } from './installation-steps.ts';
import { listed } from './listed.ts';
import type { CrdFact, Facts } from './provider.ts';

/** What holds a CRD that is being deleted, and how it is let go. */
export function holding({ name, left }: CrdFact): string {
  if (left === undefined) return `What holds it is listed by: kubectl get ${name} --all-namespaces`;
  const [first] = left;
  if (!first) return 'No object holds it any more: look again in a moment.';
  const names = left.map((object) => `${object.kind} ${object.namespace}/${object.name}`);
  return `It waits for ${listed(names)}. What no operator lets go of is let go by hand: ${letGo(first)}`;
}

/** Why nothing can be installed over these CRDs; empty where none of them is being deleted. */
export const disappearing = ({ crds }: Facts, names: readonly string[]): readonly string[] =>
  crds
    .filter(({ name, deleting }) => deleting === true && names.includes(name))
    .map((crd) => `The CRD ${crd.name} is being deleted: what is installed over it goes with it. ${holding(crd)}`);
