import type { Hub, HubModel } from '../../hub/hub.ts';
import { modelId } from '../spec.ts';
import { catalogue } from './catalogue.ts';
import { factsOfHubModel, factsOfRow, type ModelFacts } from './model-facts.ts';

/** Models that were found, and what hindered finding more. */
interface Found {
  readonly models: readonly ModelFacts[];
  readonly problems: readonly string[];
}

interface Described {
  /** Null where nobody knows it. */
  readonly facts: ModelFacts | null;
  /** The words of a hub that has no such model. */
  readonly missing?: string;
  /** Why the hub that there is told nothing. */
  readonly untold?: string;
}

/** What is known about models: the catalogue, and a hub where there is one and it answers. Never fails for the hub. */
export interface ModelLibrary {
  /** Without a query the catalogue alone; else what matches in it, then what the hub finds, `limit` in all. */
  search(query: string | undefined, limit: number, signal: AbortSignal): Promise<Found>;
  /** One model; the catalogue's word counts before the hub's. */
  describe(id: string, signal: AbortSignal): Promise<Described>;
  /** Whether the token of this program may read a gated model; null where the hub cannot be asked. */
  access(id: string, signal: AbortSignal): Promise<boolean | null>;
}

const offline = 'No model hub is set up here: only the catalogue was searched.';

export function createModelLibrary(hub: Hub | undefined): ModelLibrary {
  const rows = new Map(catalogue.map((row) => [row.id.toLowerCase(), row]));

  /** config.json tells what the KV cache takes; without it the rest still stands. */
  async function complete(model: HubModel, signal: AbortSignal): Promise<ModelFacts> {
    const config = await hub?.config(model.id, signal);
    return factsOfHubModel(model, config?.state === 'found' ? config.value : undefined);
  }

  return {
    async search(query, limit, signal) {
      const words = query?.toLowerCase().split(/[\s/]+/) ?? [];
      const known = catalogue
        .filter(({ id }) => words.every((word) => id.toLowerCase().includes(word)))
        .slice(0, limit)
        .map(factsOfRow);
      if (query === undefined) return { models: known, problems: [] };
      if (!hub) return { models: known, problems: [offline] };
      if (known.length === limit) return { models: known, problems: [] };
      const answer = await hub.search(query, limit, signal);
      if (answer.state !== 'found') {
        return { models: known, problems: [`${answer.message} Only the catalogue was searched.`] };
      }
      const others = answer.value
        .filter(({ id }) => modelId.safeParse(id).success && !known.some((one) => one.id === id))
        .slice(0, limit - known.length);
      const live = await Promise.all(
        others.map((model) => {
          const row = rows.get(model.id.toLowerCase());
          return row ? factsOfRow(row) : complete(model, signal);
        }),
      );
      return { models: [...known, ...live], problems: [] };
    },

    async describe(id, signal) {
      const row = rows.get(id.toLowerCase());
      if (row) return { facts: factsOfRow(row) };
      if (!hub) return { facts: null };
      const answer = await hub.model(id, signal);
      if (answer.state === 'missing') return { facts: null, missing: answer.message };
      if (answer.state !== 'found') return { facts: null, untold: answer.message };
      return { facts: await complete(answer.value, signal) };
    },

    async access(id, signal) {
      const answer = await hub?.config(id, signal);
      if (answer?.state === 'found') return true;
      return answer?.state === 'refused' ? false : null;
    },
  };
}
