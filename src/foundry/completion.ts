import { listAt, numberAt, textAt, valueAt } from '../kubernetes.ts';
import { jsonIn } from './json-in.ts';
import { eventData } from './server-sent-events.ts';

/** What came back for one question, with times in milliseconds since it was sent. */
export interface Completion {
  readonly text: string;
  readonly finishReason: string | null;
  /** Output tokens: the server's own count, else one per piece. */
  readonly tokens: number;
  readonly firstTokenAfter: number | null;
  readonly lastTokenAfter: number | null;
  /** What the server said instead of an answer, or in the middle of one. */
  readonly failure: string | null;
}

/** Characters of an answer that are kept; the rest is not waited for. */
const longestAnswer = 32_000;

/** Reads a streamed chat completion (https://platform.openai.com/docs/api-reference/chat-streaming). `now` gives milliseconds since sending. */
export async function readCompletion(body: AsyncIterable<Uint8Array>, now: () => number): Promise<Completion> {
  let text = '';
  let pieces = 0;
  let counted: number | undefined;
  let finishReason: string | null = null;
  let firstTokenAfter: number | null = null;
  let lastTokenAfter: number | null = null;
  let failure: string | null = null;
  for await (const data of eventData(body)) {
    if (data === '[DONE]') break;
    const chunk = jsonIn(data);
    failure = refusalIn(chunk) ?? failure;
    if (failure !== null) break;
    counted = numberAt(chunk, 'usage', 'completion_tokens') ?? counted;
    const [choice] = listAt(chunk, 'choices');
    finishReason = textAt(choice, 'finish_reason') ?? finishReason;
    const piece = textAt(choice, 'delta', 'content') || reasoningIn(choice);
    if (piece === '') continue;
    pieces += 1;
    lastTokenAfter = now();
    firstTokenAfter ??= lastTokenAfter;
    text += piece;
    if (text.length > longestAnswer) break;
  }
  return { text, finishReason, tokens: counted ?? pieces, firstTokenAfter, lastTokenAfter, failure };
}

/** Models that think first say so under other names. */
const reasoningIn = (choice: unknown): string =>
  textAt(choice, 'delta', 'reasoning_content') ?? textAt(choice, 'delta', 'reasoning') ?? '';

/** The words of an error in one of the forms that OpenAI-compatible servers and the API server's proxy use; undefined where it is none. */
export function refusalIn(answer: unknown): string | undefined {
  const error = valueAt(answer, 'error');
  if (typeof error === 'string') return error;
  return textAt(error, 'message') ?? textAt(answer, 'detail') ?? textAt(answer, 'message');
}
