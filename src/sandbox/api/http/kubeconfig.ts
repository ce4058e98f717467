import { stringify } from 'yaml';

const contextName = 'kubefoundry-sandbox';

/** A kubeconfig with one context for one token. `ca` is PEM. */
export function kubeconfig({ url, ca, token }: { url: string; ca: string; token: string }): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': contextName,
    clusters: [
      {
        name: contextName,
        cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') },
      },
    ],
    users: [{ name: contextName, user: { token } }],
    contexts: [{ name: contextName, context: { cluster: contextName, user: contextName } }],
  });
}
