import { request as send } from 'node:https';

const timeoutMilliseconds = 60_000;

/** One request to the API server. */
interface Request {
  readonly method?: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly accept?: string;
  readonly contentType?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** Where and as whom a request goes. */
export interface Access {
  /** `https://host:port` */
  readonly server: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  readonly token: string;
}

/** The status code and text of an answer, whatever the code. */
interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * Sends one request over a connection of its own, so that no idle socket keeps a test process alive.
 *
 * @throws Error when there is no whole answer within 60 s
 */
export function request(access: Access, { method = 'GET', path, accept, contentType, body }: Request): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${access.token}`,
    accept: accept ?? 'application/json',
    'content-type': contentType ?? 'application/json',
  };
  return new Promise((resolve, reject) => {
    const options = { method, headers, ca: access.ca, agent: false, signal: AbortSignal.timeout(timeoutMilliseconds) };
    const outgoing = send(new URL(path, access.server), options, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.once('error', reject);
      incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, body: text }));
    });
    outgoing.once('error', reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/**
 * Sends one request whose failure is an error.
 *
 * @throws Error with the server's own words when the status is not 2xx
 */
export async function requestOk(access: Access, wanted: Request): Promise<string> {
  const { status, body } = await request(access, wanted);
  if (status >= 200 && status < 300) return body;
  throw new Error(`${wanted.method ?? 'GET'} ${wanted.path} answered ${status}: ${body.slice(0, 2000)}`);
}
