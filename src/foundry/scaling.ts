import { roomsOf } from '../providers/capacity.ts';
import type { Facts, Scale } from '../providers/provider.ts';
import type { Change } from './changing.ts';
import type { Found } from './lookup.ts';

/** Other numbers of replicas; part of what we applied. */
export const scaling = (wanted: Scale): Change => ({
  verb: 'Scale',
  done: 'scaled',
  reason: 'Scaled',
  applied: true,
  changes(provider, found, snapshot, facts) {
    const changes = provider.changing.scale(snapshot, wanted, facts);
    return { ...changes, warnings: [...roomWarnings(found, wanted, facts), ...changes.warnings] };
  },
});

/** That the nodes cannot hold it. They may grow, so that it is no refusal; what others use now is not counted. */
function roomWarnings({ deployment }: Found, { replicas, role }: Scale, facts: Facts): readonly string[] {
  const [scaled] = deployment.roles.filter(
    ({ role: name }) => name === role || (role === undefined && name === 'worker'),
  );
  if (!scaled || scaled.gpus === null || scaled.gpus === 0 || replicas <= (scaled.desired ?? 0)) return [];
  const rooms = roomsOf(facts, scaled.gpus);
  if (rooms === null || rooms >= replicas) return [];
  return [
    `NO_CAPACITY: the usable nodes hold ${rooms} replicas of ${scaled.gpus} GPUs, so that ${replicas - rooms} of ${replicas} will wait for GPU nodes.`,
  ];
}
