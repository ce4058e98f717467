import * as z from 'zod';
import { usableNodes } from '../providers/capacity.ts';
import type { Facts } from '../providers/provider.ts';
import type { DeploymentSpec } from '../providers/spec.ts';

/** GPUs asked for against those that nodes have; what others use now is not counted. */
export const fit = z.object({
  gpusPerReplica: z.int(),
  gpus: z.int().describe('of all replicas'),
  largestNode: z.int(),
  cluster: z.int(),
  fits: z.boolean(),
});

export type Fit = z.output<typeof fit>;

const sizesOf = (facts: Facts): readonly number[] | null =>
  facts.unread.some(({ what }) => what === 'nodes') ? null : usableNodes(facts.nodes).map(({ gpus }) => gpus);

/** Replicas of so many GPUs that the usable nodes hold, each on one node; null where the nodes could not be read. */
export const roomsOf = (facts: Facts, gpusPerReplica: number): number | null =>
  sizesOf(facts)?.reduce((sum, size) => sum + Math.floor(size / gpusPerReplica), 0) ?? null;

/** null where the nodes could not be read. */
export function fitOf(spec: DeploymentSpec, facts: Facts): Fit | null {
  const gpusPerReplica = spec.gpus ?? 1;
  const [sizes, rooms] = [sizesOf(facts), roomsOf(facts, gpusPerReplica)];
  if (sizes === null || rooms === null) return null;
  const each = spec.replicas ?? 1;
  const replicas =
    spec.mode === 'disaggregated' ? (spec.prefillReplicas ?? each) + (spec.decodeReplicas ?? each) : each;
  const gpus = gpusPerReplica * replicas;
  const largestNode = Math.max(0, ...sizes);
  return {
    gpusPerReplica,
    gpus,
    largestNode,
    cluster: sizes.reduce((sum, size) => sum + size, 0),
    fits: rooms >= replicas,
  };
}
