import type { ServerResponse } from 'node:http';
import type { Call } from '../call.ts';
import { at, isText, listOr } from '../objects/json.ts';
import { badRequest } from '../objects/status.ts';
import { current } from '../writes/write.ts';
import { serveContainerLogs } from './container-logs.ts';

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

/** GET of `pods/NAME/log`; nothing where no node has the pod. */
export async function serveLogs(call: Call, response: ServerResponse): Promise<void> {
  const pod = current(call);
  const { query, api } = call;
  const container = containerOf(call, names(at(pod, 'spec', 'containers')), names(at(pod, 'spec', 'initContainers')));
  if (at(pod, 'spec', 'nodeName') === undefined) {
    response.writeHead(200, { 'Content-Type': 'text/plain' }).end();
    return;
  }
  await serveContainerLogs(pod, { container, query }, api.backend.pods, response);
}
