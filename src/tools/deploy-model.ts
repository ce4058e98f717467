import * as z from 'zod';
import { deployModel as deploy } from '../foundry/deploying.ts';
import { deployment } from '../foundry/deployment.ts';
import { difference } from '../foundry/differences.ts';
import { planDeployment } from '../foundry/planning.ts';
import { lookingUp, planning, recording, surveying, waiting } from '../foundry/rights.ts';
import { deploymentSpec, roles } from '../foundry/spec.ts';
import { fenced } from '../foundry/untrusted-text.ts';
import { waitedInVain } from './changed-deployment.ts';
import { context } from './inputs.ts';
import { deploymentLine } from './text/deployments.ts';
import { differenceLines } from './text/differences.ts';
import { lines, section } from './text/words.ts';
import type { Tool } from './tool.ts';

const input = deploymentSpec.extend({
  replace: z.boolean().optional().describe('change an existing one of that name'),
  wait: z.boolean().optional().describe('until Running or Failed'),
  context,
});

const output = z.object({
  context: z.string(),
  change: z.enum(['created', 'updated', 'unchanged']),
  deployment,
  diff: z.array(difference),
  restarts: z.array(z.enum(roles)).describe('roles whose pods are replaced'),
  warnings: z.array(z.string()),
  nextSteps: z.array(z.string()),
});

/** More fields than this are counted, not shown. */
const shownDifferences = 5;

export const deployModel: Tool<typeof input, typeof output> = {
  name: 'deploy_model',
  command: 'deploy',
  title: 'Deploy a model',
  description:
    'Serves a model on a runtime that you name. A spec that is not valid is refused before anything is created; one that finds no room is created and waits. Example: {"name":"qwen","model":"Qwen/Qwen3-8B","runtime":"kuberay","gpus":1}',
  effect: 'write',
  needs: { role: 'deploy', rights: [...planning, ...lookingUp], optional: [...surveying, ...waiting, ...recording] },
  input,
  output,
  route: { method: 'POST', path: '/deployments' },
  async plan({ context: where, replace = false, wait: _, ...spec }, { foundry }, signal) {
    const { plan, refusals } = await planDeployment(await foundry.site(where), spec, { replace }, signal);
    const [refusal] = refusals;
    if (refusal) throw refusal;
    return plan.steps.length === 0 ? undefined : plan;
  },
  async run({ context: where, replace = false, wait = false, ...spec }, tools, signal) {
    const { foundry, caller, approved, progress } = tools;
    const site = await foundry.site(where);
    const deployed = await deploy(site, spec, { replace, wait, caller, approved, progress }, signal);
    return {
      context: site.context,
      change: deployed.change,
      deployment: deployed.deployment,
      diff: [...deployed.differences],
      restarts: [...deployed.restarts],
      warnings: [...deployed.warnings],
      nextSteps: [...deployed.nextSteps],
    };
  },
  unmet: waitedInVain,
  text: ({ context: name, change, deployment: row, diff, restarts, warnings, nextSteps }) =>
    lines(
      `context ${name}: ${change} ${deploymentLine(row)}`,
      section('Warnings', warnings),
      row.phase !== 'Running' && row.message !== '' && fenced('Why', [row.message]),
      differenceLines({ diff, restarts }, shownDifferences),
      section('Next', nextSteps),
    ),
};
