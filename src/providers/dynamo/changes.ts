import type { KubernetesObject } from '../../kubernetes.ts';
import { deletion } from '../installation-steps.ts';
import type { Snapshot, Step } from '../provider.ts';
import { type GraphComponent, readGraph } from './graph.ts';
import { modeOf } from './parse.ts';

const named = (components: readonly GraphComponent[]): ReadonlyMap<string, GraphComponent> =>
  new Map(components.map((component) => [component.name, component]));

/** What differs between a component as it is and as it is wanted, and cannot be changed in place. */
function componentRefusals(existing: GraphComponent, wanted: GraphComponent): readonly string[] {
  const refusals: string[] = [];
  const { name } = existing;
  // Accepted by the operator until 1.4, and harmful even where the role stays: it leaves Deployments and Services behind.
  if (existing.type !== wanted.type) {
    refusals.push(
      `The type of component ${name} would change from ${existing.type ?? 'none'} to ${wanted.type ?? 'none'}.`,
    );
  }
  if (existing.nodes !== wanted.nodes) {
    refusals.push(`Component ${name} would go from ${existing.nodes} to ${wanted.nodes} nodes per replica.`);
  }
  if (existing.scaled && wanted.replicas !== existing.replicas) {
    refusals.push(`The replicas of component ${name} belong to its scaling adapter.`);
  }
  return refusals;
}

/**
 * Why a deployment must not be changed into another one; empty when it may. What the operator refuses (components,
 * framework, nodes) and what it lets pass to everyone's harm (types).
 */
export function refusals(existing: KubernetesObject, wanted: KubernetesObject): readonly string[] {
  const before = readGraph(existing);
  const after = readGraph(wanted);
  const found: string[] = [];
  const [modeBefore, modeAfter] = [modeOf(before), modeOf(after)];
  if (modeBefore !== modeAfter)
    found.push(`The mode would change from ${modeBefore ?? 'unknown'} to ${modeAfter ?? 'unknown'}.`);
  if (before.framework !== after.framework) {
    found.push(
      `The engine would change from ${before.framework ?? 'unspecified'} to ${after.framework ?? 'unspecified'}.`,
    );
  }
  const [old, next] = [named(before.components), named(after.components)];
  const removed = [...old.keys()].filter((name) => !next.has(name));
  const added = [...next.keys()].filter((name) => !old.has(name));
  if (removed.length > 0) found.push(`Components would be removed: ${removed.join(', ')}.`);
  if (added.length > 0) found.push(`Components would be added: ${added.join(', ')}.`);
  for (const [name, component] of old) {
    const counterpart = next.get(name);
    if (counterpart) found.push(...componentRefusals(component, counterpart));
  }
  return found;
}

/** Deletes the deployment that was read, and not another one that has taken its name since. */
export function remove({ primary }: Snapshot): readonly Step[] {
  const { name, namespace, uid } = primary.metadata;
  return [deletion({ apiVersion: primary.apiVersion, kind: primary.kind, name, namespace, uid })];
}
