import * as z from 'zod';
import type { DeploymentSpec } from '../../providers/spec.ts';
import type { NodeCapacity } from '../capacity/capacity.ts';
import type { Survey } from '../capacity/survey.ts';
import type { ModelFacts } from '../models/model-facts.ts';
import { providerOf } from '../specification.ts';
import { alternativesTo } from './alternatives.ts';
import { canSpread, type Need, needOf } from './need.ts';
import { classesFor, freeRooms, kindsTooSmall, usableNodes } from './rooms.ts';
import { sizeOf } from './size.ts';

const gibibytes = z.number().describe('GiB');

/** Whether a deployment finds room, by GPUs and by memory (docs/fit.md). */
export const fit = z.object({
  gpusPerReplica: z.int(),
  gpus: z.int().describe('of all replicas'),
  largestNode: z.int().describe('of the nodes that it can use'),
  cluster: z.int().describe('all of them'),
  free: z.int().nullable().describe('what others do not ask for; null: pods could not be read'),
  largestFree: z.int().nullable(),
  fits: z.boolean().nullable().describe('now, beside what others use; null: not known'),
  why: z.string(),
  /** What one GPU has to hold; null where the numbers of the model are not known. */
  need: z
    .object({ tokens: z.int(), weights: gibibytes, kvCache: gibibytes, overhead: gibibytes, total: gibibytes })
    .nullable(),
  on: z
    .array(
      z.object({
        gpu: z.string().nullable(),
        memory: z.int().nullable().describe('MiB'),
        rooms: z.int().describe('replicas'),
        freeRooms: z.int().nullable(),
      }),
    )
    .describe('kinds of GPU that are large enough, or of unknown size'),
  tooSmall: z.array(z.string()).describe('kinds of GPU that the scheduler may take although it does not fit there'),
  alternatives: z.array(z.string()),
});

export type Fit = z.output<typeof fit>;

/** GPUs that the spec asks for per replica, and how many replicas. */
function askedBy(spec: DeploymentSpec): { readonly gpus: number; readonly replicas: number } {
  const each = spec.replicas ?? 1;
  const replicas =
    spec.mode === 'disaggregated' ? (spec.prefillReplicas ?? each) + (spec.decodeReplicas ?? each) : each;
  return { gpus: spec.gpus ?? 1, replicas };
}

/** Null where the nodes could not be read. `model` is null where nothing is known of it. */
export function fitOf(spec: DeploymentSpec, survey: Survey, model: ModelFacts | null): Fit | null {
  const { namespace, name: instance, runtime, nodeSelector } = spec;
  const tolerations = [...providerOf(runtime).ownTolerations, ...(spec.tolerations ?? [])];
  const nodes = usableNodes(survey, { nodeSelector, tolerations, own: { namespace, instance, runtime } });
  if (nodes === null) return null;
  const { gpus, replicas } = askedBy(spec);
  const size = sizeOf(spec, model);
  const need = size && needOf(size.weightBytes, size.attention, size.tokens, gpus);
  const classes = classesFor(nodes, gpus, need);
  const free = freeRooms(classes);
  const spreadable = size === null || canSpread(size.attention, gpus);
  const room = free === null ? null : free >= replicas;
  // GPUs alone are no room: where the need is not known, only that there are too few of them is.
  const fits = !spreadable ? false : replicas === 0 ? true : need === null && room ? null : room;
  const known = nodes.map((node) => node.free).filter((number) => number !== null);
  const readable = known.length === nodes.length;
  return {
    gpusPerReplica: gpus,
    gpus: gpus * replicas,
    largestNode: Math.max(0, ...nodes.map(({ total }) => total)),
    cluster: nodes.reduce((sum, { total }) => sum + total, 0),
    free: readable ? known.reduce((sum, number) => sum + number, 0) : null,
    largestFree: readable ? Math.max(0, ...known) : null,
    fits,
    why: spreadable
      ? reasonOf({ nodes, gpus, replicas, rooms: classes.reduce((sum, { rooms }) => sum + rooms, 0), free, need })
      : `its attention heads cannot be spread over ${gpus} GPUs`,
    need: need && {
      tokens: need.tokens,
      weights: inGibibytes(need.weights),
      kvCache: inGibibytes(need.kvCache),
      overhead: inGibibytes(need.overhead),
      total: inGibibytes(need.total),
    },
    on: spreadable
      ? classes.map(({ model: gpu, memory, rooms, freeRooms: now }) => ({ gpu, memory, rooms, freeRooms: now }))
      : [],
    tooSmall: [...kindsTooSmall(nodes, gpus, need)],
    alternatives: fits === false ? [...alternativesTo(spec, nodes, { size, gpus, replicas })] : [],
  };
}

/** Whether there is room for it once others have gone. */
export const fitsLater = ({ on, gpus, gpusPerReplica }: Fit): boolean =>
  on.reduce((sum, { rooms }) => sum + rooms, 0) * gpusPerReplica >= gpus;

const inGibibytes = (bytes: number): number => Math.round((bytes / 2 ** 30) * 10) / 10;

function reasonOf(found: {
  readonly nodes: readonly NodeCapacity[];
  readonly gpus: number;
  readonly replicas: number;
  readonly rooms: number;
  readonly free: number | null;
  readonly need: Need | null;
}): string {
  const { nodes, gpus, replicas, rooms, free, need } = found;
  if (nodes.length === 0) return 'no node with GPUs can be used';
  if (!nodes.some(({ total }) => total >= gpus)) return `no node that can be used has ${gpus} GPUs`;
  if (rooms === 0 && need) return `no GPU has the ${inGibibytes(need.total)} GiB that each of its GPUs needs`;
  if (free === null) return 'what others use is not known';
  if (free >= replicas)
    return need
      ? 'there is room now'
      : 'there are GPUs now; only they were counted: the size of the model is not known';
  if (rooms < replicas) return `the nodes have room for ${rooms} of ${replicas} replicas, ${free} of them now`;
  return `others use the GPUs: there is room for ${free} of ${replicas} replicas now`;
}
