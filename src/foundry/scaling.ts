import type { Scale } from '../providers/provider.ts';
import { askedOf } from './asked.ts';
import type { Survey } from './capacity/survey.ts';
import type { Change } from './changing.ts';
import { classesFor, freeRooms, usableNodes } from './fit/rooms.ts';
import type { Found } from './lookup.ts';

/** Other numbers of replicas; part of what we applied. */
export const scaling = (wanted: Scale): Change => ({
  verb: 'Scale',
  done: 'scaled',
  reason: 'Scaled',
  applied: true,
  changes: (provider, _, snapshot, facts) => provider.changing.scale(snapshot, wanted, facts),
  warnings: (found, survey) => roomWarnings(found, wanted, survey),
});

/** That there is no room for what comes in addition. Nodes may grow and others may end, so that it is no refusal. */
function roomWarnings(
  { provider, snapshot, deployment }: Found,
  { replicas, role = 'worker' }: Scale,
  survey: Survey,
): readonly string[] {
  const scaled = deployment.roles.find(({ role: name }) => name === role);
  const more = replicas - (scaled?.desired ?? 0);
  if (!scaled?.gpus || more <= 0) return [];
  const { nodeSelector, tolerations = [] } = askedOf(provider, snapshot.primary) ?? {};
  const nodes = usableNodes(survey, { nodeSelector, tolerations: [...provider.ownTolerations, ...tolerations] });
  if (nodes === null) return [];
  const classes = classesFor(nodes, scaled.gpus, null);
  const free = freeRooms(classes);
  const rooms = classes.reduce((sum, each) => sum + each.rooms, 0);
  const of = `of ${scaled.gpus} GPU${scaled.gpus === 1 ? '' : 's'}`;
  const held = `NO_CAPACITY: the usable nodes hold ${rooms} replicas ${of}`;
  // Which of its pods have no node yet is not told apart from other pods that wait: they may take these rooms too.
  if (free === null) return rooms >= replicas ? [] : [`${held}, so that ${replicas - rooms} of ${replicas} will wait.`];
  return free >= more ? [] : [`${held}, ${free} more now, so that ${more - free} of ${replicas} will wait for GPUs.`];
}
