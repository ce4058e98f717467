import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { Context } from './context.ts';
import type { Identity } from './credentials.ts';
import { openTunnel } from './proxy-tunnel.ts';

/** Less than what servers and load balancers wait before they drop an idle connection. */
const idleFor = 55_000;
/** A tool reads a handful of things at once: waiting for a place is cheaper than another TLS handshake. */
const usualPlaces = 4;
/** Where many wait, as for reads in every namespace on its own. */
const mostPlaces = 16;
const longQueue = 12;

/** The connection pools of one cluster. */
export interface Connections {
  /** Streams have a pool of their own: long watches must not use up the places of calls. */
  pool(identity: Identity, use: 'call' | 'stream'): http.Agent;
  /** Ends every connection, those in use too. */
  close(): void;
}

export function createConnections({ url: server, tls: trust, proxy }: Context): Connections {
  const pools = new Map<string, http.Agent>();
  const create = ({ cert, key }: Identity): http.Agent => {
    const options = {
      ...trust,
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      keepAlive: true,
      timeout: idleFor,
    };
    const secure = server.protocol === 'https:';
    if (proxy) return new TunnelAgent(proxy, server, secure, options);
    return secure ? new https.Agent(options) : new http.Agent(options);
  };
  return {
    pool: (identity, use) => {
      const name = `${use} ${identity.cert ?? ''}`;
      const pool = pools.get(name) ?? create(identity);
      pools.set(name, pool);
      pool.maxSockets =
        use === 'stream' ? Number.POSITIVE_INFINITY : waitingFor(pool) < longQueue ? usualPlaces : mostPlaces;
      return pool;
    },
    close: () => {
      for (const pool of pools.values()) pool.destroy();
      pools.clear();
    },
  };
}

const waitingFor = ({ requests }: http.Agent): number =>
  Object.values(requests).reduce((sum, queue) => sum + (queue?.length ?? 0), 0);

/** Connects through the proxy that the kubeconfig names. */
class TunnelAgent extends https.Agent {
  readonly #proxy: URL;
  readonly #server: URL;
  readonly #secure: boolean;

  constructor(proxy: URL, server: URL, secure: boolean, options: https.AgentOptions) {
    super(options);
    this.#proxy = proxy;
    this.#server = server;
    this.#secure = secure;
  }

  override createConnection(
    options: https.RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    // Without a host, Node checks the certificate of a server known by its address against localhost.
    const host = this.#server.hostname.replace(/^\[|\]$/g, '');
    const wrap = (socket: Duplex) =>
      this.#secure ? tls.connect({ ...this.options, host, servername: options.servername ?? '', socket }) : socket;
    openTunnel(this.#proxy, this.#server).then(
      (socket) => callback?.(null, wrap(socket)),
      (error: Error) => callback?.(error, new net.Socket().destroy()),
    );
    return undefined;
  }
}
