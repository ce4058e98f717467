import type { KubernetesObject } from '../../kubernetes.ts';
import type { FailureKind } from '../failures.ts';
import { isMended } from '../mishaps/mended.ts';
import { isDeleting } from './objects.ts';
import { identify } from './pods.ts';
import type { World } from './world.ts';

const pods = { group: '', kind: 'Pod' };

/** The failure wished for this pod, if it is one of those that the wish hits. Frontends, heads and what was mended are spared. */
export function wishFor(world: World, pod: KubernetesObject): FailureKind | undefined {
  const { namespace = '', name } = pod.metadata;
  const { role, deployment } = identify(pod);
  if (role === 'frontend' || role === 'head') return undefined;
  const wish = world.failures.of(namespace, deployment);
  if (wish === undefined || isMended(wish.kind, pod)) return undefined;
  if (wish.pods === undefined) return wish.kind;
  const names = world
    .cache(pods)
    .list(namespace)
    .filter((other) => !isDeleting(other) && identify(other).role === role && identify(other).deployment === deployment)
    .map((other) => other.metadata.name)
    .sort();
  return names.indexOf(name) < wish.pods ? wish.kind : undefined;
}
