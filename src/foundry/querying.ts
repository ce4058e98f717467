import * as z from 'zod';
import type { ProxyTarget } from '../cluster/cluster.ts';
import { FoundryError } from '../errors.ts';
import { textAt } from '../kubernetes.ts';
import { type Completion, readCompletion, refusalIn } from './completion.ts';
import { type Deployment, deployment } from './deployment.ts';
import { jsonIn } from './json-in.ts';
import { type DeploymentRef, findDeployment } from './lookup.ts';
import { problem } from './problems.ts';
import { reasonWords } from './reason-words.ts';
import type { Site } from './site.ts';
import { plainLine, visibleText } from './untrusted-text.ts';

export interface Question {
  readonly prompt: string;
  readonly maxTokens: number;
}

const milliseconds = z.number().nullable();

export const deploymentAnswer = z.object({
  deployment,
  served: z.boolean(),
  why: z.string().nullable().describe('what hindered it'),
  model: z.string().nullable().describe('the name that clients use'),
  answer: z.string().nullable(),
  finishReason: z.string().nullable(),
  tokens: z.int().nullable(),
  timeToFirstToken: milliseconds.describe('ms, with the way through the API server'),
  tokensPerSecond: milliseconds.describe('after the first one'),
  problems: z.array(problem),
});

export type DeploymentAnswer = z.output<typeof deploymentAnswer>;

/** Milliseconds for the whole answer. */
const deadline = 60_000;
/** Characters of an answer that are told. */
const longestAnswer = 4_000;

/** Asks the model one question, the way clients do but through the API server's proxy. */
export async function askDeployment(
  site: Site,
  ref: DeploymentRef,
  question: Question,
  signal: AbortSignal,
): Promise<DeploymentAnswer> {
  const found = await findDeployment(site, ref, signal);
  const row = found.deployment;
  const base = { ...nothing, deployment: row, model: row.servedModelName ?? row.model, problems: [...found.problems] };
  const hindrance = hindranceOf(row);
  if (hindrance !== undefined || row.endpoint === null) return { ...base, why: hindrance ?? 'it has no Service yet' };
  const { service: name, namespace, port } = row.endpoint;
  const target: ProxyTarget = { type: 'service', namespace, name, port };

  const late = AbortSignal.timeout(deadline);
  const ending = AbortSignal.any([signal, late]);
  try {
    const model = base.model ?? (await firstModel(site, target, ending));
    if (model === undefined) return { ...base, why: 'its endpoint names no model yet' };
    const { completion, milliseconds: took } = await complete(site, target, model, question, ending);
    return { ...base, model, ...answerOf(completion, took) };
  } catch (error) {
    if (late.aborted && !signal.aborted) {
      const message = `${row.namespace}/${row.name} did not finish its answer within ${deadline / 1000} s.`;
      throw new FoundryError(
        'TIMEOUT',
        message,
        'Ask for fewer tokens with maxTokens; get_deployment_metrics shows its queue.',
      );
    }
    throw error;
  }
}

const nothing = {
  served: false,
  why: null,
  answer: null,
  finishReason: null,
  tokens: null,
  timeToFirstToken: null,
  tokensPerSecond: null,
} as const;

/** Why nothing needs to be sent: nobody would answer. Where pods cannot be read, only trying tells. */
function hindranceOf({ phase, reason, message, replicas }: Deployment): string | undefined {
  if (phase === 'Running' || phase === 'Degraded' || phase === null) return undefined;
  if (phase === 'Deploying' && replicas.ready !== 0) return undefined;
  return message === '' ? reasonWords(reason) : message;
}

async function firstModel(site: Site, target: ProxyTarget, signal: AbortSignal): Promise<string | undefined> {
  const { body } = await site.cluster.proxy(target, { method: 'GET', path: '/v1/models' }, { signal });
  return textAt(jsonIn(body), 'data', 0, 'id');
}

async function complete(
  site: Site,
  target: ProxyTarget,
  model: string,
  { prompt, maxTokens }: Question,
  signal: AbortSignal,
): Promise<{ completion: Completion; milliseconds: number }> {
  const body = JSON.stringify({
    model,
    messages: [{ role: 'user', content: prompt }],
    max_tokens: maxTokens,
    stream: true,
    stream_options: { include_usage: true },
  });
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  const request = { method: 'POST', path: '/v1/chat/completions', headers, body, changes: false } as const;
  const sent = performance.now();
  const now = () => performance.now() - sent;
  const reply = await site.cluster.proxyStream(target, request, signal);
  const completion = reply.status === 200 ? await readCompletion(reply.body, now) : await refused(reply);
  return { completion, milliseconds: now() };
}

async function refused({ status, body }: { status: number; body: AsyncIterable<Uint8Array> }): Promise<Completion> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const failure = `HTTP ${status}: ${refusalIn(jsonIn(text)) ?? text}`;
  return { text: '', finishReason: null, tokens: 0, firstTokenAfter: null, lastTokenAfter: null, failure };
}

function answerOf(completion: Completion, took: number): Partial<DeploymentAnswer> {
  const { text, tokens, finishReason, firstTokenAfter, lastTokenAfter, failure } = completion;
  if (failure !== null) return { why: plainLine(failure) };
  if (firstTokenAfter === null || lastTokenAfter === null)
    return { why: `it answered with no text in ${Math.round(took)} ms` };
  const seconds = (lastTokenAfter - firstTokenAfter) / 1000;
  const shown = visibleText(text);
  const more = shown.length - longestAnswer;
  return {
    served: true,
    answer: more > 0 ? `${shown.slice(0, longestAnswer)}… (${more} more characters)` : shown,
    finishReason: finishReason === null ? null : plainLine(finishReason, 50),
    tokens,
    timeToFirstToken: Math.round(firstTokenAfter),
    tokensPerSecond: tokens > 1 && seconds > 0 ? Number(((tokens - 1) / seconds).toPrecision(3)) : null,
  };
}
