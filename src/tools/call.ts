import * as z from 'zod';
import { FoundryError } from '../errors.ts';
import { checkWritable, nothingApproved } from '../foundry/approving.ts';
import { approvalOf } from '../foundry/digest.ts';
import type { Foundry } from '../foundry/foundry.ts';
import { harmless } from '../foundry/harmless.ts';
import { type Plan, planInContext } from '../foundry/plan.ts';
import { redact, redactText } from '../foundry/redaction.ts';
import { inContext } from '../foundry/shell.ts';
import { plainLine } from '../foundry/untrusted-text.ts';
import { booleanAt, textAt } from '../kubernetes.ts';
import { advising, withTexts } from './advice.ts';
import { commandLine } from './command-line.ts';
import { parseInput } from './parse-input.ts';
import { planText } from './plan-text.ts';
import { callsInContext } from './suggested-calls.ts';
import type { Tool, ToolContext } from './tool.ts';

/** How a front end asks a human to approve a plan. `unavailable`: there is nobody to ask. */
export type Ask = (request: {
  tool: Tool;
  plan: Plan;
  digest: string;
  /** The kubeconfig context in which the plan would be carried out. */
  context: string;
  /** What a human types to confirm: the deployment's name, else the runtime. */
  subject: string;
}) => Promise<'approved' | 'declined' | 'unavailable'>;

export interface CallOptions {
  readonly context: Omit<ToolContext, 'approved'>;
  readonly signal: AbortSignal;
  readonly ask: Ask;
  /** The reader is a person, who has room and pays nothing per token. */
  readonly wide?: boolean;
}

/** What every front end shows: data and text that went through the redactor. */
export type CallResult =
  | { readonly ok: true; readonly data: Record<string, unknown>; readonly text: string; readonly unmet: boolean }
  | { readonly ok: false; readonly error: FoundryError };

/**
 * The one way from a front end to a tool: parses the raw input (a misfit becomes our own code), asks for confirmation
 * where the effect demands it, runs, checks the output against its schema, and redacts.
 *
 * @throws the signal's reason when the call was cancelled before it changed anything; nothing else
 */
export async function callTool(tool: Tool, rawInput: unknown, options: CallOptions): Promise<CallResult> {
  const { signal } = options;
  try {
    signal.throwIfAborted();
    return { ok: true, ...(await run(tool, rawInput, options)) };
  } catch (error) {
    // What was broken off and what was done already is worth telling; nothing else is.
    if (signal.aborted && !(error instanceof FoundryError)) throw signal.reason;
    const told = error instanceof FoundryError ? error : unexpected(tool, error);
    return { ok: false, error: await toldFailure(told, textAt(rawInput, 'context'), options.context.foundry) };
  }
}

/** A failure as every front end shows it: redacted, with its calls and commands for the cluster that was asked for. */
export async function toldFailure(
  error: FoundryError,
  asked: string | undefined,
  foundry: Foundry,
): Promise<FoundryError> {
  const hint = asked === undefined ? error.hint : callsInContext(error.hint, asked);
  // Most failures hold no command, and to know the current context may mean to start a sandbox.
  const context = [error.message, hint].some((text) => inContext(text, '') !== text)
    ? await foundry.site(asked).then(
        ({ cluster }) => cluster.namedContext,
        () => undefined,
      )
    : undefined;
  return harmless(error, { hint, context });
}

async function run(tool: Tool, rawInput: unknown, { context, signal, ask, wide = false }: CallOptions) {
  const input = await parseInput(tool, rawInput, context.foundry, signal);
  const told: ToolContext = {
    ...context,
    caller: plainLine(context.caller, 100),
    progress: (progress) => context.progress({ ...progress, message: plainLine(redactText(progress.message)) }),
  };
  const approved = await approval(tool, input, told, signal, ask);
  const result = await tool.run(input, approved === undefined ? told : { ...told, approved }, signal);
  const checked = tool.output.safeParse(result);
  if (!checked.success) throw new Error(`its output is not as promised: ${z.prettifyError(checked.error)}`);
  const asked = textAt(input, 'context');
  const answer = redact(checked.data);
  // Whoever runs a command of an answer, or makes its calls, may have another current context than the call had.
  const named =
    typeof answer.context === 'string' ? (await context.foundry.site(asked)).cluster.namedContext : undefined;
  const there = (words: string) => inContext(asked === undefined ? words : callsInContext(words, asked), named);
  const data = withTexts(answer, runnable, there);
  const text = redactText(tool.text(data, wide || booleanAt(input, 'detail') === true));
  return { data, text: there(text), unmet: tool.unmet?.(data, input) ?? false };
}

/** Commands that a person may run, and what tells some in its sentences. */
const runnable = new Set([...advising, 'command', 'reason']);

/** The digest of the plan that a human approved, `nothingApproved` where that is empty; undefined where nobody needs to be asked. */
async function approval(
  tool: Tool,
  input: Record<string, unknown>,
  context: ToolContext,
  signal: AbortSignal,
  ask: Ask,
): Promise<string | undefined> {
  if (tool.effect === 'read') return undefined;
  const { foundry } = context;
  const site = await foundry.site(textAt(input, 'context'));
  const asks = tool.effect === 'destroy' || tool.asks === true || foundry.protects(site.context);
  if (!asks) return undefined;
  if (!tool.plan) throw new Error('it has no plan to show to a human, so it may not run');
  const plan = await tool.plan(input, context, signal);
  if (!plan) return nothingApproved;
  checkWritable(site, plan);
  const digest = approvalOf(plan);
  const subject = textAt(input, 'name') ?? textAt(input, 'runtime') ?? site.context;
  const shown = planInContext(redact(plan), site.cluster.namedContext);
  const answer = await ask({ tool, plan: shown, digest, context: site.context, subject });
  if (answer === 'approved') return digest;
  if (answer === 'declined') {
    throw new FoundryError(
      'DECLINED',
      `The user declined: ${plan.summary}`,
      'Do not repeat this unless the user asks for it.',
    );
  }
  throw new FoundryError(
    'CONFIRMATION_REQUIRED',
    `A human must approve this first, and there is nobody to ask here.\n${planText(shown)}`,
    `Show this plan to the user, who can run it: ${commandLine(tool, { ...input, context: site.cluster.namedContext })}`,
    { plan: shown, digest },
  );
}

const unexpected = (tool: Tool, cause: unknown): FoundryError =>
  new FoundryError(
    'INTERNAL',
    `${tool.name} failed in a way that it should not: ${plainLine(cause instanceof Error ? cause.message : String(cause))}`,
    'This is a bug in KubeFoundry: run the command again with --debug and report what it prints.',
    {},
    { cause },
  );
