import * as z from 'zod';
import type { Plan } from '../foundry/plan.ts';
import {
  type Operated,
  type Operation,
  operate,
  operationOutcome,
  operationToApprove,
} from '../foundry/runtime-operation.ts';
import { runtimeStatus } from '../foundry/runtimes.ts';
import { stepOutcome } from '../foundry/step-outcomes.ts';
import { stepLines } from './plan-text.ts';
import { lines, section } from './text/words.ts';
import type { ToolContext } from './tool.ts';

/** What installing and uninstalling a runtime answer. */
export const operationOutput = z.object({
  context: z.string(),
  outcome: operationOutcome.describe(
    'manual: nobody here can carry it out; the commands are for you; refused: the plan would be',
  ),
  summary: z.string(),
  steps: z.array(stepOutcome),
  warnings: z.array(z.string()),
  reason: z.string().optional(),
  code: z
    .enum(['HELM_MISSING', 'HELM_FAILED', 'FORBIDDEN', 'CONFLICT', 'NOT_SUPPORTED'])
    .optional()
    .describe('of the reason, as of an error'),
  status: runtimeStatus,
});

export const planOnly = z.boolean().optional().describe('show the plan, change nothing');

export async function planOperation(
  where: string | undefined,
  operation: Operation,
  { foundry }: ToolContext,
  signal: AbortSignal,
): Promise<Plan | undefined> {
  return operationToApprove(await foundry.site(where), operation, signal);
}

export async function runOperation(
  where: string | undefined,
  operation: Operation,
  { foundry, caller, approved, progress }: ToolContext,
  signal: AbortSignal,
): Promise<z.output<typeof operationOutput>> {
  const site = await foundry.site(where);
  return answerOf(site.context, await operate(site, operation, { caller, approved, progress }, signal));
}

function answerOf(context: string, { outcome, plan, steps, reason, code, status }: Operated) {
  const { summary, warnings } = plan;
  const told = { context, outcome, summary, steps: [...steps], warnings: [...warnings], status };
  return reason === undefined ? told : { ...told, reason, code };
}

/** The commands are there, but nobody carried them out, or would be let. */
export const operationUnmet = ({ outcome }: z.output<typeof operationOutput>): boolean =>
  outcome === 'manual' || outcome === 'refused';

function outcomeText({ id, state, version, message }: z.output<typeof operationOutput>['status']): string {
  const words = `${id} is ${state}${version === undefined ? '' : `, version ${version}`}`;
  return state === 'ready' || state === 'not_installed' ? `${words}.` : `${words}: ${message}`;
}

export const operationText = (answer: z.output<typeof operationOutput>): string => {
  const { context, outcome, summary, reason, code, steps, warnings, status } = answer;
  return lines(
    `context ${context}: ${outcome}. ${summary}`,
    reason === undefined ? undefined : `${code}: ${reason}`,
    stepLines(steps),
    section('Warnings', warnings),
    outcomeText(status),
  );
};
