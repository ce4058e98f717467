import type { Cluster } from './cluster.ts';
import { checkName } from './names.ts';
import { pathOf } from './paths.ts';
import type { Transport } from './transport.ts';

const pods = { group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true, verbs: [] } as const;
const defaultTail = 200;

/** The last lines of one container. What a container writes is untrusted text. */
export function createLogs(transport: Transport): Cluster['logs'] {
  return async ({ namespace, pod, container }, { tail = defaultTail, sinceSeconds, previous, ...options } = {}) => {
    if (container !== undefined) checkName('label', 'container', container);
    const path = pathOf(pods, { namespace, name: pod, subresource: 'log' });
    const query = { container, tailLines: tail, sinceSeconds, previous: previous || undefined };
    const target = {
      verb: 'get',
      group: '',
      plural: 'pods',
      subresource: 'log',
      namespaced: true,
      namespace,
      name: pod,
    } as const;
    const request = { method: 'GET', path, query, target, changes: false, idempotent: true, raw: true } as const;
    const { body } = await transport.send({ ...request, headers: { accept: '*/*' } }, options);
    return body.toString('utf8');
  };
}
