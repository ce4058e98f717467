import * as z from 'zod';
import { engines, type RuntimeId } from '../../providers/spec.ts';
import { usableNodes } from '../fit/rooms.ts';
import { smallestRoom } from '../fit/smallest-room.ts';
import type { Site } from '../site.ts';
import { providerOf } from '../specification.ts';
import { enginesFor } from './engine-support.ts';
import type { ModelFacts } from './model-facts.ts';

/** A model that can be asked for. Unknown is null. */
export const model = z.object({
  id: z.string(),
  source: z.enum(['catalogue', 'hub']),
  parameters: z.number().nullable(),
  weights: z.number().nullable().describe('bytes'),
  quantization: z.string().nullable().describe('of the checkpoint'),
  contextLength: z.int().nullable(),
  licence: z.string().nullable(),
  gated: z.boolean().nullable(),
  engines: z.array(z.enum(engines)).nullable().describe('known to serve it'),
  fits: z
    .object({
      gpus: z.int().describe('per replica'),
      gpu: z.string().nullable(),
      now: z.boolean().nullable().describe('beside what others use'),
    })
    .nullable()
    .describe('where a replica finds room, with context for tokens'),
  /** Null where the cluster or the model does not tell enough. */
  canFit: z.boolean().nullable(),
});
export type Model = z.output<typeof model>;

export interface ModelsFound {
  readonly models: readonly Model[];
  readonly total: number;
  readonly problems: readonly string[];
}

/** Tokens of context for which models are sized here, or the longest that they take. */
export const sizedFor = 8_192;

/** Models by name, or those of the catalogue, the largest that fit now first. */
export async function findModels(
  site: Site,
  { query, runtime, limit }: { readonly query?: string; readonly runtime?: RuntimeId; readonly limit: number },
  signal: AbortSignal,
): Promise<ModelsFound> {
  const most = query === undefined ? Number.POSITIVE_INFINITY : limit;
  const [found, survey] = await Promise.all([site.models.search(query, most, signal), site.survey(signal)]);
  const nodes = usableNodes(survey, {});
  const offered = runtime === undefined ? engines : providerOf(runtime).engines;
  const rows = found.models.flatMap((facts): readonly Model[] => {
    const known = enginesFor(facts.architecture)?.filter((engine) => offered.includes(engine)) ?? null;
    return known?.length === 0 ? [] : [rowOf(facts, known, nodes)];
  });
  const sorted = query === undefined ? rows.toSorted(byUse) : rows;
  return {
    models: sorted.slice(0, limit),
    total: rows.length,
    problems: [...found.problems, ...survey.problems.map(({ message, hint }) => `${message} ${hint}`)],
  };
}

function rowOf(facts: ModelFacts, known: Model['engines'], nodes: ReturnType<typeof usableNodes>): Model {
  const { id, source, parameters, weightBytes, quantization, contextLength, licence, gated } = facts;
  const room = nodes && smallestRoom(facts, nodes, sizedFor);
  return {
    id,
    source,
    parameters,
    weights: weightBytes,
    quantization,
    contextLength,
    licence,
    gated,
    engines: known,
    fits: room ?? null,
    canFit: room === null ? null : room !== undefined,
  };
}

const rank = ({ fits, canFit }: Model): number =>
  fits?.now === true ? 3 : canFit === true ? 2 : canFit === null ? 1 : 0;
const byUse = (one: Model, other: Model): number =>
  rank(other) - rank(one) || (other.weights ?? 0) - (one.weights ?? 0);
