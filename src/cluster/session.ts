import { FoundryError } from '../errors.ts';
import type { ReadOptions, Resource, ResourceName } from './cluster.ts';
import type { Context } from './context.ts';
import type { Discovery } from './discovery.ts';
import { notServed } from './failures.ts';
import type { Place } from './paths.ts';
import type { ApiRequest, Reply, Target } from './request.ts';
import type { Transport } from './transport.ts';

/** What reading and writing of objects share: one cluster, what it serves, and the way to it. */
export interface Session {
  readonly context: Context;
  readonly transport: Transport;
  readonly discovery: Discovery;
  /** The fence. */
  readonly namespaces: readonly string[] | undefined;
}

/** @throws FoundryError NOT_FOUND when the cluster does not serve that kind */
export async function resolve(
  { discovery, context }: Session,
  name: ResourceName,
  options: ReadOptions,
): Promise<Resource> {
  const resource = await discovery.resource(name, options);
  if (!resource) throw notServed(context, name);
  return resource;
}

/** An answer that the path itself is not served means that what discovery told is no longer true. */
export async function send(
  { transport, discovery }: Session,
  request: ApiRequest,
  options: ReadOptions,
): Promise<Reply> {
  try {
    return await transport.send(request, options);
  } catch (error) {
    if (error instanceof FoundryError && error.details.served === false) discovery.forget();
    throw error;
  }
}

export function targetOf(verb: Target['verb'], { group, plural, namespaced }: Resource, place: Place): Target {
  return { verb, group, plural, namespaced, ...place };
}

/** Objects outside namespaces have none, whatever the caller says. */
export function placeOf({ namespaced }: Resource, { namespace, name }: Place): Place {
  return namespaced ? { namespace, name } : { name };
}

/** The object is not there; that its kind is not served is another matter. */
export const isMissing = (error: unknown): boolean =>
  error instanceof FoundryError && error.code === 'NOT_FOUND' && error.details.served !== false;
