import { access, readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { FoundryError } from '../errors.ts';
import type { Context } from './context.ts';

/** Where Kubernetes mounts the pod's ServiceAccount. */
const mounted = '/var/run/secrets/kubernetes.io/serviceaccount';
const name = 'in-cluster';

/**
 * The context of the pod that we run in, or undefined outside a pod.
 *
 * Source: https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
 *
 * @throws FoundryError INPUT_INVALID where another context is asked for: a call must not act on a cluster that it did not name
 */
export async function readInClusterContext(
  environment: Readonly<Record<string, string | undefined>>,
  asked: string | undefined,
  folder = mounted,
): Promise<Context | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment;
  if (!host || !port || !(await exists(`${folder}/token`))) return undefined;
  if (asked !== undefined && asked !== name) throw otherContext(asked);
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const namespace = (await readFile(`${folder}/namespace`, 'utf8').catch(() => '')).trim();
  return {
    name,
    isPod: true,
    server,
    url: new URL(server),
    ...(namespace ? { namespace } : {}),
    tls: { ca: await readFile(`${folder}/ca.crt`, 'utf8'), rejectUnauthorized: true },
    cluster: { value: { server, 'certificate-authority': `${folder}/ca.crt` }, file: folder },
    user: { value: { tokenFile: `${folder}/token` }, file: folder },
  };
}

function otherContext(asked: string): FoundryError {
  return new FoundryError(
    'INPUT_INVALID',
    `There is no context ${JSON.stringify(asked)}: without a kubeconfig, a pod knows only its own cluster, ${name}.`,
    'Leave the context out to act on the cluster of this pod, or name a kubeconfig that has it with --kubeconfig or KUBECONFIG.',
    { contexts: [name] },
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
