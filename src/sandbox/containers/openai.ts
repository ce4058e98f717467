import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { booleanAt, listAt, numberAt, textAt } from '../../kubernetes.ts';
import type { ProxyRequest, ProxyResponse } from '../api/server.ts';
import { observe, type Usage } from './usage.ts';

const json = (status: number, body: unknown): ProxyResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const refusal = (status: number, message: string, type = 'invalid_request_error'): ProxyResponse =>
  json(status, { error: { message, type, code: status } });

/** What the simulated model says: words that show which model was asked, and what. */
function answerTo(model: string, prompt: string, limit: number): { words: readonly string[]; end: 'stop' | 'length' } {
  const words = `This is ${model} in the KubeFoundry sandbox. You asked: ${prompt.slice(0, 200)}`.split(' ');
  return { words: words.slice(0, Math.max(1, limit)), end: words.length > limit ? 'length' : 'stop' };
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

async function complete(
  request: ProxyRequest,
  models: readonly string[],
  usage: Usage,
  chat: boolean,
): Promise<ProxyResponse> {
  const body = parsed(request.body);
  const model = textAt(body, 'model');
  if (model === undefined) return refusal(400, "Field required: 'model'");
  if (!models.includes(model)) return refusal(404, `The model \`${model}\` does not exist.`, 'not_found_error');
  const messages = listAt(body, 'messages');
  const prompt = chat ? textAt(messages[messages.length - 1], 'content') : textAt(body, 'prompt');
  if (prompt === undefined) return refusal(400, `Field required: '${chat ? 'messages' : 'prompt'}'`);
  const { words, end } = answerTo(
    model,
    prompt,
    numberAt(body, 'max_tokens') ?? numberAt(body, 'max_completion_tokens') ?? 64,
  );
  const counted = { prompt_tokens: prompt.split(/\s+/).length, completion_tokens: words.length };
  const tokens = { ...counted, total_tokens: counted.prompt_tokens + counted.completion_tokens };
  usage.requests += 1;
  usage.promptTokens += counted.prompt_tokens;
  const base = {
    id: `${chat ? 'chatcmpl' : 'cmpl'}-${randomUUID()}`,
    created: Math.floor(Date.now() / 1000),
    model,
  };
  const kind = chat ? 'chat.completion' : 'text_completion';
  if (booleanAt(body, 'stream') ?? false) {
    const envelope = { ...base, object: chat ? 'chat.completion.chunk' : kind };
    const chunk = (word: string | undefined) => ({
      ...envelope,
      choices: [
        {
          index: 0,
          finish_reason: word === undefined ? end : null,
          ...(chat ? { delta: word === undefined ? {} : { content: word } } : { text: word ?? '' }),
        },
      ],
    });
    const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;
    async function* events(): AsyncGenerator<string> {
      for await (const { word, first } of spoken(words, usage, request.signal))
        yield event(chunk(first ? word : ` ${word}`));
      if (request.signal.aborted) return;
      yield event(chunk(undefined));
      if (booleanAt(body, 'stream_options', 'include_usage')) yield event({ ...envelope, choices: [], usage: tokens });
      yield 'data: [DONE]\n\n';
    }
    return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: Readable.from(events()) };
  }
  const said: string[] = [];
  for await (const { word } of spoken(words, usage, request.signal)) said.push(word);
  const text = said.join(' ');
  const choice = chat ? { message: { role: 'assistant', content: text } } : { text };
  return json(200, { ...base, object: kind, choices: [{ index: 0, finish_reason: end, ...choice }], usage: tokens });
}

/** Milliseconds that the model thinks about each word. */
const pace = 5;

/** The words one by one, counted and timed as an engine does, until the client goes away. */
async function* spoken(
  words: readonly string[],
  usage: Usage,
  signal: AbortSignal,
): AsyncGenerator<{ readonly word: string; readonly first: boolean }> {
  usage.running += 1;
  let last = performance.now();
  try {
    for (const [at, word] of words.entries()) {
      if (signal.aborted) return;
      await sleep(pace);
      const now = performance.now();
      observe(at === 0 ? usage.firstToken : usage.betweenTokens, (now - last) / 1000);
      last = now;
      usage.answerTokens += 1;
      yield { word, first: at === 0 };
    }
  } finally {
    usage.running -= 1;
  }
}

/** The OpenAI-compatible API of a frontend that answers for these models; undefined for other paths. */
export async function openAi(
  request: ProxyRequest,
  models: readonly string[],
  usage: Usage,
): Promise<ProxyResponse | undefined> {
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
