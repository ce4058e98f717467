import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { booleanAt, listAt, numberAt, textAt } from '../../kubernetes.ts';
import type { ProxyRequest, ProxyResponse } from '../api/server.ts';

const json = (status: number, body: unknown): ProxyResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const refusal = (status: number, message: string, type = 'invalid_request_error'): ProxyResponse =>
  json(status, { error: { message, type, code: status } });

/** What the simulated model says: words that show which model was asked, and what. */
function answerTo(model: string, prompt: string, limit: number): readonly string[] {
  const words = `This is ${model} in the KubeFoundry sandbox. You asked: ${prompt.slice(0, 200)}`.split(' ');
  return words.slice(0, Math.max(1, limit));
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Counts what was asked of a pod, for its metrics. */
export interface Usage {
  requests: number;
  promptTokens: number;
  answerTokens: number;
}

function complete(request: ProxyRequest, models: readonly string[], usage: Usage, chat: boolean): ProxyResponse {
  const body = parsed(request.body);
  const model = textAt(body, 'model');
  if (model === undefined) return refusal(400, "Field required: 'model'");
  if (!models.includes(model)) return refusal(404, `The model \`${model}\` does not exist.`, 'not_found_error');
  const messages = listAt(body, 'messages');
  const prompt = chat ? textAt(messages[messages.length - 1], 'content') : textAt(body, 'prompt');
  if (prompt === undefined) return refusal(400, `Field required: '${chat ? 'messages' : 'prompt'}'`);
  const words = answerTo(model, prompt, numberAt(body, 'max_tokens') ?? numberAt(body, 'max_completion_tokens') ?? 64);
  const counted = { prompt_tokens: prompt.split(/\s+/).length, completion_tokens: words.length };
  usage.requests += 1;
  usage.promptTokens += counted.prompt_tokens;
  usage.answerTokens += counted.completion_tokens;
  const base = {
    id: `${chat ? 'chatcmpl' : 'cmpl'}-${randomUUID()}`,
    created: Math.floor(Date.now() / 1000),
    model,
  };
  const kind = chat ? 'chat.completion' : 'text_completion';
  if (booleanAt(body, 'stream') ?? false) {
    const chunk = (word: string | undefined) => ({
      ...base,
      object: chat ? 'chat.completion.chunk' : kind,
      choices: [
        {
          index: 0,
          finish_reason: word === undefined ? 'stop' : null,
          ...(chat ? { delta: word === undefined ? {} : { content: word } } : { text: word ?? '' }),
        },
      ],
    });
    const { signal } = request;
    async function* events(): AsyncGenerator<string> {
      for (const [at, word] of words.entries()) {
        if (signal.aborted) return;
        await sleep(5);
        yield `data: ${JSON.stringify(chunk(at === 0 ? word : ` ${word}`))}\n\n`;
      }
      yield `data: ${JSON.stringify(chunk(undefined))}\n\ndata: [DONE]\n\n`;
    }
    return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: Readable.from(events()) };
  }
  const text = words.join(' ');
  const choice = chat ? { message: { role: 'assistant', content: text } } : { text };
  return json(200, {
    ...base,
    object: kind,
    choices: [{ index: 0, finish_reason: 'stop', ...choice }],
    usage: { ...counted, total_tokens: counted.prompt_tokens + counted.completion_tokens },
  });
}

/** The OpenAI-compatible API of a frontend that answers for these models; undefined for other paths. */
export function openAi(request: ProxyRequest, models: readonly string[], usage: Usage): ProxyResponse | undefined {
  const [path] = request.path.split('?');
  if (request.method === 'GET' && path === '/v1/models') {
    const created = Math.floor(Date.now() / 1000);
    return json(200, {
      object: 'list',
      data: models.map((id) => ({ id, object: 'model', created, owned_by: 'sandbox' })),
    });
  }
  if (path !== '/v1/chat/completions' && path !== '/v1/completions') return undefined;
  if (request.method !== 'POST') return refusal(405, 'Method Not Allowed');
  return complete(request, models, usage, path === '/v1/chat/completions');
}
