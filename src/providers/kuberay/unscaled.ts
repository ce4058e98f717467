import { valueAt } from '../../kubernetes.ts';
import type { Cause } from '../pods.ts';
import { workerRole } from './clusters.ts';
import { workerGroups } from './parse.ts';
import { isAutoscaled } from './scaling.ts';
import { type View, workersOf } from './view.ts';

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

/**
 * Replicas that never come by waiting: the RayService asks for more workers than its cluster was made with, and the
 * operator carries no sizes over to a cluster that lives (1.6.2, 1.7.0). Of two clusters, the one that takes over counts.
 */
export function unscaledCluster(view: View): Cause | undefined {
  const { primary, config, behind, podsKnown } = view;
  const cluster = view.pending ?? view.active;
  if (cluster?.object === undefined || behind || !podsKnown || !config.parsed) return undefined;
  if (isAutoscaled(primary, config.configs)) return undefined;
  const asked = new Map(
    workerGroups(valueAt(primary, 'spec', 'rayClusterConfig')).map(({ name, pods }) => [name, pods]),
  );
  for (const { name, pods } of workerGroups(cluster.object.spec)) {
    const wanted = asked.get(name) ?? pods;
    const role = view.roles.find((each) => each.role === workerRole(name, config.mode));
    if (wanted <= pods || !role?.desired || role.capacity(workersOf(role, cluster.pods)) >= role.desired) continue;
    const workers = count(wanted, role.role === 'worker' ? 'worker' : `${role.role} worker`);
    return {
      reason: 'ClusterNotScaled',
      message: `RayService asks for ${workers} (${count(role.desired, 'replica')}), its RayCluster ${cluster.name} has ${pods}`,
    };
  }
  return undefined;
}
