import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identity } from './access/authentication.ts';
import { type Attributes, authorize, refusal } from './access/authorization.ts';
import { actingAs } from './access/impersonation.ts';
import type { Api, Call } from './call.ts';
import { serveRoot } from './discovery/root.ts';
import type { FaultInjector } from './http/faults.ts';
import type { RequestLog } from './http/request-log.ts';
import { respond, respondError, respondText } from './http/respond.ts';
import { parseRoute, type Route, verbOf } from './http/route.ts';
import { strike } from './http/strike.ts';
import { checkMethod, targetOf } from './http/target.ts';
import { ApiError, forbidden, noSuchResource, unauthorized } from './objects/status.ts';
import { serveLogs } from './subresources/pod-logs.ts';
import { serveProxy } from './subresources/proxy.ts';
import { serveResource, setWarnings } from './verbs.ts';

export interface HandlerOptions {
  readonly api: Api;
  readonly faults: FaultInjector;
  readonly requests: RequestLog;
  readonly log: (line: string) => void;
  readonly address: () => string;
}

/** One request with what its URL says. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly path: string;
  /** The query, without its question mark. */
  readonly search: string;
  readonly user: Identity;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Follows a request from its arrival to its answer: recorded, faulted, authenticated, authorized, carried out. */
export function createHandler({ api, faults, requests, log, address }: HandlerOptions): Handle {
  return async (request, response) => {
    const method = request.method ?? 'GET';
    const [path = '/', search = ''] = (request.url ?? '/').split(/\?(.*)/s);
    const identity = api.identities.authenticate(request.headers.authorization);
    const record = { method, path, query: search, user: identity?.user ?? '', status: 0, at: new Date() };
    requests.add(record);
    requests.open += 1;
    response.once('close', () => {
      requests.open -= 1;
      record.status = response.headersSent ? response.statusCode : 0;
    });
    try {
      if (await strike(faults.hits(method, path, search, record.user), request, response)) return;
      if (identity === undefined) throw unauthorized();
      const user = actingAs(api.store, identity, request);
      await serve({ request, response, method, path, search, user });
    } catch (error) {
      if (!(error instanceof ApiError)) log(error instanceof Error ? (error.stack ?? error.message) : String(error));
      respondError(request, response, error);
    }
  };

  async function serve(exchange: Exchange): Promise<void> {
    const { request, response, method, path, search, user } = exchange;
    const route = parseRoute(path);
    if (route === undefined) {
      const wanted: Attributes = { verb: method.toLowerCase(), path };
      if (!authorize(api.store, user, wanted).allowed) {
        throw new ApiError(403, 'Forbidden', `forbidden: ${refusal(user, wanted)}`, {});
      }
      serveOther(exchange);
      return;
    }
    const query = new URLSearchParams(search);
    const verb = verbOf(method, route, query);
    authorizeRoute(user, route, verb);
    const resource = targetOf(api.registry, route, verb);
    if (resource === undefined) {
      respondText(response, 404, '404 page not found\n');
      return;
    }
    checkMethod(resource, route, method, verb);
    const { namespace, name, subresource } = route;
    const userAgent = request.headers['user-agent'] ?? '';
    const call: Call = { api, resource, verb, namespace, name, subresource, query, user, userAgent, warnings: [] };
    if (subresource === 'log') await serveLogs(call, response);
    else if (subresource === 'proxy') await serveProxy(call, route.rest, search, request, response);
    else {
      await serveResource(call, request, response).finally(() => {
        if (!response.headersSent) setWarnings(call, response);
      });
    }
  }

  /** Answers paths that name no resource: discovery, OpenAPI, version and health. */
  function serveOther({ request, response, path }: Exchange): void {
    const answer = serveRoot(api, path, String(request.headers.accept ?? ''), address());
    if (answer === undefined && path.startsWith('/api/')) throw noSuchResource();
    if (answer === undefined) respondText(response, 404, '404 page not found\n');
    else if (typeof answer === 'string') respondText(response, 200, answer);
    else respond(request, response, 200, answer.body, { 'Content-Type': answer.type });
  }

  function authorizeRoute(user: Identity, route: Route, verb: string): void {
    const { apiVersion, plural, subresource, namespace, name } = route;
    const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
    const own = plural === 'namespaces' ? name : namespace;
    const wanted = { verb, group, resource: plural, subresource, namespace: own, name };
    if (authorize(api.store, user, wanted).allowed) return;
    throw forbidden({ group, plural, kind: plural }, name ?? '', refusal(user, wanted));
  }
}
