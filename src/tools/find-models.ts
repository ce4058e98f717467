import * as z from 'zod';
import { findModels as find, type Model, model, sizedFor } from '../foundry/models/find-models.ts';
import { readingAllPods, readingNodes } from '../foundry/rights.ts';
import { plainLine } from '../foundry/untrusted-text.ts';
import { written } from '../foundry/written-number.ts';
import { context, runtime } from './inputs.ts';
import { table } from './text/table.ts';
import { count, lines, section } from './text/words.ts';
import type { Tool } from './tool.ts';

const defaultLimit = 10;

const input = z.strictObject({
  query: z.string().trim().min(2).max(100).optional().describe('part of a name; default: what fits here'),
  runtime: runtime.optional(),
  limit: z.int().min(1).max(50).optional().describe(`default ${defaultLimit}`),
  context,
});

const output = z.object({
  context: z.string(),
  models: z.array(model),
  total: z.int(),
  problems: z.array(z.string()),
});

export const findModels: Tool<typeof input, typeof output> = {
  name: 'find_models',
  command: 'models',
  title: 'Find models',
  description:
    'Models from a catalogue and the Hugging Face hub: size, licence, gated, engines, and on which GPUs of this cluster one fits.',
  effect: 'read',
  needs: { role: 'observe', rights: [], optional: [...readingNodes, ...readingAllPods] },
  input,
  output,
  route: { method: 'GET', path: '/models' },
  async run({ context: where, limit = defaultLimit, ...question }, { foundry }, signal) {
    const site = await foundry.site(where);
    const { models, total, problems } = await find(site, { ...question, limit }, signal);
    return { context: site.context, models: [...models], total, problems: [...problems] };
  },
  text: ({ context: name, models, total, problems }) =>
    lines(
      `context ${name}: ${count(total, 'model')}`,
      models.length > 0 && modelTable(models),
      models.length > 0 && `FITS: GPUs per replica, for ${written(sizedFor)} tokens; plan_deployment tells more`,
      models.length < total && `showing ${models.length} of ${total}; raise limit, or pass query`,
      section('Not known', problems),
    ),
};

const modelTable = (models: readonly Model[]): string =>
  table(
    ['MODEL', 'PARAMETERS', 'WEIGHTS', 'CONTEXT', 'LICENCE', 'GATED', 'ENGINES', 'FITS'],
    models.map((row) => [
      row.id,
      row.parameters === null ? '?' : `${(row.parameters / 1e9).toFixed(1)}B`,
      weightWords(row),
      row.contextLength === null ? '?' : `${Math.round(row.contextLength / 1024)}k`,
      row.licence === null ? '?' : plainLine(row.licence, 30),
      row.gated === null ? '?' : row.gated ? 'yes' : '',
      row.engines?.join(',') ?? '?',
      fitWords(row),
    ]),
  );

const weightWords = ({ weights, quantization }: Model): string =>
  weights === null
    ? '?'
    : `${(weights / 2 ** 30).toFixed(1)} GiB${quantization === null ? '' : ` ${plainLine(quantization, 20)}`}`;

function fitWords({ fits, canFit }: Model): string {
  if (fits) return `${fits.gpus} ${plainLine(fits.gpu ?? 'GPU', 63)}${fits.now === false ? ', none free' : ''}`;
  return canFit === null ? '?' : 'no';
}
