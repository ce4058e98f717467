import * as z from 'zod';
import { type Change, carryOutChange, planChange } from '../foundry/changing.ts';
import { type Deployment, deployment } from '../foundry/deployment.ts';
import type { DeploymentRef } from '../foundry/lookup.ts';
import type { Plan } from '../foundry/plan.ts';
import { fenced } from '../foundry/untrusted-text.ts';
import { deploymentRef } from './inputs.ts';
import { deploymentLine } from './text/deployments.ts';
import { lines, section } from './text/words.ts';
import type { ToolContext } from './tool.ts';

/** What every tool that changes one living deployment takes. */
export const changeInput = {
  ...deploymentRef,
  unmanaged: z.boolean().optional().describe('also one that others made'),
  wait: z.boolean().optional().describe('until Running or Failed'),
};

export const changeOutput = z.object({
  context: z.string(),
  changed: z.boolean(),
  summary: z.string(),
  deployment,
  warnings: z.array(z.string()),
  nextSteps: z.array(z.string()),
});

type Given = DeploymentRef & { context?: string; unmanaged?: boolean; wait?: boolean };

export async function planToChange(
  { context, unmanaged = false, wait: _, ...ref }: Given,
  change: Change,
  { foundry }: ToolContext,
  signal: AbortSignal,
): Promise<Plan | undefined> {
  const { plan } = await planChange(await foundry.site(context), ref, change, { unmanaged }, signal);
  return plan.steps.length === 0 ? undefined : plan;
}

export async function runChange(
  { context, unmanaged = false, wait = false, ...ref }: Given,
  change: Change,
  { foundry, caller, approved, progress }: ToolContext,
  signal: AbortSignal,
): Promise<z.output<typeof changeOutput>> {
  const site = await foundry.site(context);
  const options = { unmanaged, wait, caller, approved, progress };
  const { warnings, nextSteps, ...told } = await carryOutChange(site, ref, change, options, signal);
  return { context: site.context, ...told, warnings: [...warnings], nextSteps: [...nextSteps] };
}

/** Whether it was waited for a deployment that then did not serve. Nobody who does not wait is told how it ends. */
export const waitedInVain = (
  { deployment: { phase } }: { readonly deployment: Pick<Deployment, 'phase'> },
  { wait = false }: { readonly wait?: boolean },
): boolean => wait && phase !== 'Running' && phase !== 'Suspended';

export const changeText =
  (done: string) =>
  ({ context, changed, summary, deployment: row, warnings, nextSteps }: z.output<typeof changeOutput>): string =>
    lines(
      `context ${context}: ${changed ? `${done} (${summary})` : 'unchanged'}: ${deploymentLine(row)}`,
      row.phase !== 'Running' && row.message !== '' && fenced('Why', [row.message]),
      section('Warnings', warnings),
      section('Next', nextSteps),
    );
