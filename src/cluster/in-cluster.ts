import { access, readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import type { Context } from './context.ts';

/** Where Kubernetes mounts the pod's ServiceAccount. */
const folder = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The context of the pod that we run in, or undefined outside a pod.
 *
 * Source: https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
 */
export async function readInClusterContext(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Context | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment;
  if (!host || !port || !(await exists(`${folder}/token`))) return undefined;
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const namespace = (await readFile(`${folder}/namespace`, 'utf8').catch(() => '')).trim();
  return {
    name: 'in-cluster',
    isPod: true,
    server,
    url: new URL(server),
    ...(namespace ? { namespace } : {}),
    tls: { ca: await readFile(`${folder}/ca.crt`, 'utf8'), rejectUnauthorized: true },
    cluster: { value: { server, 'certificate-authority': `${folder}/ca.crt` }, file: folder },
    user: { value: { tokenFile: `${folder}/token` }, file: folder },
  };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
