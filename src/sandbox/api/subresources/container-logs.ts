import type { ServerResponse } from 'node:http';
import { type KubernetesObject, listAt, textAt, valueAt } from '../../../kubernetes.ts';
import { ApiError, badRequest } from '../objects/status.ts';
import type { LogLine, PodBackend } from './backend.ts';

interface ContainerLogRequest {
  readonly container: string;
  /** As the client asked: `previous`, `follow`, `tailLines`, `sinceSeconds`, `sinceTime`, `timestamps`, `limitBytes`. */
  readonly query: URLSearchParams;
}

/**
 * The kubelet's part of a request for the log of a pod that has a node: plain text, to its end or for as long as the
 * client follows.
 *
 * @throws ApiError where the container has no such log
 */
export async function serveContainerLogs(
  pod: KubernetesObject,
  { container, query }: ContainerLogRequest,
  backend: PodBackend | undefined,
  response: ServerResponse,
): Promise<void> {
  const previous = query.get('previous') === 'true';
  refuseWithoutLog(pod, container, previous);
  const timestamps = query.get('timestamps') === 'true';
  const limitBytes = whole(query, 'limitBytes');
  const left = new AbortController();
  response.once('close', () => left.abort());
  const request = {
    container,
    previous,
    follow: query.get('follow') === 'true',
    tailLines: whole(query, 'tailLines'),
    since: sinceOf(whole(query, 'sinceSeconds'), query.get('sinceTime')),
    timestamps,
  };
  const lines = backend?.logs(pod, request, left.signal);
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-cache, private' });
  response.flushHeaders();
  let sent = 0;
  for await (const line of lines ?? []) {
    const text = Buffer.from(shown(line, timestamps));
    const room = limitBytes === undefined ? text.length : Math.max(0, limitBytes - sent);
    response.write(text.subarray(0, room));
    sent += Math.min(room, text.length);
    if (room < text.length || left.signal.aborted) break;
  }
  response.end();
}

function refuseWithoutLog(pod: KubernetesObject, container: string, previous: boolean): void {
  const { name } = pod.metadata;
  const status = [
    ...listAt(pod, 'status', 'containerStatuses'),
    ...listAt(pod, 'status', 'initContainerStatuses'),
  ].find((known) => textAt(known, 'name') === container);
  if (valueAt(status, 'lastState', 'terminated') !== undefined) return;
  if (previous) throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
  const waiting = textAt(status, 'state', 'waiting', 'reason');
  if (waiting === undefined) return;
  const trying = waiting === 'ImagePullBackOff' || waiting === 'ErrImagePull';
  throw badRequest(
    `container "${container}" in pod "${name}" is waiting to start: ${trying ? 'trying and failing to pull image' : waiting}`,
  );
}

function whole(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  if (!/^\d+$/.test(value)) {
    throw new ApiError(
      422,
      'Invalid',
      `PodLogOptions "" is invalid: ${name}: Invalid value: "${value}": must be greater than or equal to 0`,
    );
  }
  return Number(value);
}

function sinceOf(seconds: number | undefined, time: string | null): Date | undefined {
  if (time === null) return seconds === undefined ? undefined : new Date(Date.now() - seconds * 1000);
  const date = new Date(time);
  if (!Number.isNaN(date.getTime())) return date;
  throw badRequest(`parsing time "${time}" as "2006-01-02T15:04:05Z07:00": cannot parse`);
}

const shown = ({ time, text }: LogLine, timestamps: boolean): string =>
  timestamps ? `${time.toISOString().replace('Z', '000000Z')} ${text}\n` : `${text}\n`;
