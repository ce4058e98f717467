import * as z from 'zod';
import { deployment } from '../foundry/deployment.ts';
import { listDeployments as list } from '../foundry/listing.ts';
import { problem } from '../foundry/problems.ts';
import { mayOnParts, mayOnPrimaries, readingVersions } from '../foundry/rights.ts';
import { namespaceName, phases } from '../foundry/spec.ts';
import { written } from '../foundry/written-number.ts';
import { context, runtime } from './inputs.ts';
import { deploymentTable } from './text/deployments.ts';
import { deploymentGroups } from './text/grouped-deployments.ts';
import { count, lines, problemLines } from './text/words.ts';
import type { Tool } from './tool.ts';

const defaultLimit = 20;
const mostListed = 500;

/** Up to so many rows a table costs no more than groups, and reads better. */
const mostTabled = 6;

const input = z.strictObject({
  runtime: runtime.optional(),
  namespace: namespaceName.optional(),
  phase: z.enum(phases).optional(),
  limit: z.int().min(1).max(mostListed).optional().describe(`default ${defaultLimit}`),
  cursor: z.string().max(1000).optional().describe('nextCursor of the previous page'),
  detail: z.boolean().optional().describe('a table with ages'),
  context,
});

const output = z.object({
  context: z.string(),
  deployments: z.array(deployment),
  total: z.int(),
  nextCursor: z.string().optional(),
  problems: z.array(problem),
});

export const listDeployments: Tool<typeof input, typeof output> = {
  name: 'list_deployments',
  command: 'list',
  title: 'List deployments',
  description:
    'All deployed models over all runtimes and namespaces, with phase and reason, also those made by others.',
  effect: 'read',
  needs: { role: 'observe', rights: [...mayOnPrimaries('list'), ...mayOnParts('list')], optional: readingVersions },
  input,
  output,
  route: { method: 'GET', path: '/deployments' },
  async run({ context: where, limit = defaultLimit, detail: _, ...filter }, { foundry }, signal) {
    const site = await foundry.site(where);
    const { deployments, total, nextCursor, problems } = await list(site, { ...filter, limit }, signal);
    return {
      context: site.context,
      deployments: [...deployments],
      total,
      ...(nextCursor !== undefined && { nextCursor }),
      problems: [...problems],
    };
  },
  // That a runtime is not installed is known, and nothing of it is missing.
  unmet: ({ total, problems }) => total === 0 && problems.some(({ code }) => code !== 'RUNTIME_NOT_INSTALLED'),
  text: ({ context: name, deployments, total, nextCursor, problems }, wide) =>
    lines(
      `context ${name}: ${count(total, 'deployment')}`,
      wide || deployments.length <= mostTabled
        ? deployments.length > 0 && deploymentTable(deployments, new Date())
        : deploymentGroups(deployments),
      deployments.length < total &&
        `showing ${deployments.length} of ${written(total)}${nextCursor === undefined ? '' : more(total, nextCursor, wide)}`,
      problemLines(problems),
    ),
};

/** How to see the others. A person has room for all at once. */
const more = (total: number, nextCursor: string, wide: boolean): string =>
  wide && total <= mostListed
    ? `; pass limit=${total}, or cursor=${nextCursor} for the next`
    : `; pass cursor=${nextCursor}`;
