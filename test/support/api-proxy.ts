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

/** Where a write is cut off: before the server has it, when it has carried it out and not answered, when it has answered. */
export type Moment = 'unsent' | 'unanswered' | 'answered';

interface Cut {
  /** The how many-th request that changes something, from now on. */
  readonly write: number;
  readonly moment: Moment;
  /** `freeze`: nothing passes any more; `reset`: this one connection breaks. */
  readonly how: 'freeze' | 'reset';
}

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
  /** Cuts the line at one write; resolves when that is reached. */
  cut(at: Cut): Promise<true>;
  stop(): Promise<void>;
}

const isWrite = (line: string): boolean => !/^(?:GET|HEAD) |[?&]dryRun=|selfsubject\w+reviews/.test(line);

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
  let cut: (Cut & { reached(value: true): void }) | undefined;
  let writes = 0;
  let frozen = false;

  const strike = (response: ServerResponse) => {
    if (cut?.how === 'freeze') frozen = true;
    else response.destroy();
    cut?.reached(true);
  };

  const forward = (incoming: IncomingMessage, response: ServerResponse, moment?: Moment) => {
    const { method, headers, url = '/' } = incoming;
    const outgoing = request(new URL(url, upstream.server), { method, headers, agent }, (answer) => {
      const status = answer.statusCode ?? 502;
      answers.push({ request: `${method} ${url}`, status });
      if (moment === 'unanswered') {
        answer.resume().once('end', () => strike(response));
        return;
      }
      if (moment === 'answered') response.once('finish', () => strike(response));
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
    if (frozen) return;
    if (isWrite(line)) writes += 1;
    const moment = isWrite(line) && writes === cut?.write ? cut.moment : undefined;
    if (moment === 'unsent') return strike(response);
    const [, waiting] = [...held].find(([match]) => match.test(line)) ?? [];
    if (waiting) waiting.push(() => forward(incoming, response, moment));
    else forward(incoming, response, moment);
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
    cut(at) {
      writes = 0;
      return new Promise((reached) => {
        cut = { ...at, reached };
      });
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}
