import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import manifest from '../../package.json' with { type: 'json' };
import { FoundryError } from '../errors.ts';
import type { ReadOptions } from './cluster.ts';
import { createConnections } from './connections.ts';
import type { Context } from './context.ts';
import { type Credential, type Identity, impersonationHeaders } from './credentials.ts';
import { ConnectionFailure, exchange, readBody } from './exchange.ts';
import { afterLoss, failureOf, timedOut, tooLarge, unreachable } from './failures.ts';
import { type ApiRequest, pathWithQuery, type Reply } from './request.ts';
import { type Attempt, mayBeDone, pauseBeforeRepeat } from './retry.ts';

const defaultDeadline = 30_000;
const bodyLimit = 64 * 1024 * 1024;
const connectLimit = 4_000;
/** Connecting ends after this time in all, so that an unreachable server is known within 5 s. */
const unreachableAfter = 4_800;

const unzip = promisify(gunzip);

/** Sends requests to one API server under one identity, over pooled connections. */
export interface Transport {
  /**
   * Sends and reads the whole answer: retries, refreshes the credential once on 401, obeys deadline and signal.
   *
   * @throws FoundryError, or the signal's reason when the caller cancelled
   */
  send(request: ApiRequest, options?: ReadOptions): Promise<Reply>;
  /** Sends once and gives the open body; the signal ends it. */
  stream(request: ApiRequest, signal: AbortSignal): Promise<IncomingMessage>;
  close(): void;
}

/** `permit` throws for what this door does not allow, before anything is sent. */
export function createTransport(
  context: Context,
  credential: Credential,
  permit: (request: ApiRequest) => void,
): Transport {
  const connections = createConnections(context);
  const secure = context.url.protocol === 'https:';
  const prefix = context.url.pathname.replace(/\/+$/, '');
  const fixedHeaders = { 'user-agent': `kubefoundry/${manifest.version}`, ...impersonationHeaders(context) };
  let closed = false;

  async function attempt(
    request: ApiRequest,
    use: 'call' | 'stream',
    identity: Identity,
    connectWithin: number,
    signal: AbortSignal,
  ) {
    if (closed) throw new FoundryError('INTERNAL', `The connection to ${context.server} was closed.`, 'Open it again.');
    const { method, body } = request;
    const headers = {
      accept: 'application/json',
      'accept-encoding': use === 'call' ? 'gzip' : 'identity',
      ...fixedHeaders,
      ...(identity.authorization ? { authorization: identity.authorization } : {}),
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      ...request.headers,
    };
    const path = `${prefix}${pathWithQuery(request)}`;
    const pool = connections.pool(identity, use);
    return exchange({ server: context.url, method, path, headers, body, pool, connectWithin }, signal);
  }

  /** The answer's head; a 401 renews the credential once. Credentials never travel without TLS. */
  async function open(request: ApiRequest, use: 'call' | 'stream', connectWithin: number, signal: AbortSignal) {
    const identity = secure ? await credential.current(signal) : {};
    const response = await attempt(request, use, identity, connectWithin, signal);
    if (response.statusCode !== 401 || !secure) return response;
    const renewed = await credential.renew(identity, signal);
    if (renewed === undefined) return response;
    await readBody(response, bodyLimit);
    return attempt(request, use, renewed, connectWithin, signal);
  }

  async function sendWithRetries(request: ApiRequest, ends: number, signal: AbortSignal): Promise<Reply> {
    const began = performance.now();
    let isAnswerLost = false;
    for (let repeats = 0; ; repeats += 1) {
      const elapsed = performance.now() - began;
      const connectWithin = Math.min(connectLimit, Math.max(500, unreachableAfter - elapsed));
      const outcome = await settle(open(request, 'call', connectWithin, signal), request, signal);
      if ('reply' in outcome) return outcome.reply;
      const now = performance.now();
      const read = request.method === 'GET' || request.method === 'HEAD';
      const pause =
        outcome.attempt &&
        pauseBeforeRepeat({
          attempt: outcome.attempt,
          repeats,
          elapsed: now - began,
          read,
          idempotent: request.idempotent,
        });
      if (pause === undefined || now + pause > ends) throw isAnswerLost ? afterLoss(outcome.failure) : outcome.failure;
      isAnswerLost ||= request.changes && mayBeDone(outcome.attempt);
      await sleep(pause, undefined, { signal });
    }
  }

  type Outcome = { readonly reply: Reply } | { readonly attempt: Attempt | undefined; readonly failure: unknown };

  async function settle(opening: Promise<IncomingMessage>, request: ApiRequest, signal: AbortSignal): Promise<Outcome> {
    try {
      const response = await opening;
      const reply = await readReply(response, request);
      if (isAnswer(reply.status, request)) return { reply };
      const retryAfter = response.headers['retry-after'];
      return {
        attempt: isBrokenWebhook(reply) ? undefined : { kind: 'answered', status: reply.status, retryAfter },
        failure: failureOf(reply, request.target, context),
      };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof RangeError) throw tooLarge(request.target, bodyLimit);
      if (!(error instanceof ConnectionFailure) || closed) throw error;
      return {
        attempt: error.reached ? { kind: 'lost' } : { kind: 'unreached', lasting: error.lasting },
        failure: unreachable(context, error, request),
      };
    }
  }

  return {
    send: async (request, { signal: callers, deadline = defaultDeadline } = {}) => {
      permit(request);
      callers?.throwIfAborted();
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(new Error('too late')), deadline);
      const signal = callers ? AbortSignal.any([callers, late.signal]) : late.signal;
      try {
        return await sendWithRetries(request, performance.now() + deadline, signal);
      } catch (error) {
        if (callers?.aborted) throw callers.reason;
        if (late.signal.aborted && !(error instanceof FoundryError)) throw timedOut(context, request.target, deadline);
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
    stream: async (request, signal) => {
      permit(request);
      try {
        const response = await open(request, 'stream', connectLimit, signal);
        if (isAnswer(response.statusCode ?? 0, request)) return response;
        throw failureOf(await readReply(response, request), request.target, context);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw error instanceof ConnectionFailure ? unreachable(context, error, request) : error;
      }
    },
    close: () => {
      closed = true;
      connections.close();
    },
  };
}

async function readReply(response: IncomingMessage, { raw }: ApiRequest): Promise<Reply> {
  const { statusCode: status = 0, headers } = response;
  const body = await unpacked(await readBody(response, bodyLimit), headers['content-encoding']);
  if (!headers['content-type']?.includes('json')) return { status, headers, body, content: undefined };
  try {
    return { status, headers, body, content: JSON.parse(body.toString('utf8')) };
  } catch (error) {
    if (raw || status >= 400) return { status, headers, body, content: undefined };
    throw new ConnectionFailure(true, new Error('the answer breaks off or is not JSON', { cause: error }));
  }
}

async function unpacked(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding !== 'gzip' || body.length === 0) return body;
  try {
    return await unzip(body, { maxOutputLength: bodyLimit });
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new ConnectionFailure(true, new Error('the answer breaks off', { cause: error }));
  }
}

const isAnswer = (status: number, { expects = [] }: ApiRequest): boolean =>
  (status >= 200 && status < 300) || expects.includes(status);

/** A webhook that does not answer will not answer in a second either. */
const isBrokenWebhook = ({ status, body }: Reply): boolean => status === 500 && body.includes('webhook');
