import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Clock } from '../../src/sandbox/clock.ts';
import { type ApplicationState, createRayServe, type RayServe } from '../../src/sandbox/containers/ray-serve.ts';

/** What Ray says of an application, and in which words. */
interface ApplicationAnswer {
  readonly status: ApplicationState['status'];
  readonly message?: string;
}

/** The Ray of all clusters, as the operator reaches it: by their dashboards. */
export interface RayDashboard {
  /** The HTTP proxy that leads to the dashboards, `http://127.0.0.1:port`. */
  readonly proxy: string;
  /** The same Ray for the simulated pods, so that workers are ready when it serves. */
  readonly ray: RayServe;
  /**
   * From now on every application of a RayService or RayCluster, `namespace/name`, is said to be so, or its dashboards
   * do not answer at all. The result takes it back: Ray serves again when its workers have the GPUs for it.
   */
  tell(name: string, answer: ApplicationAnswer | 'unreachable'): () => void;
  stop(): Promise<void>;
}

const deploymentStatus = {
  DEPLOYING: 'UPDATING',
  RUNNING: 'HEALTHY',
  UNHEALTHY: 'UNHEALTHY',
  DEPLOY_FAILED: 'DEPLOY_FAILED',
} as const satisfies Record<ApplicationState['status'], string>;

/** Clusters of a RayService are named `<service>-<5 random characters>`. */
const serviceOf = (cluster: string): string => cluster.slice(0, -6);

export async function startRayDashboard(clock: Clock): Promise<RayDashboard> {
  const inner = createRayServe(clock);
  const told = new Map<string, ApplicationAnswer | 'unreachable'>();
  const listeners = new Set<(cluster: string) => void>();
  const clusters = new Set<string>();
  const changed = (cluster: string) => {
    for (const listener of [...listeners]) listener(cluster);
  };
  const answerFor = (cluster: string) => told.get(cluster) ?? told.get(serviceOf(cluster));
  const concerned = (name: string) => [...clusters].filter((each) => each === name || serviceOf(each) === name);

  const ray: RayServe = {
    ...inner,
    submit(cluster, config) {
      clusters.add(cluster);
      const isNew = inner.submit(cluster, config);
      // The workers may have been there before the applications.
      if (isNew) changed(cluster);
      return isNew;
    },
    applications(cluster) {
      const answer = answerFor(cluster);
      const known = Object.entries(inner.applications(cluster));
      if (answer === undefined || answer === 'unreachable') return Object.fromEntries(known);
      return Object.fromEntries(known.map(([name, state]) => [name, restated(state, answer)]));
    },
    serves(cluster) {
      const answer = answerFor(cluster);
      return answer === undefined || answer === 'unreachable' ? inner.serves(cluster) : answer.status === 'RUNNING';
    },
    subscribe(listener) {
      listeners.add(listener);
      const stop = inner.subscribe(listener);
      return () => {
        listeners.delete(listener);
        stop();
      };
    },
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // As proxies are asked: with the whole URL.
    const { hostname, pathname } = new URL(request.url ?? '');
    if (pathname === '/-/healthz') return void response.end('success');
    const [, name, namespace] = /^(.+)-head-svc\.([^.]+)\.svc\./.exec(hostname) ?? [];
    const cluster = `${namespace}/${name}`;
    if (name === undefined || answerFor(cluster) === 'unreachable') return void response.destroy();
    if (pathname !== '/api/serve/applications/') return void response.writeHead(404).end();
    if (request.method === 'PUT') {
      ray.submit(cluster, await text(request));
      return void response.end();
    }
    const applications = Object.entries(ray.applications(cluster)).map(([application, state]) => {
      const { serveDeploymentStatuses: deployments, ...rest } = state;
      return [application, { name: application, ...rest, deployments }];
    });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ applications: Object.fromEntries(applications) }));
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The stand-in for Ray got no port.');

  return {
    proxy: `http://127.0.0.1:${address.port}`,
    ray,
    tell(name, wanted) {
      told.set(name, wanted);
      concerned(name).forEach(changed);
      return () => {
        told.delete(name);
        concerned(name).forEach(changed);
      };
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Where an application fails as a whole, Ray names no deployments. */
function restated(state: ApplicationState, { status, message }: ApplicationAnswer): ApplicationState {
  const deployments = Object.keys(state.serveDeploymentStatuses).map((name) => [
    name,
    { status: deploymentStatus[status] },
  ]);
  return {
    status,
    ...(message === undefined ? {} : { message }),
    serveDeploymentStatuses: status === 'DEPLOY_FAILED' ? {} : Object.fromEntries(deployments),
  };
}
