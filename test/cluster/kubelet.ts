import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import type { Cluster } from '../../src/cluster/cluster.ts';
import type { PodBackend } from '../../src/sandbox/api/server.ts';
import { serveContainerLogs } from '../../src/sandbox/api/subresources/container-logs.ts';
import type { ControlPlane } from './control-plane.ts';

/** The port of all simulated nodes, on loopback, where a real API server asks for the logs of simulated pods. */
export interface Kubelet {
  readonly port: number;
  stop(): Promise<void>;
}

interface KubeletOptions {
  readonly simulator: Cluster;
  /** Known once the simulators run, which is when there are pods. */
  readonly pods: () => PodBackend | undefined;
}

/** Answers `containerLogs`, to nobody but the API server. Nothing else of a kubelet listens. */
export async function startKubelet(plane: ControlPlane, { simulator, pods }: KubeletOptions): Promise<Kubelet> {
  const read = (file: string) => readFile(join(plane.directory, 'pki', file));
  // The server's own certificate: it is for 127.0.0.1 and from the authority that the server asks kubelets for.
  const [ca, cert, key] = await Promise.all(['ca.crt', 'kube-apiserver.crt', 'kube-apiserver.key'].map(read));
  const server = createServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true });
  server.on('request', async (request, response) => {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'https://kubelet');
    const [, what, namespace = '', name = '', container = ''] = pathname.split('/');
    try {
      const pod = what === 'containerLogs' && (await simulator.get({ group: '', kind: 'Pod' }, { namespace, name }));
      if (pod) await serveContainerLogs(pod, { container, query }, pods(), response);
      else response.writeHead(404).end(`${pathname} is not here`);
    } catch (error) {
      if (!response.headersSent) response.writeHead(400);
      response.end(error instanceof Error ? error.message : String(error));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The stand-in for kubelets got no port.');
  return {
    port: address.port,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
