import type { IncomingMessage } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import { type ApiServer, type ApiServerOptions, startApiServer } from '../../../src/sandbox/api/server.ts';

export interface Reply {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
  /** The body where it is JSON, else null. */
  readonly body: Record<string, unknown>;
}

interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: the administrator's. */
  readonly token?: string;
}

export interface WatchedEvent {
  readonly type: string;
  readonly object: Record<string, unknown>;
}

/** A sandbox server and a plain HTTPS client of it. */
export interface Client {
  readonly server: ApiServer;
  send(path: string, call?: Call): Promise<Reply>;
  get(path: string, call?: Call): Promise<Reply>;
  create(path: string, body: unknown, call?: Call): Promise<Reply>;
  replace(path: string, body: unknown): Promise<Reply>;
  merge(path: string, body: unknown): Promise<Reply>;
  /** Server-side apply as the manager; more query parameters may follow the path. */
  apply(path: string, manager: string, body: unknown): Promise<Reply>;
  remove(path: string, body?: unknown): Promise<Reply>;
  /** The events of a watch, for as long as they are asked for. */
  watch(path: string, call?: Call): AsyncGenerator<WatchedEvent>;
  stop(): Promise<void>;
}

export async function startClient(options?: ApiServerOptions): Promise<Client> {
  const server = await startApiServer(options);
  const agent = new Agent({ ca: server.ca, keepAlive: true });

  const optionsOf = (path: string, { method = 'GET', type, headers, token = server.token, body }: Call) =>
    ({
      method,
      agent,
      host: '127.0.0.1',
      port: server.port,
      path,
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        'user-agent': 'transcript/1.0',
        ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
        ...headers,
      },
    }) satisfies RequestOptions;

  const send = (path: string, call: Call = {}): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const outgoing = request(optionsOf(path, call), (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => {
          text += chunk;
        });
        incoming.once('error', reject);
        incoming.once('end', () => {
          const isJson = incoming.headers['content-type']?.startsWith('application/json') === true;
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text,
            body: isJson ? JSON.parse(text) : {},
          });
        });
      });
      outgoing.once('error', reject);
      const { body } = call;
      const payload = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
      if (payload !== undefined) outgoing.setHeader('content-length', Buffer.byteLength(payload));
      outgoing.end(payload);
    });

  async function* watch(path: string, call: Call = {}): AsyncGenerator<WatchedEvent> {
    const outgoing = request(optionsOf(`${path}${path.includes('?') ? '&' : '?'}watch=1`, call));
    outgoing.end();
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve);
      outgoing.once('error', reject);
    });
    let rest = '';
    for await (const chunk of incoming.setEncoding('utf8')) {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line);
    }
  }

  return {
    server,
    send,
    get: send,
    create: (path, body, call = {}) => send(path, { ...call, method: 'POST', body }),
    replace: (path, body) => send(path, { method: 'PUT', body }),
    merge: (path, body) => send(path, { method: 'PATCH', type: 'application/merge-patch+json', body }),
    apply: (path, manager, body) => {
      const query = `${path.includes('?') ? '&' : '?'}fieldManager=${manager}`;
      return send(`${path}${query}`, { method: 'PATCH', type: 'application/apply-patch+yaml', body });
    },
    remove: (path, body) => send(path, { method: 'DELETE', body }),
    watch,
    async stop() {
      agent.destroy();
      await server.stop();
    },
  };
}

/** Takes so many events of a watch, then leaves it. */
export async function take(events: AsyncGenerator<WatchedEvent>, count: number): Promise<readonly WatchedEvent[]> {
  const taken: WatchedEvent[] = [];
  while (taken.length < count) {
    const next = await events.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  await events.return(undefined);
  return taken;
}

/** Asks again until the answer has the status, for what the server's own controllers do. */
export async function until(ask: () => Promise<Reply>, holds: (reply: Reply) => boolean): Promise<Reply> {
  for (;;) {
    const reply = await ask();
    if (holds(reply)) return reply;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const configMap = (name: string, data: Readonly<Record<string, string>> = {}, metadata = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
});

export const configMaps = '/api/v1/namespaces/default/configmaps';

export const pod = (name: string, spec = {}, metadata = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  spec: { containers: [{ name: 'main', image: 'example.com/main:1' }], ...spec },
});

export const pods = '/api/v1/namespaces/default/pods';
