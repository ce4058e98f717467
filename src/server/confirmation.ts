import {
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { digestOf } from '../foundry/digest.ts';
import type { Ask } from '../tools/call.ts';
import { planText } from '../tools/plan-text.ts';
import type { Tool } from '../tools/tool.ts';
import { canAsk } from './client.ts';
import type { Questions } from './questions.ts';

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
  readonly questions: Questions;
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
  const { questions, tool } = options;
  const input = digestOf(options.input);
  let wanted: string | undefined;
  let question: (() => Promise<InputRequiredResult>) | undefined;

  const ask: Ask = async ({ plan, digest, subject, context: where }) => {
    wanted = subject;
    const asked = { tool: tool.name, input, plan: digest };
    const answer = inputResponse(context.mcpReq.inputResponses, answerKey);
    if (answer.kind === 'elicit' && questions.isAnswered(asked, context.mcpReq.requestState<unknown>())) {
      return answer.action === 'accept' ? 'approved' : 'declined';
    }
    if (!canAsk(context, options.server)) {
      if (options.confirm === subject && questions.isConfirmed(asked)) return 'approved';
      questions.show(asked);
      return 'unavailable';
    }
    question = async () =>
      inputRequired({
        inputRequests: {
          [answerKey]: inputRequired.elicit({
            message: `${tool.title} (context ${where})?\n\n${planText(plan)}\n\nAccept to carry it out.`,
            requestedSchema: { type: 'object', properties: {} },
          }),
        },
        requestState: await questions.put(asked),
      });
    return 'unavailable';
  };

  return { ask, question: () => question?.(), subject: () => wanted };
}
