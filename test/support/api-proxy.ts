import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { parse, stringify } from 'yaml';
import * as z from 'zod';
import { createCertificate } from '../../src/sandbox/api/certificate.ts';

const kubeconfigSchema = z.looseObject({
  clusters: z.tuple([
    z.looseObject({ cluster: z.looseObject({ server: z.string(), 'certificate-authority-data': z.string() }) }),
  ]),
});

/** Stands between a client and an API server, sees every request, and can keep some from being answered. */
export interface ApiProxy {
  /** Path of a kubeconfig that leads here, with the credentials of the one that was given. */
  readonly kubeconfig: string;
  /** `GET /path?query`, in the order of arrival. */
  readonly requests: readonly string[];
  /** What was answered, in the order of the answers. */
  readonly answers: readonly { readonly request: string; readonly status: number }[];
  /** TLS connections so far. */
  readonly connections: number;
  /** Requests that are neither answered nor given up. */
  readonly open: number;
  /** Requests that match `GET /path?query` are not answered until the result is called. */
  hold(match: RegExp): () => void;
  stop(): Promise<void>;
}

/** Starts a proxy in front of the server of a kubeconfig (one cluster, one user, one context, CA inside). */
export async function startApiProxy(kubeconfig: string): Promise<ApiProxy> {
  const config = kubeconfigSchema.parse(parse(await readFile(kubeconfig, 'utf8')));
  const [{ cluster: upstream }] = config.clusters;
  const agent = new Agent({ keepAlive: true, ca: Buffer.from(upstream['certificate-authority-data'], 'base64') });
  const { certificate, key } = await createCertificate();
  const requests: string[] = [];
  const answers: { request: string; status: number }[] = [];
  const held = new Map<RegExp, (() => void)[]>();
  const sockets = new Set<Duplex>();
  let connections = 0;
  let open = 0;

  const forward = (incoming: IncomingMessage, response: ServerResponse) => {
    const { method, headers, url = '/' } = incoming;
    const outgoing = request(new URL(url, upstream.server), { method, headers, agent }, (answer) => {
      const status = answer.statusCode ?? 502;
      answers.push({ request: `${method} ${url}`, status });
      response.writeHead(status, answer.headers);
      answer.pipe(response);
    });
    outgoing.once('error', () => response.destroy());
    response.once('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  };

  const server = createServer({ cert: certificate, key }, (incoming, response) => {
    const line = `${incoming.method} ${incoming.url}`;
    requests.push(line);
    open += 1;
    response.once('close', () => {
      open -= 1;
    });
    const [, waiting] = [...held].find(([match]) => match.test(line)) ?? [];
    if (waiting) waiting.push(() => forward(incoming, response));
    else forward(incoming, response);
  });
  server.on('secureConnection', () => {
    connections += 1;
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });

  const folder = await mkdtemp(join(tmpdir(), 'api-proxy-'));
  const own = join(folder, 'kubeconfig.yaml');
  const [first] = config.clusters;
  const cluster = {
    ...upstream,
    server: `https://127.0.0.1:${port}`,
    'certificate-authority-data': Buffer.from(certificate).toString('base64'),
  };
  await writeFile(own, stringify({ ...config, clusters: [{ ...first, cluster }] }), { mode: 0o600 });

  return {
    kubeconfig: own,
    requests,
    answers,
    get connections() {
      return connections;
    },
    get open() {
      return open;
    },
    hold(match) {
      const waiting: (() => void)[] = [];
      held.set(match, waiting);
      return () => {
        held.delete(match);
        for (const proceed of waiting) proceed();
      };
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}
