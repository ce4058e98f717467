import * as z from 'zod';
import { findModels } from '../../tools/find-models.ts';
import { getClusterCapacity } from '../../tools/get-cluster-capacity.ts';
import { getRuntimesStatus } from '../../tools/get-runtimes-status.ts';
import { lines } from '../../tools/text/words.ts';
import type { Prompt } from './prompt.ts';

const input = z.object({
  model: z.string().max(200).optional().describe('Hugging Face id, or a part of it; default: what fits'),
  purpose: z.string().max(500).optional().describe('what it is for, e.g. coding'),
});

/** Enough to choose from. */
const choices = 5;

export const deployAModel: Prompt<typeof input> = {
  name: 'deploy-a-model',
  title: 'Deploy a model',
  description: 'Chooses a model that fits on this cluster, plans, deploys and proves it.',
  input,
  async message({ model, purpose }, read) {
    const facts = await Promise.all([
      read(getRuntimesStatus, {}),
      read(getClusterCapacity, {}),
      read(findModels, { query: model, limit: choices }),
    ]);
    return lines(
      `Deploy ${model ?? 'a model'} on this cluster${purpose === undefined ? '' : ` for: ${purpose}`}.`,
      ...facts.map(({ text }) => `\n${text}`),
      `
1. Choose a model that fits and a runtime that is ready. Ask me if the choice is not clear, if the model is gated, or if a runtime must be installed (install_runtime).
2. plan_deployment with name, model and runtime; mend what it refuses.
3. deploy_model with the same spec and wait: true.
4. Running: query_deployment proves it; tell me the endpoint. Failed: diagnose_deployment, and follow its fix.`,
    );
  },
};
