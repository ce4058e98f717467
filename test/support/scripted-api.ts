import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { stringify } from 'yaml';
import { createCertificate } from '../../src/sandbox/api/certificate.ts';

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** Names and values as sent, with repeated names. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** Answers one request, in whatever broken way. */
export type Answer = (request: SeenRequest, response: ServerResponse) => void;

export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

/** A Kubernetes Status. */
export const failure = (
  code: number,
  reason: string,
  message: string,
  { details, headers }: { details?: unknown; headers?: Record<string, string> } = {},
): Answer =>
  json({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message, details }, code, headers);

/** There is no object of that name. */
const missing = (path: string): Answer => {
  const name = path.split('/').at(-1) ?? '';
  return failure(404, 'NotFound', `"${name}" not found`, { details: { name } });
};

/** Ends the connection without an answer. */
export const reset: Answer = (_, response) => {
  response.destroy();
};

/** Never answers. */
export const hang: Answer = () => {};

/** Promises a whole body and ends the connection in the middle of it. */
export const truncated =
  (body: unknown): Answer =>
  (_, response) => {
    const text = JSON.stringify(body);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
    response.write(text.slice(0, text.length / 2), () => response.destroy());
  };

/** A stream of lines that stays open, as a watch is. */
export const lines =
  (...events: readonly unknown[]): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    for (const event of events) response.write(`${typeof event === 'string' ? event : JSON.stringify(event)}\n`);
  };

export interface ScriptedApi {
  readonly url: string;
  /** PEM of its certificate, which is its own authority. */
  readonly certificate: string;
  readonly requests: readonly SeenRequest[];
  /** TLS connections so far. */
  readonly connections: number;
  /** TLS connections that were there at one time, at most. */
  readonly mostConnections: number;
  /** Requests that are neither answered nor given up. */
  readonly open: number;
  /** Answers to `GET /path`: one after the other, the last for ever. */
  on(methodAndPath: string, ...answers: readonly [Answer, ...Answer[]]): void;
  /** The requests to `GET /path`. */
  requestsTo(methodAndPath: string): readonly SeenRequest[];
  /** Ends every connection and refuses new ones until `listen`. */
  stop(): Promise<void>;
  listen(): Promise<void>;
  /** Writes a kubeconfig that leads here; `user` and `cluster` are added to its entries. */
  kubeconfig(entries?: { user?: Record<string, unknown>; cluster?: Record<string, unknown> }): Promise<string>;
  /** A folder that is deleted in the end. */
  readonly folder: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * An HTTPS server that answers as a test tells it. It only has a discovery of its own (`ConfigMap`, `Pod`,
 * `Namespace`, `RayService`); every other object is missing until scripted. For what a well-behaved server never does:
 * the sandbox is the double for the rest.
 */
export async function startScriptedApi(): Promise<ScriptedApi> {
  // Not for localhost: a client that checks that name instead of the address is found out.
  const { certificate, key } = await createCertificate({ names: ['kubernetes.default.svc'] });
  const folder = await mkdtemp(join(tmpdir(), 'scripted-api-'));
  const scripts = new Map<string, Answer[]>();
  const requests: SeenRequest[] = [];
  const sockets = new Set<Duplex>();
  let connections = 0;
  let mostConnections = 0;
  let open = 0;

  const server = createServer({ cert: certificate, key }, (incoming, response) => {
    open += 1;
    response.once('close', () => {
      open -= 1;
    });
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { pathname, searchParams } = new URL(incoming.url ?? '/', 'https://server');
      const { method = '', headers, rawHeaders } = incoming;
      const body = Buffer.concat(chunks).toString('utf8');
      const request = { method, path: pathname, query: searchParams, headers, rawHeaders, body };
      requests.push(request);
      const answers = scripts.get(`${method} ${pathname}`) ?? [];
      const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? missing(pathname);
      answer(request, response);
    });
  });
  server.on('secureConnection', () => {
    connections += 1;
    mostConnections = Math.max(mostConnections, sockets.size);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  const listen = (port: number) =>
    new Promise<number>((resolve) => {
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
  const port = await listen(0);
  const url = `https://127.0.0.1:${port}`;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  let files = 0;

  const api: ScriptedApi = {
    url,
    certificate,
    folder,
    requests,
    get connections() {
      return connections;
    },
    get mostConnections() {
      return mostConnections;
    },
    get open() {
      return open;
    },
    on: (methodAndPath, ...answers) => {
      scripts.set(methodAndPath, [...answers]);
    },
    requestsTo: (methodAndPath) => requests.filter(({ method, path }) => `${method} ${path}` === methodAndPath),
    stop,
    listen: async () => {
      await listen(port);
    },
    kubeconfig: async ({ user = { token: 'secret' }, cluster = {} } = {}) => {
      files += 1;
      const file = join(folder, `kubeconfig-${files}.yaml`);
      const ca = Buffer.from(certificate).toString('base64');
      const content = stringify({
        clusters: [{ name: 'scripted', cluster: { server: url, 'certificate-authority-data': ca, ...cluster } }],
        users: [{ name: 'scripted', user }],
        contexts: [{ name: 'scripted', context: { cluster: 'scripted', user: 'scripted' } }],
        'current-context': 'scripted',
      });
      await writeFile(file, content);
      return file;
    },
    [Symbol.asyncDispose]: async () => {
      await stop();
      await rm(folder, { recursive: true });
    },
  };
  for (const [path, groups] of Object.entries(served)) api.on(`GET ${path}`, json(discovery(groups)));
  return api;
}

const namespaced = { ConfigMap: 'configmaps', Pod: 'pods' };

const served = {
  '/api': [group('', 'v1', { ...namespaced }, { Namespace: 'namespaces' })],
  '/apis': [group('ray.io', 'v1', { RayService: 'rayservices' }, {})],
} as const;

function group(name: string, version: string, inside: Record<string, string>, outside: Record<string, string>) {
  const resource = (scope: string) => (entry: [string, string]) => ({
    resource: entry[1],
    responseKind: { group: name, version, kind: entry[0] },
    scope,
    verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'],
  });
  const resources = [
    ...Object.entries(inside).map(resource('Namespaced')),
    ...Object.entries(outside).map(resource('Cluster')),
  ];
  return { metadata: { name }, versions: [{ version, resources, freshness: 'Current' }] };
}

function discovery(items: readonly unknown[]) {
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}
