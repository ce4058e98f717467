import type { Api } from '../call.ts';
import type { JsonObject } from '../objects/json.ts';
import { aggregated, coreVersions, group, groupList, resourceList, versionInfo } from './discovery.ts';
import { openapiIndex, openapiOf } from './openapi.ts';

const json = 'application/json';
const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

const wantsAggregated = (accept: string): boolean =>
  accept.includes('as=APIGroupDiscoveryList') && accept.includes('v=v2') && !accept.startsWith('application/json,');

function pathsOf({ registry }: Api): readonly string[] {
  const groups = [...registry.groups()].flatMap(([name, versions]) => [
    `/apis/${name}`,
    ...versions.map((version) => `/apis/${name}/${version}`),
  ]);
  return [
    '/api',
    '/api/v1',
    '/apis',
    '/apis/',
    ...groups,
    '/healthz',
    '/livez',
    '/openapi/v2',
    '/openapi/v3',
    '/readyz',
    '/version',
  ].sort();
}

/** What is served that is no resource: text, JSON, or undefined where the path is none of these. */
export function serveRoot(
  api: Api,
  path: string,
  accept: string,
  address: string,
): string | { body: JsonObject; type: string } | undefined {
  const found = (body: JsonObject | undefined) => (body === undefined ? undefined : { body, type: json });
  if (/^\/(healthz|livez|readyz)(\/|$)/.test(path)) return 'ok';
  switch (path) {
    case '/version':
    case '/version/':
      return found(versionInfo);
    case '/api':
    case '/api/':
      return wantsAggregated(accept)
        ? { body: aggregated(api.registry, 'api'), type: aggregatedType }
        : found(coreVersions(address));
    case '/apis':
    case '/apis/':
      return wantsAggregated(accept)
        ? { body: aggregated(api.registry, 'apis'), type: aggregatedType }
        : found(groupList(api.registry));
    case '/':
      return found({ paths: pathsOf(api) });
    case '/openapi/v3':
    case '/openapi/v3/':
      return found(openapiIndex(api.registry));
    default: {
      if (path.startsWith('/openapi/v3/')) return found(openapiOf(api.registry, path.slice('/openapi/v3/'.length)));
      const match = /^\/(api|apis)\/([^/]+)(?:\/([^/]+))?\/?$/.exec(path);
      if (match === null) return undefined;
      const [, root, first = '', second] = match;
      if (root === 'api') return second === undefined ? found(resourceList(api.registry, first)) : undefined;
      return found(
        second === undefined ? group(api.registry, first) : resourceList(api.registry, `${first}/${second}`),
      );
    }
  }
}
