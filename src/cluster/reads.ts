import { type KubernetesObject, listAt, numberAt, textAt } from '../kubernetes.ts';
import type { Cluster, ListOptions, ReadOptions, Resource } from './cluster.ts';
import { decodeObject } from './decode.ts';
import { checkPlace, pathOf } from './paths.ts';
import type { ApiRequest } from './request.ts';
import { isMissing, placeOf, resolve, type Session, send, targetOf } from './session.ts';

/** Objects per request of a list. */
export const pageSize = 500;

/** Reading objects of every kind, each in the version that is served. */
export function createReads(session: Session): Pick<Cluster, 'get' | 'list' | 'count'> {
  return {
    get: async (name, at, options = {}) => {
      checkPlace(name.group, at);
      const resource = await resolve(session, name, options);
      const place = placeOf(resource, at);
      const target = targetOf('get', resource, place);
      const request = {
        method: 'GET',
        path: pathOf(resource, place),
        query: { resourceVersion: options.mayBeOld ? '0' : undefined },
        target,
        changes: false,
        idempotent: true,
      } as const;
      try {
        return decodeObject((await send(session, request, options)).content, resource);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },

    list: async (name, options = {}) => {
      checkPlace(name.group, { namespace: options.namespace });
      const resource = await resolve(session, name, options);
      const lists = spread(resource, options.namespace, session.namespaces).map((one) =>
        listNamespace(session, resource, one, options),
      );
      return (await Promise.all(lists)).flat();
    },

    count: async (name, options = {}) => {
      const resource = await resolve(session, name, options);
      const counts = spread(resource, undefined, session.namespaces).map((one) =>
        countNamespace(session, resource, one, options),
      );
      return (await Promise.all(counts)).reduce((sum, one) => sum + one, 0);
    },
  };
}

/** Servers need not tell how many remain; then all are read. */
async function countNamespace(
  session: Session,
  resource: Resource,
  namespace: string | undefined,
  options: ReadOptions,
): Promise<number> {
  const request = listRequest(resource, namespace, {}, { limit: 1, continue: undefined });
  const { content } = await send(session, request, options);
  const remaining = numberAt(content, 'metadata', 'remainingItemCount');
  const more = textAt(content, 'metadata', 'continue') ?? '';
  if (more !== '' && remaining === undefined)
    return (await listNamespace(session, resource, namespace, options)).length;
  return listAt(content, 'items').length + (remaining ?? 0);
}

async function listNamespace(
  session: Session,
  resource: Resource,
  namespace: string | undefined,
  options: ListOptions,
): Promise<KubernetesObject[]> {
  const items: KubernetesObject[] = [];
  let next: string | undefined;
  let limit: number | undefined = options.pageSize ?? pageSize;
  for (;;) {
    const request = listRequest(resource, namespace, options, { limit, continue: next });
    const reply = await send(session, next === undefined ? request : { ...request, expects: [410] }, options);
    if (reply.status === 410) {
      // The pages so far are of a moment that the server no longer has: once more, whole.
      items.length = 0;
      limit = undefined;
      next = undefined;
      continue;
    }
    for (const item of listAt(reply.content, 'items')) items.push(decodeObject(item, resource));
    next = textAt(reply.content, 'metadata', 'continue') || undefined;
    if (next === undefined) return items;
  }
}

/** One page, or all that there is without a limit. */
export function listRequest(
  resource: Resource,
  namespace: string | undefined,
  options: ListOptions,
  page: { limit: number | undefined; continue: string | undefined },
): ApiRequest {
  const target = targetOf('list', resource, { namespace });
  const query = { ...selectorsOf(options), ...page };
  return { method: 'GET', path: pathOf(resource, { namespace }), query, target, changes: false, idempotent: true };
}

export function selectorsOf({ labelSelector, fieldSelector }: ListOptions) {
  return { labelSelector: labelSelector || undefined, fieldSelector: fieldSelector || undefined };
}

/** The namespaces to ask one by one: behind a fence, "all namespaces" means those inside it. */
export function spread(
  resource: Resource,
  namespace: string | undefined,
  fence: readonly string[] | undefined,
): readonly (string | undefined)[] {
  if (!resource.namespaced) return [undefined];
  return namespace === undefined && fence ? fence : [namespace];
}
