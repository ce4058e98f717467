import { randomBytes } from 'node:crypto';
import {
  createRequestStateCodec,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type McpServer,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { digestOf } from '../foundry/digest.ts';
import type { Ask } from '../tools/call.ts';
import { planText } from '../tools/plan-text.ts';
import type { Tool } from '../tools/tool.ts';
import { canAsk } from './client.ts';

/** What an answer of the client must belong to: sealed into the request state, so that no other call can borrow it. */
interface Question {
  readonly tool: string;
  readonly input: string;
  readonly plan: string;
}

export type QuestionCodec = RequestStateCodec<Question>;

/** An answer counts for ten minutes and in this process only. */
export const createQuestionCodec = (): QuestionCodec =>
  createRequestStateCodec<Question>({ key: randomBytes(32), ttlSeconds: 600 });

/** One call's way to a human. */
export interface Confirmation {
  readonly ask: Ask;
  /** What the client must be asked before the call can go on. */
  question(): Promise<InputRequiredResult> | undefined;
  /** What `confirm` must say. */
  subject(): string | undefined;
}

export interface ConfirmationOptions {
  readonly server: McpServer;
  readonly codec: QuestionCodec;
  readonly tool: Tool;
  readonly input: unknown;
  /** The `confirm` argument, where the server was started with `--confirm=name`; counts where nobody can be asked. */
  readonly confirm: unknown;
}

const answerKey = 'confirm';

/**
 * Asks through the client: the call ends as "input required" and comes again with the human's answer.
 * The SDK turns that into `elicitation/create` for clients of the 2025 revisions, so that one path serves both eras.
 */
export function confirmation(context: ServerContext, options: ConfirmationOptions): Confirmation {
  const { codec, tool, input } = options;
  const inputDigest = digestOf(input);
  let wanted: string | undefined;
  let question: (() => Promise<InputRequiredResult>) | undefined;

  const ask: Ask = async ({ plan, digest, subject, context: where }) => {
    wanted = subject;
    const asks = canAsk(context, options.server);
    if (!asks && options.confirm === subject) return 'approved';
    const asked = context.mcpReq.requestState<Question>();
    const answer = inputResponse(context.mcpReq.inputResponses, answerKey);
    if (asked?.tool === tool.name && asked.input === inputDigest && asked.plan === digest && answer.kind === 'elicit') {
      return answer.action === 'accept' ? 'approved' : 'declined';
    }
    if (!asks) return 'unavailable';
    question = async () =>
      inputRequired({
        inputRequests: {
          [answerKey]: inputRequired.elicit({
            message: `${tool.title} (context ${where})?\n\n${planText(plan)}\n\nAccept to carry it out.`,
            requestedSchema: { type: 'object', properties: {} },
          }),
        },
        requestState: await codec.mint({ tool: tool.name, input: inputDigest, plan: digest }),
      });
    return 'unavailable';
  };

  return { ask, question: () => question?.(), subject: () => wanted };
}
