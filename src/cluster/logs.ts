import { FoundryError } from '../errors.ts';
import type { Cluster, LogPlace } from './cluster.ts';
import { textLines } from './lines.ts';
import { checkName } from './names.ts';
import { pathOf } from './paths.ts';
import type { ApiRequest } from './request.ts';
import type { Transport } from './transport.ts';
import { Silence } from './watch-stream.ts';

const pods = { group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true, verbs: [] } as const;
const defaultTail = 200;
/** Milliseconds: only beginning anew tells a quiet container from a dead connection. */
const longestSilence = 60_000;

function logRequest({ namespace, pod, container }: LogPlace, query: ApiRequest['query']): ApiRequest {
  if (container !== undefined) checkName('label', 'container', container);
  return {
    method: 'GET',
    path: pathOf(pods, { namespace, name: pod, subresource: 'log' }),
    query: { container, ...query },
    headers: { accept: '*/*' },
    target: { verb: 'get', group: '', plural: 'pods', subresource: 'log', namespaced: true, namespace, name: pod },
    changes: false,
    idempotent: true,
    raw: true,
  };
}

/** What containers write, which is untrusted text: their last lines, or all as it comes. */
export function createLogs(transport: Transport): Pick<Cluster, 'logs' | 'followLogs'> {
  return {
    async logs(at, { tail = defaultTail, sinceSeconds, previous, timestamps, limitBytes, ...options } = {}) {
      const query = { tailLines: tail, sinceSeconds, limitBytes };
      const switches = { previous: previous || undefined, timestamps: timestamps || undefined };
      const { body } = await transport.send(logRequest(at, { ...query, ...switches }), options);
      return body.toString('utf8');
    },
    async *followLogs(at, from, signal) {
      const start = 'tail' in from ? { tailLines: from.tail } : { sinceTime: from.sinceTime };
      const request = logRequest(at, { ...start, follow: true, timestamps: true });
      const response = await transport.stream(request, signal);
      try {
        yield* textLines(response, longestSilence);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        // A quiet container is no failure: the reader goes on from the last line.
        if (error instanceof Silence) return;
        throw new FoundryError(
          'CLUSTER_UNREACHABLE',
          'The connection to the API server broke while logs were read.',
          'They are read on from where they broke off.',
          {},
          { cause: error },
        );
      }
    },
  };
}
