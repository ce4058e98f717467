import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { urlToHttpOptions } from 'node:url';

/** The connection failed; `reached` tells whether the server may have received the request. */
export class ConnectionFailure extends Error {
  readonly reached: boolean;
  /** Waiting does not help: the certificate is not trusted, or this is no TLS server. */
  readonly lasting: boolean;

  constructor(reached: boolean, cause: Error) {
    super(reasonOf(cause), { cause });
    this.name = 'ConnectionFailure';
    this.reached = reached;
    this.lasting = !reached && isLasting(codeOf(cause));
  }
}

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '');

const isLasting = (code: string): boolean => /^(ERR_TLS|ERR_SSL|EPROTO)|CERT|UNABLE_TO_VERIFY/.test(code);

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be resolved now',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'the network is unreachable',
  ETIMEDOUT: 'the connection timed out',
  EPROTO: 'the server does not speak TLS',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by an authority that the kubeconfig does not name',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an authority that the kubeconfig does not name',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by an authority that the kubeconfig does not name',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by an authority that the kubeconfig does not name',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
};

const reasonOf = (error: Error): string => reasons[codeOf(error)] ?? (error.message || codeOf(error) || error.name);

export interface Outgoing {
  readonly server: URL;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string | undefined;
  readonly pool: http.Agent;
  /** Milliseconds for a new connection to stand, TLS included. */
  readonly connectWithin: number;
}

/** Node's own `reusedSocket` is false for a request that waited in the pool for a connection in use. */
const established = new WeakSet<Socket>();

/**
 * Sends one request and resolves when the head of the answer is there. An abort destroys the connection, at any time
 * until the body has ended.
 *
 * @throws ConnectionFailure, or the reason of the signal
 */
export function exchange(outgoing: Outgoing, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const { server, method, path, headers, body, pool, connectWithin } = outgoing;
    const { request } = server.protocol === 'https:' ? https : http;
    const sent = request({ ...urlToHttpOptions(server), auth: null, method, path, headers, agent: pool });
    let reached = false;
    let timer: NodeJS.Timeout | undefined;
    let stopWaiting = () => {};
    const abort = () => sent.destroy(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    const release = () => {
      clearTimeout(timer);
      stopWaiting();
      signal.removeEventListener('abort', abort);
    };
    const connected = () => {
      clearTimeout(timer);
      reached = true;
    };
    signal.addEventListener('abort', abort, { once: true });
    sent.on('socket', (socket) => {
      if (established.has(socket)) return connected();
      const late = () => sent.destroy(new Error(`no connection within ${(connectWithin / 1000).toFixed(1)} s`));
      timer = setTimeout(late, connectWithin);
      const event = server.protocol === 'https:' ? 'secureConnect' : 'connect';
      const stands = () => {
        established.add(socket);
        connected();
      };
      socket.once(event, stands);
      // Many requests in turn may wait for one connection, and be cancelled before it stands.
      stopWaiting = () => void socket.off(event, stands);
    });
    sent.on('error', (error) => {
      release();
      reject(signal.aborted ? signal.reason : new ConnectionFailure(reached, error));
    });
    sent.on('response', (response) => {
      response.once('close', release);
      resolve(response);
    });
    sent.end(body);
  });
}

/**
 * The whole body.
 *
 * @throws ConnectionFailure when it ends early, RangeError when it is longer than `limit` bytes
 */
export async function readBody(response: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      if (!Buffer.isBuffer(chunk)) continue;
      chunks.push(chunk);
      size += chunk.length;
      if (size > limit) throw new RangeError('the body is too long');
    }
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new ConnectionFailure(true, error instanceof Error ? error : new Error(String(error)));
  }
  return Buffer.concat(chunks, size);
}
