import type { IncomingHttpHeaders } from 'node:http';

/** What a request does, in the terms of authorization: the fence judges by it, and failures are told in its words. */
export interface Target {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';
  readonly group: string;
  /** Or a path that is no resource, such as `/version`. */
  readonly plural: string;
  readonly subresource?: string;
  /** False for what stands outside namespaces, such as nodes, discovery and access reviews. */
  readonly namespaced: boolean;
  /** Absent = all namespaces, or none. */
  readonly namespace?: string;
  readonly name?: string;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  /** Absolute, every part encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly target: Target;
  /** Whether the cluster is another one afterwards; a dry-run and an access review change nothing. */
  readonly changes: boolean;
  /** Whether carrying it out twice is as good as once. */
  readonly idempotent: boolean;
  /** The body is somebody else's text: logs, what a pod answered. */
  readonly raw?: boolean;
  /** Statuses that are answers to the caller; every other status outside 2xx is a failure. */
  readonly expects?: readonly number[];
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body, decoded; undefined where it is not JSON. */
  readonly content: unknown;
}

/** `rayservices.ray.io` or `pods/log`, as RBAC and kubectl write it. */
export function resourceWord({ group, plural, subresource }: Pick<Target, 'group' | 'plural' | 'subresource'>): string {
  return `${plural}${group ? `.${group}` : ''}${subresource ? `/${subresource}` : ''}`;
}

/** `list rayservices.ray.io in namespace default` */
export function describe(target: Target): string {
  const scope = target.namespace
    ? ` in namespace ${target.namespace}`
    : target.namespaced && (target.verb === 'list' || target.verb === 'watch')
      ? ' in all namespaces'
      : '';
  return `${target.verb} ${resourceWord(target)}${target.name ? ` ${target.name}` : ''}${scope}`;
}

export function pathWithQuery({ path, query }: Pick<ApiRequest, 'path' | 'query'>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text ? `${path}?${text}` : path;
}
