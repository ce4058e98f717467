import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { entriesAt } from '../../src/kubernetes.ts';
import { createCertificate } from '../../src/sandbox/api/certificate.ts';
import { kubeconfig } from '../../src/sandbox/api/http/kubeconfig.ts';
import { Listener } from '../../src/sandbox/api/http/listener.ts';
import type { Answers, Question } from './canned.ts';

/** Serves canned answers, and can be as unreliable as networks are. */
export interface CannedServer {
  readonly kubeconfig: string;
  /** TLS connections so far. */
  readonly connections: number;
  /** Goes away for a second. Resolves with the milliseconds from its return to the next watch. */
  restart(): Promise<number>;
  /** Open watches fall silent, though their connections stay. Resolves with the milliseconds to the next watch. */
  silence(): Promise<number>;
  /** Tells the watches that list such an object that it came, went or changed in something that nobody looks at. */
  tell(type: EventType, name: string): Promise<void>;
}

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

const downMilliseconds = 1_000;

export async function startCannedServer(answers: Answers, token: string): Promise<CannedServer> {
  const endings = new Set<NodeJS.Timeout>();
  const watches = new Map<ServerResponse, Question>();
  let told = 0;
  let watched = Promise.withResolvers<void>();

  async function watch(question: Question, response: ServerResponse): Promise<void> {
    watched.resolve();
    const { searchParams } = question.url;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (searchParams.get('sendInitialEvents') === 'true') response.write(await answers.initialEvents(question));
    const seconds = Number(searchParams.get('timeoutSeconds') ?? 0) || 1800;
    const ending = setTimeout(() => response.end(), seconds * 1000);
    endings.add(ending);
    watches.set(response, question);
    response.once('close', () => {
      watches.delete(response);
      clearTimeout(ending);
      endings.delete(ending);
    });
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', headers } = incoming;
    const url = new URL(incoming.url ?? '/', 'https://127.0.0.1');
    const question = { method, url, headers, body: await buffer(incoming) };
    if (['true', '1'].includes(url.searchParams.get('watch') ?? '')) return watch(question, response);
    const { status, headers: own, body } = await answers.answer(question);
    response.writeHead(status, own).end(body);
  }

  async function untilWatched(): Promise<number> {
    const began = performance.now();
    watched = Promise.withResolvers();
    await watched.promise;
    return performance.now() - began;
  }

  const certificate = await createCertificate();
  const listener = new Listener(certificate, 0, (incoming, response) => {
    handle(incoming, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await listener.open();
  const url = `https://127.0.0.1:${listener.port}`;
  return {
    kubeconfig: kubeconfig({ url, ca: certificate.certificate, token }),
    get connections() {
      return listener.connections;
    },
    async restart() {
      await listener.close();
      await sleep(downMilliseconds);
      await listener.open();
      return untilWatched();
    },
    async tell(type, name) {
      for (const [response, question] of watches) {
        if (question.url.pathname.split('/').at(-1) !== 'dynamographdeployments') continue;
        const object: unknown = JSON.parse((await answers.item(question, name)) ?? 'null');
        told += 1;
        const resourceVersion = String(1_000_000 + told);
        const metadata = { ...Object.fromEntries(entriesAt(object, 'metadata')), resourceVersion };
        response.write(`${JSON.stringify({ type, object: { ...Object.fromEntries(entriesAt(object)), metadata } })}\n`);
      }
    },
    silence() {
      for (const ending of endings) clearTimeout(ending);
      return untilWatched();
    },
  };
}
