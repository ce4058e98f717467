import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import { text as textOf } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { entriesAt, listAt, textAt } from '../../src/kubernetes.ts';
import { copies, withKind } from './copies.ts';

/** An answer as it goes over the wire, prepared once. */
interface Canned {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Question {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answers {
  answer(question: Question): Promise<Canned>;
  /** The beginning of a watch that starts with everything there is. */
  initialEvents(question: Question): Promise<Buffer>;
  /** One object of the list that a watch is about, as its events show it; undefined when it is about others. */
  item(question: Question, name: string): Promise<string | undefined>;
}

/** An answer before it is cut into pages. */
interface Whole {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly content: unknown;
  /** Where the items stand: `items` of a list, `rows` of a table; undefined for all else. */
  readonly field: string | undefined;
  readonly items: readonly string[];
}

/** From this size on API servers compress, at the lowest level. */
const compressedFrom = 128 * 1024;
/** What does not change which objects are meant, only how they are sent. */
const ofTransfer = [
  ...['limit', 'continue', 'resourceVersion', 'resourceVersionMatch'],
  ...['watch', 'sendInitialEvents', 'allowWatchBookmarks', 'timeoutSeconds'],
];

/** What is asked for, without how it shall be sent. */
function pathOf(question: Question): string {
  const url = new URL(question.url);
  for (const name of ofTransfer) url.searchParams.delete(name);
  return url.pathname + url.search;
}

/** Answers of a server with a few deployments, as if it had many; it is asked once for each. */
export function createAnswers(server: { url: string; ca: string }, deployments: number): Answers {
  const agent = new Agent({ keepAlive: true, ca: server.ca });
  const wholes = new Map<string, Promise<Whole>>();
  const pages = new Map<string, Promise<Canned>>();
  const beginnings = new Map<string, Promise<Buffer>>();

  async function ask({ method, headers, body }: Question, path: string): Promise<Whole> {
    const { accept = '*/*', authorization = '', 'content-type': sentType = 'application/json' } = headers;
    const own = { accept, authorization, 'content-type': sentType, 'content-length': body.length };
    const sent = request(new URL(path, server.url), { agent, method, headers: own }).end(body);
    const [response] = await once(sent, 'response');
    const text = await textOf(response);
    const type = String(response.headers['content-type']);
    const content: unknown = type.includes('json') ? JSON.parse(text) : undefined;
    const isList = textAt(content, 'metadata', 'resourceVersion') !== undefined;
    const field = isList ? ['items', 'rows'].find((name) => listAt(content, name).length > 0) : undefined;
    const items = field === undefined ? [] : copies(listAt(content, field), deployments);
    return { status: response.statusCode, type, text, content, field, items };
  }

  function whole(question: Question): Promise<Whole> {
    const path = pathOf(question);
    return kept(wholes, [question.method, path, question.headers.accept, question.body.toString('latin1')], () =>
      ask(question, path),
    );
  }

  async function page(question: Question): Promise<Canned> {
    const { status, type, text, content, field, items } = await whole(question);
    const { searchParams } = question.url;
    const from = Number(searchParams.get('continue') ?? 0);
    const to = from + (Number(searchParams.get('limit') ?? 0) || items.length);
    const left = items.length - to;
    // API servers tell how many remain where no selector has to look at each.
    const { searchParams: asked } = question.url;
    const remaining = left > 0 && !asked.has('labelSelector') && !asked.has('fieldSelector') ? left : undefined;
    const cut = field && { field, items: items.slice(from, to), next: left > 0 ? String(to) : undefined, remaining };
    const plain = Buffer.from(cut ? listText(content, cut) : text);
    const compress = question.headers['accept-encoding']?.includes('gzip') && plain.length > compressedFrom;
    const body = compress ? gzipSync(plain, { level: 1 }) : plain;
    const headers = { 'content-type': type, 'content-length': String(body.length) };
    return { status, headers: compress ? { ...headers, 'content-encoding': 'gzip' } : headers, body };
  }

  async function beginning(question: Question): Promise<Buffer> {
    const { content, items } = await whole(question);
    const resourceVersion = textAt(content, 'metadata', 'resourceVersion');
    const annotations = { 'k8s.io/initial-events-end': 'true' };
    const end = JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion, annotations } } });
    const events = items.map((item) => `{"type":"ADDED","object":${withKind(item, content)}}\n`);
    return Buffer.from(`${events.join('')}${end}\n`);
  }

  return {
    answer: (question) => {
      const { method, url, headers, body } = question;
      const key = [
        method,
        url.pathname + url.search,
        headers.accept,
        headers['accept-encoding'],
        body.toString('latin1'),
      ];
      return kept(pages, key, () => page(question));
    },
    async item(question, name) {
      const { content, items } = await whole(question);
      const found = items.find((item) => textAt(JSON.parse(item), 'metadata', 'name') === name);
      return found && withKind(found, content);
    },
    initialEvents: (question) => kept(beginnings, [pathOf(question)], () => beginning(question)),
  };
}

interface Cut {
  readonly field: string;
  readonly items: readonly string[];
  readonly next: string | undefined;
  readonly remaining: number | undefined;
}

/** A list with other items: all else of it stays. */
function listText(list: unknown, { field, items, next, remaining }: Cut): string {
  const rest = entriesAt(list).filter(([name]) => name !== field);
  const metadata = {
    ...Object.fromEntries(entriesAt(list, 'metadata')),
    continue: next,
    remainingItemCount: remaining,
  };
  return `${JSON.stringify({ ...Object.fromEntries(rest), metadata }).slice(0, -1)},"${field}":[${items.join(',')}]}`;
}

function kept<Value>(map: Map<string, Promise<Value>>, key: readonly unknown[], make: () => Promise<Value>) {
  const name = JSON.stringify(key);
  const value = map.get(name) ?? make();
  map.set(name, value);
  return value;
}
