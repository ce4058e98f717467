import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Call } from '../call.ts';
import { readBody } from '../http/body.ts';
import { at, isText, type Json, listOr, objectOr, textOr } from '../objects/json.ts';
import type { ApiObject } from '../objects/object.ts';
import { ApiError, badRequest, notFound } from '../objects/status.ts';
import type { ProxyResponse } from './backend.ts';

interface Target {
  readonly pod: ApiObject;
  readonly port: number;
}

const unavailable = (message: string): ApiError => new ApiError(503, 'ServiceUnavailable', message);

/** `NAME`, `NAME:PORT` or `SCHEME:NAME:PORT`. */
function parseName(text: string): { name: string; port: string } {
  const parts = text.split(':');
  const [first = '', second = '', third = ''] = parts;
  if (parts.length === 3) return { name: second, port: third };
  if (parts.length > 3) throw badRequest(`invalid proxy name "${text}"`);
  return { name: first, port: second };
}

const isReady = (pod: ApiObject): boolean =>
  pod.metadata.deletionTimestamp === undefined &&
  listOr(at(pod, 'status', 'conditions')).some(
    (condition) => at(condition, 'type') === 'Ready' && at(condition, 'status') === 'True',
  );

const containerPorts = (pod: ApiObject): readonly Json[] =>
  listOr(at(pod, 'spec', 'containers')).flatMap((container) => listOr(at(container, 'ports')));

/** The number of a pod's port that is given by number or name. */
function portNumber(pod: ApiObject, port: Json | undefined): number | undefined {
  if (typeof port === 'number') return port;
  if (!isText(port)) return undefined;
  if (/^\d+$/.test(port)) return Number(port);
  const number = at(
    containerPorts(pod).find((candidate) => at(candidate, 'name') === port),
    'containerPort',
  );
  return typeof number === 'number' ? number : undefined;
}

function podTarget({ api, namespace, resource }: Call, name: string, port: string): Target {
  const pod = api.store.get('pods', namespace, name);
  if (pod === undefined) throw notFound(resource, name);
  if (at(pod, 'status', 'podIP') === undefined) {
    throw badRequest(`address not allowed`);
  }
  const first = at(containerPorts(pod)[0], 'containerPort');
  const number = port === '' ? (typeof first === 'number' ? first : 80) : portNumber(pod, port);
  if (number === undefined) throw badRequest(`no port "${port}" found for pod "${name}"`);
  return { pod, port: number };
}

function serviceTarget({ api, namespace, resource }: Call, name: string, port: string): Target {
  const service = api.store.get('services', namespace, name);
  if (service === undefined) throw notFound(resource, name);
  const ports = listOr(at(service, 'spec', 'ports'));
  const wanted =
    port === ''
      ? ports[0]
      : ports.find((candidate) => at(candidate, 'name') === port || String(at(candidate, 'port')) === port);
  const selector = Object.entries(objectOr(at(service, 'spec', 'selector')));
  const pod =
    selector.length === 0
      ? undefined
      : api.store
          .list('pods', namespace)
          .find(
            (candidate) =>
              isReady(candidate) && selector.every(([key, value]) => candidate.metadata.labels?.[key] === value),
          );
  if (wanted === undefined) {
    throw unavailable(
      `no service port ${/^\d+$/.test(port) ? port : JSON.stringify(port)} found for service "${name}"`,
    );
  }
  if (pod === undefined) throw unavailable(`no endpoints available for service "${textOr(service.metadata.name)}"`);
  const number = portNumber(pod, at(wanted, 'targetPort') ?? at(wanted, 'port'));
  if (number === undefined) throw unavailable(`no endpoints available for service "${name}"`);
  return { pod, port: number };
}

const hopByHop = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'host',
  'authorization',
  'content-length',
];

/** A request to `…/proxy/…`, answered by what listens in the pod. */
export async function serveProxy(
  call: Call,
  rest: string | undefined,
  search: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { name, port } = parseName(call.name ?? '');
  const target = call.resource.table === 'pods' ? podTarget(call, name, port) : serviceTarget(call, name, port);
  const left = new AbortController();
  response.once('close', () => left.abort());
  const headers = Object.entries(request.headers).flatMap(([header, value]) =>
    hopByHop.includes(header) || value === undefined ? [] : [[header, String(value)] as const],
  );
  const answer = await call.api.backend.pods?.proxy(target.pod, {
    method: request.method ?? 'GET',
    path: `/${rest ?? ''}${search === '' ? '' : `?${search}`}`,
    headers: Object.fromEntries(headers),
    body: await readBody(request),
    port: target.port,
    signal: left.signal,
  });
  if (answer === undefined) {
    const address = `${textOr(at(target.pod, 'status', 'podIP'))}:${target.port}`;
    throw unavailable(`error trying to reach service: dial tcp ${address}: connect: connection refused`);
  }
  await send(answer, response);
}

async function send({ status, headers = {}, body }: ProxyResponse, response: ServerResponse): Promise<void> {
  response.writeHead(status, headers);
  if (typeof body === 'string' || Buffer.isBuffer(body)) {
    response.end(body);
    return;
  }
  response.flushHeaders();
  await pipeline(body, response).catch(() => response.destroy());
}
