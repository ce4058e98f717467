/** What a request path names, as the real server reads it. */
export interface Route {
  readonly apiVersion: string;
  readonly namespace?: string;
  readonly plural: string;
  readonly name?: string;
  readonly subresource?: string;
  /** What follows a subresource such as `proxy`, undecoded, without its first slash. */
  readonly rest?: string;
  /** Whether the path has the old form `/api/v1/watch/…`. */
  readonly watches: boolean;
}

const decoded = (part: string | undefined): string | undefined => {
  if (part === undefined || part === '') return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** Reads `/api/v1/…` and `/apis/GROUP/VERSION/…`; undefined for any other path. */
export function parseRoute(path: string): Route | undefined {
  const parts = path.split('/').slice(1);
  const prefix = parts.shift();
  if (prefix !== 'api' && prefix !== 'apis') return undefined;
  const apiVersion = parts.splice(0, prefix === 'api' ? 1 : 2).join('/');
  const watches = parts[0] === 'watch';
  if (watches) parts.shift();
  let namespace: string | undefined;
  if (parts[0] === 'namespaces' && parts.length > 2 && parts[2] !== 'status' && parts[2] !== 'finalize') {
    namespace = decoded(parts[1]);
    parts.splice(0, 2);
  }
  const plural = parts[0];
  if (plural === undefined || plural === '') return undefined;
  return {
    apiVersion,
    watches,
    namespace,
    plural,
    name: decoded(parts[1]),
    subresource: decoded(parts[2]),
    rest: parts.length > 3 ? parts.slice(3).join('/') : undefined,
  };
}

/** The verb of a request to a resource, as authorization and discovery name it. */
export function verbOf(method: string, route: Route, query: URLSearchParams): string {
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (route.watches) return 'watch';
      if (route.name !== undefined) return 'get';
      return ['true', '1'].includes(query.get('watch') ?? '') ? 'watch' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return route.name === undefined ? 'deletecollection' : 'delete';
    default:
      return method.toLowerCase();
  }
}
