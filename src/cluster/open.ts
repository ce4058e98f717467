import { textAt } from '../kubernetes.ts';
import { createAccess } from './access.ts';
import type { Cluster, ClusterOptions, ReadOptions } from './cluster.ts';
import { readContext } from './context.ts';
import { createCredential } from './credentials.ts';
import { createDiscovery } from './discovery.ts';
import { createGuard } from './guard.ts';
import { createLiveLists } from './live-lists.ts';
import { createLogs } from './logs.ts';

import { createProxy } from './proxy.ts';
import { createReads } from './reads.ts';
import { createTransport } from './transport.ts';
import { createWrites } from './writes.ts';

/**
 * Opens the door to the cluster of a context. Only files are read here; the first request connects.
 *
 * @throws FoundryError CLUSTER_UNREACHABLE without any kubeconfig, INPUT_INVALID for one that cannot be used
 */
export async function openCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { readOnly = false, namespaces, environment = {}, fieldManager = 'kubefoundry' } = options;
  const guard = createGuard({ readOnly, namespaces });
  const context = await readContext(options);
  const transport = createTransport(context, createCredential(context, environment), guard);
  const discovery = createDiscovery(transport, context);
  const session = { context, transport, discovery, namespaces };
  const live = createLiveLists(session, options.whileListing);
  return {
    context: context.name,
    ...(context.isPod ? {} : { namedContext: context.name }),
    server: context.server,
    ...(context.namespace ? { namespace: context.namespace } : {}),
    ...(namespaces ? { namespaces } : {}),
    readOnly,
    version: (reading) => readVersion(transport, reading),
    ...discovery,
    ...createReads(session),
    ...createWrites(session, fieldManager),
    live: live.open,
    access: createAccess(transport),
    ...createLogs(transport),
    ...createProxy(transport, context),
    close: () => {
      live.close();
      transport.close();
    },
  };
}

async function readVersion(transport: ReturnType<typeof createTransport>, options?: ReadOptions): Promise<string> {
  const target = { verb: 'get', group: '', plural: '/version', namespaced: false } as const;
  const request = { method: 'GET', path: '/version', target, changes: false, idempotent: true } as const;
  return textAt((await transport.send(request, options)).content, 'gitVersion') ?? 'unknown';
}
