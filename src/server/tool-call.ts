import type { CallToolResult, InputRequiredResult, McpServer, ServerContext } from '@modelcontextprotocol/server';
import type { FoundryError } from '../errors.ts';
import type { Foundry } from '../foundry/foundry.ts';
import { valueAt } from '../kubernetes.ts';
import { callTool } from '../tools/call.ts';
import type { Progress, Tool } from '../tools/tool.ts';
import { callerOf } from './client.ts';
import { confirmation } from './confirmation.ts';
import type { Questions } from './questions.ts';

export interface ToolCallOptions {
  readonly server: McpServer;
  readonly foundry: Foundry;
  readonly questions: Questions;
  /** `--confirm=name`: a `confirm` argument that names the object counts as a human's approval of the plan shown before. */
  readonly confirmByName: boolean;
}

/** One `tools/call`: raw arguments in, a result or a question to the human out. Never throws for a refusal. */
export async function answerToolCall(
  tool: Tool,
  raw: unknown,
  context: ServerContext,
  options: ToolCallOptions,
): Promise<CallToolResult | InputRequiredResult> {
  const { server, questions, foundry, confirmByName } = options;
  const input = confirmByName ? without(raw, 'confirm') : raw;
  const confirm = confirmByName ? valueAt(raw, 'confirm') : undefined;
  const confirming = confirmation(context, { server, questions, tool, input, confirm });

  const result = await callTool(tool, input, {
    context: { foundry, caller: callerOf(context, server), progress: progressTo(context) },
    signal: context.mcpReq.signal,
    ask: confirming.ask,
  });

  if (result.ok) return { content: [{ type: 'text', text: result.text }], structuredContent: result.data };
  const question = confirming.question();
  if (question !== undefined && result.error.code === 'CONFIRMATION_REQUIRED') return question;
  return {
    isError: true,
    content: [{ type: 'text', text: errorText(result.error, confirmByName ? confirming.subject() : undefined) }],
  };
}

/** `confirm` is what the caller may say instead of asking a human, where the server was started so. */
function errorText(error: FoundryError, confirm: string | undefined): string {
  const hint =
    error.code !== 'CONFIRMATION_REQUIRED'
      ? error.hint
      : confirm === undefined
        ? `${error.hint} Or the user starts this server with mcp --confirm=name, so that a word in the chat is enough.`
        : `Show the plan to the user. Once the user agrees, call again with confirm: "${confirm}".`;
  return `${error.code}: ${error.message}\nHint: ${hint}`;
}

/** Progress goes only where the caller asked for it, and its value must rise with every message. */
function progressTo(context: ServerContext): (progress: Progress) => void {
  const progressToken = context.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => {};
  let reached = 0;
  return ({ message, done, total }) => {
    reached = done !== undefined && done > reached ? done : reached + 0.01;
    const params = { progressToken, progress: reached, message, ...(total !== undefined && { total }) };
    // A client that has gone needs no progress; the call itself ends through its signal.
    context.mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
  };
}

const without = (raw: unknown, key: string): unknown =>
  typeof raw === 'object' && raw !== null
    ? Object.fromEntries(Object.entries(raw).filter(([name]) => name !== key))
    : raw;
