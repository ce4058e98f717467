import { builtins } from '../objects/builtins.ts';
import type { Registry } from '../objects/registry.ts';
import { apiVersionOf, type ServedResource } from '../objects/resource.ts';
import { methodNotAllowed, noSuchResource, notFound } from '../objects/status.ts';
import type { Route } from './route.ts';

const onName = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'];
const onCollection = ['GET', 'HEAD', 'POST', 'DELETE'];

/**
 * The resource that a path names; undefined where nothing answers at all.
 *
 * @throws ApiError 404 where a group answers that has no such resource
 */
export function targetOf(registry: Registry, route: Route, verb: string): ServedResource | undefined {
  const { apiVersion, plural, namespace, name } = route;
  const resource = registry.find(apiVersion, plural);
  if (resource !== undefined) {
    const isWhole = name === undefined && verb !== 'create';
    if (resource.namespaced ? namespace !== undefined || isWhole : namespace === undefined) return resource;
  }
  const isBuiltin = !apiVersion.includes('/') || builtins.some((known) => apiVersionOf(known) === apiVersion);
  if (isBuiltin) throw noSuchResource();
  return undefined;
}

/** Refuses methods that a path of this form does not take. */
export function checkMethod(resource: ServedResource, route: Route, method: string, verb: string): void {
  const { name, subresource } = route;
  if (subresource !== undefined) {
    if (resource.subresources.includes(subresource)) return;
    throw resource.custom ? notFound(resource, name ?? '') : noSuchResource();
  }
  const isReview = resource.verbs.length === 1 && !resource.verbs.includes('get');
  if (isReview && name !== undefined) throw noSuchResource();
  if (!(name === undefined ? onCollection : onName).includes(method)) throw methodNotAllowed();
  if (!resource.verbs.includes(verb)) throw methodNotAllowed();
}
