import type { ServerResponse } from 'node:http';
import type { Call } from '../call.ts';
import { at, isText, listOr } from '../objects/json.ts';
import { ApiError, badRequest } from '../objects/status.ts';
import { current } from '../writes/write.ts';
import type { LogLine } from './backend.ts';

const names = (value: ReturnType<typeof at>): readonly string[] =>
  listOr(value)
    .map((container) => at(container, 'name'))
    .filter(isText);

/** The container that a log request means: the one it names, or the only one. */
function containerOf(call: Call, containers: readonly string[], initContainers: readonly string[]): string {
  const pod = call.name ?? '';
  const wanted = call.query.get('container') ?? '';
  if (wanted !== '') {
    if ([...containers, ...initContainers].includes(wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${pod}`);
  }
  const [only] = containers;
  if (only !== undefined && containers.length === 1 && initContainers.length === 0) return only;
  const choices = `[${containers.join(' ')}]`;
  throw badRequest(
    initContainers.length === 0
      ? `a container name must be specified for pod ${pod}, choose one of: ${choices}`
      : `a container name must be specified for pod ${pod}, choose one of: ${choices} or one of the init containers: [${initContainers.join(' ')}]`,
  );
}

/** GET of `pods/NAME/log`: plain text, to its end or for as long as the client follows. */
export async function serveLogs(call: Call, response: ServerResponse): Promise<void> {
  const pod = current(call);
  const { query, api } = call;
  const container = containerOf(call, names(at(pod, 'spec', 'containers')), names(at(pod, 'spec', 'initContainers')));
  const status = [
    ...listOr(at(pod, 'status', 'containerStatuses')),
    ...listOr(at(pod, 'status', 'initContainerStatuses')),
  ].find((known) => at(known, 'name') === container);
  const where = `container "${container}" in pod "${pod.metadata.name}"`;
  const waiting = at(status, 'state', 'waiting', 'reason');
  const previous = query.get('previous') === 'true';
  if (previous && at(status, 'lastState', 'terminated') === undefined) {
    throw badRequest(`previous terminated container "${container}" in pod "${pod.metadata.name}" not found`);
  }
  if (!previous && at(status, 'lastState', 'terminated') === undefined && isText(waiting)) {
    const trying = waiting === 'ImagePullBackOff' || waiting === 'ErrImagePull';
    throw badRequest(`${where} is waiting to start: ${trying ? 'trying and failing to pull image' : waiting}`);
  }
  if (at(pod, 'spec', 'nodeName') === undefined) {
    response.writeHead(200, { 'Content-Type': 'text/plain' }).end();
    return;
  }
  const whole = (name: string): number | undefined => {
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
  };
  const timestamps = query.get('timestamps') === 'true';
  const limitBytes = whole('limitBytes');
  const left = new AbortController();
  response.once('close', () => left.abort());
  const lines = api.backend.pods?.logs(
    pod,
    {
      container,
      previous,
      follow: query.get('follow') === 'true',
      tailLines: whole('tailLines'),
      since: sinceOf(whole('sinceSeconds'), query.get('sinceTime')),
      timestamps,
    },
    left.signal,
  );
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

function sinceOf(seconds: number | undefined, time: string | null): Date | undefined {
  if (time === null) return seconds === undefined ? undefined : new Date(Date.now() - seconds * 1000);
  const date = new Date(time);
  if (!Number.isNaN(date.getTime())) return date;
  throw badRequest(`parsing time "${time}" as "2006-01-02T15:04:05Z07:00": cannot parse`);
}

const shown = ({ time, text }: LogLine, timestamps: boolean): string =>
  timestamps ? `${time.toISOString().replace('Z', '000000Z')} ${text}\n` : `${text}\n`;
