import type { NodeCapacity } from '../capacity/capacity.ts';
import type { ModelFacts } from '../models/model-facts.ts';
import { needOf, spreads } from './need.ts';
import { classesFor } from './rooms.ts';
import { sizeOf } from './size.ts';

export interface SmallestRoom {
  readonly gpus: number;
  readonly gpu: string | null;
  /** Null where it is not known what others use. */
  readonly now: boolean | null;
}

/**
 * The fewest GPUs that hold one replica, free ones before others. Undefined: nowhere; null: the model's numbers or the
 * memory of the GPUs are not known.
 */
export function smallestRoom(
  model: ModelFacts,
  nodes: readonly NodeCapacity[],
  tokens: number,
): SmallestRoom | null | undefined {
  const contextLength = Math.min(tokens, model.contextLength ?? tokens);
  const size = sizeOf({ contextLength }, model);
  if (!size) return null;
  const measured = nodes.filter(({ memory }) => memory !== null);
  const largest = Math.max(0, ...measured.map(({ total }) => total));
  const rooms = spreads(size.attention, largest).flatMap((gpus) =>
    classesFor(measured, gpus, needOf(size.weightBytes, size.attention, size.tokens, gpus)).map((room) => ({
      gpus,
      gpu: room.model,
      now: room.freeRooms === null ? null : room.freeRooms > 0,
    })),
  );
  const best = rooms.find(({ now }) => now === true) ?? rooms[0];
  if (best) return best;
  return measured.length < nodes.length ? null : undefined;
}
