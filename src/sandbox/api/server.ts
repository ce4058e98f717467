import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Identities, type Identity } from './access/authentication.ts';
import type { Api } from './call.ts';
import { createCertificate } from './certificate.ts';
import { createHandler } from './handler.ts';
import { FaultInjector } from './http/faults.ts';
import { kubeconfig } from './http/kubeconfig.ts';
import { Listener } from './http/listener.ts';
import { RequestLog, type RequestRecord } from './http/request-log.ts';
import { keepDefinitions } from './lifecycle/definitions.ts';
import { collectGarbage } from './lifecycle/garbage.ts';
import { keepNamespaces } from './lifecycle/namespaces.ts';
import { keepQuotas } from './lifecycle/quotas.ts';
import { seed } from './lifecycle/seed.ts';
import { builtins } from './objects/builtins.ts';
import { Registry } from './objects/registry.ts';
import { Store } from './objects/store.ts';
import type { PodBackend } from './subresources/backend.ts';

export type { LogLine, LogRequest, PodBackend, ProxyRequest, ProxyResponse } from './subresources/backend.ts';

export interface ApiServerOptions {
  /** Default: any free one. */
  readonly port?: number;
  /** The token of the administrator (`system:masters`); default: a random one. */
  readonly token?: string;
  /** How many changes per resource a watch or a page may lie behind before it gets 410; default 1,000. */
  readonly watchWindow?: number;
  /** Told about failures of the server itself. */
  readonly log?: (line: string) => void;
}

/** An embedded Kubernetes API on loopback. */
export interface ApiServer {
  readonly url: string;
  /** PEM of the authority to trust. */
  readonly ca: string;
  readonly token: string;
  readonly port: number;
  /** A kubeconfig (YAML) for the administrator, or for another token. */
  kubeconfig(token?: string): string;
  /** The last requests, oldest first. */
  readonly requests: readonly RequestRecord[];
  clearRequests(): void;
  /** TLS connections so far. */
  readonly connections: number;
  /** Requests not yet answered to the end; watches too. */
  readonly openRequests: number;
  readonly faults: FaultInjector;
  /** Lets a user or a ServiceAccount (`system:serviceaccount:NAMESPACE:NAME`) in, with the rights its RBAC objects give. */
  addIdentity(identity: { token: string; user: string; groups?: readonly string[] }): void;
  /** A token that is no longer accepted: 401. */
  removeIdentity(token: string): void;
  /** Who answers for the logs and ports of pods. */
  setPodBackend(backend: PodBackend): void;
  /** Forgets the history of changes: watches and pages that lie behind get 410. */
  compact(): void;
  dropConnections(): void;
  /** Closes the listener and all connections, and comes back on the same port with the same data. */
  restart(options?: { downMilliseconds?: number }): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server with the system namespaces and roles and nothing else. */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const { port = 0, token = randomBytes(24).toString('hex'), watchWindow = 1000, log = () => {} } = options;
  const certificate = await createCertificate();
  const identities = new Identities();
  identities.add(token, { user: 'kubernetes-admin', groups: ['system:masters'] });
  const faults = new FaultInjector();
  const requests = new RequestLog();
  const api: Api = { store: new Store(watchWindow), registry: new Registry(), identities, backend: {} };
  for (const resource of builtins) api.registry.add(resource);
  collectGarbage(api);
  keepDefinitions(api);
  keepQuotas(api);
  seed(api);
  keepNamespaces(api, certificate.certificate);

  const handle = createHandler({ api, faults, requests, log, address: () => `127.0.0.1:${listener.port}` });
  const listener = new Listener(certificate, port, (request: IncomingMessage, response: ServerResponse) => {
    void handle(request, response);
  });
  await listener.open();
  const url = `https://127.0.0.1:${listener.port}`;

  return {
    url,
    ca: certificate.certificate,
    token,
    port: listener.port,
    kubeconfig: (other = token) => kubeconfig({ url, ca: certificate.certificate, token: other }),
    get requests() {
      return requests.all();
    },
    clearRequests: () => requests.clear(),
    get connections() {
      return listener.connections;
    },
    get openRequests() {
      return requests.open;
    },
    faults,
    addIdentity({ token: own, user, groups = [] }) {
      const identity: Identity = { user, groups };
      identities.add(own, identity);
    },
    removeIdentity: (own) => identities.remove(own),
    setPodBackend(backend) {
      api.backend.pods = backend;
    },
    compact: () => api.store.compact(),
    dropConnections: () => listener.drop(),
    async restart({ downMilliseconds = 0 } = {}) {
      await listener.close();
      if (downMilliseconds > 0) await new Promise((resolve) => setTimeout(resolve, downMilliseconds));
      await listener.open();
    },
    stop: () => listener.close(),
  };
}
