import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { FoundryError } from '../errors.ts';
import { textAt } from '../kubernetes.ts';
import type { Cluster, ProxyRequest, ProxyTarget } from './cluster.ts';
import type { Context } from './context.ts';
import { ConnectionFailure } from './exchange.ts';
import { failureOf, unreachable } from './failures.ts';
import { checkName, checkProxyPath } from './names.ts';
import { pathOf } from './paths.ts';
import type { ApiRequest, Reply, Target } from './request.ts';
import type { Transport } from './transport.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const verbs = { GET: 'get', HEAD: 'get', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' } as const;
/** Every status is the answer of what is behind the proxy, unless the API server itself spoke. */
const everyStatus = Array.from({ length: 300 }, (_, index) => 300 + index);

/** More of an answer that is a refusal is not read. */
const longestRefusal = 64 * 1024;

/** Requests through the API server to a Service or pod. */
export function createProxy(transport: Transport, context: Context): Pick<Cluster, 'proxy' | 'proxyStream'> {
  return {
    async proxy(to, request, options) {
      const asked = proxyRequest(to, request);
      const reply = await transport.send(asked, options);
      throwOwnWords(reply, asked.target, context);
      return { status: reply.status, headers: plain(reply.headers), body: reply.body.toString('utf8') };
    },
    async proxyStream(to, request, signal) {
      const asked = proxyRequest(to, request);
      const response = await transport.stream(asked, signal);
      const { statusCode: status = 0, headers } = response;
      const chunks = chunksOf(response, asked, context, signal);
      if (status < 300) return { status, body: chunks };
      const body = await beginningOf(chunks, longestRefusal);
      throwOwnWords({ status, headers, body, content: parsed(body) }, asked.target, context);
      return { status, body: Readable.from([body]) };
    },
  };
}

/** @throws FoundryError CLUSTER_UNREACHABLE when the answer breaks off, or the signal's reason */
async function* chunksOf(
  response: IncomingMessage,
  request: ApiRequest,
  context: Context,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response) if (Buffer.isBuffer(chunk)) yield chunk;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const cause = error instanceof Error ? error : new Error(String(error));
    throw unreachable(context, new ConnectionFailure(true, cause), request);
  }
}

async function beginningOf(chunks: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size > limit) break;
  }
  return Buffer.concat(parts).subarray(0, limit);
}

function proxyRequest(to: ProxyTarget, { method, path, body, headers, changes }: ProxyRequest): ApiRequest {
  const known = methods.find((one) => one === method.toUpperCase());
  if (!known)
    throw new FoundryError('INPUT_INVALID', `The method ${method} cannot be proxied.`, `Use ${methods.join(', ')}.`);
  checkProxyPath(path);
  const target: Target = {
    verb: verbs[known],
    group: '',
    plural: `${to.type}s`,
    subresource: 'proxy',
    namespaced: true,
    namespace: to.namespace,
    name: to.name,
  };
  const reads = known === 'GET' || known === 'HEAD';
  return {
    method: known,
    path: `${proxyPath(to)}${path}`,
    headers: { accept: '*/*', ...headers },
    ...(body === undefined ? {} : { body }),
    target,
    changes: changes ?? !reads,
    idempotent: reads,
    raw: true,
    expects: everyStatus,
  };
}

/** @throws FoundryError for a refusal of the API server itself */
function throwOwnWords(reply: Reply, target: Target, context: Context): void {
  const ownWords = textAt(reply.content, 'kind') === 'Status' && textAt(reply.content, 'apiVersion') === 'v1';
  if (ownWords && [400, 401, 403, 404, 405, 429].includes(reply.status)) throw failureOf(reply, target, context);
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function proxyPath({ type, namespace, name, port }: ProxyTarget): string {
  const number = typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536;
  if (!number) checkName('port', 'port', String(port));
  const plural = `${type}s`;
  const resource = { group: '', version: 'v1', kind: type, plural, namespaced: true, verbs: [] };
  return `${pathOf(resource, { namespace, name })}:${port}/proxy`;
}

function plain(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return Object.fromEntries(entries);
}
