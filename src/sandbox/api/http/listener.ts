import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Certificate } from '../certificate.ts';

/** The HTTPS listener on loopback and its sockets. */
export class Listener {
  readonly #certificate: Certificate;
  readonly #handle: RequestListener;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port: number;
  #connections = 0;

  /** `port` 0 takes any that is free, and keeps it. */
  constructor(certificate: Certificate, port: number, handle: RequestListener) {
    this.#certificate = certificate;
    this.#port = port;
    this.#handle = handle;
  }

  get port(): number {
    return this.#port;
  }

  /** TLS connections accepted since the start. */
  get connections(): number {
    return this.#connections;
  }

  async open(): Promise<void> {
    const { certificate: cert, key } = this.#certificate;
    const server = createServer({ cert, key, keepAliveTimeout: 60_000, requestTimeout: 0 }, this.#handle);
    const keep = (socket: Socket): void => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    };
    server.on('connection', keep);
    server.on('secureConnection', (socket: Socket) => {
      keep(socket);
      this.#connections += 1;
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
    const address: AddressInfo | string | null = server.address();
    if (address !== null && typeof address === 'object') this.#port = address.port;
  }

  /** Cuts every connection; new ones are welcome. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = [server, ...this.#sockets].map(
      (closing) => new Promise<void>((resolve) => closing.once('close', () => resolve())),
    );
    server.close();
    this.drop();
    await Promise.all(closed);
  }
}
