import { join } from 'node:path';
import * as z from 'zod';
import { controllerManagerUser, hasToken, type Tokens, type User } from './identities.ts';
import { type Impersonation, writeKubeconfig } from './kubeconfig.ts';
import { type Access, requestOk } from './request.ts';

const tokenRequestSchema = z.object({ status: z.object({ token: z.string() }) });

/** Ways to be somebody at a control plane. */
export interface Credentials {
  /** Path of a kubeconfig whose user may do everything. */
  readonly kubeconfig: string;
  /** The bearer token of a user that has one. */
  tokenFor(user: User): string;
  /**
   * Path of a kubeconfig for any user, with the user's own token where it has one (see `User`). Others, and any user
   * with `groups`, are impersonated by the administrator (`as`, `as-groups`).
   */
  kubeconfigFor(user: string, groups?: readonly string[]): string;
  /** Path of a kubeconfig with this bearer token, for example a ServiceAccount's. */
  kubeconfigWith(token: string): string;
  /** A token from the TokenRequest API, good for an hour, of a ServiceAccount that exists. */
  serviceAccountToken(namespace: string, name: string): Promise<string>;
}

/** Writes the kubeconfigs of the administrator and of kube-controller-manager, and more when asked, to `directory`. */
export function createCredentials(
  directory: string,
  admin: Access,
  tokens: Tokens,
): Credentials & { readonly controllerManagerKubeconfig: string } {
  let written = 0;
  const write = (token: string, as?: Impersonation) => {
    written += 1;
    const file = join(directory, `kubeconfig-${written}.yaml`);
    writeKubeconfig(file, { ...admin, token }, as);
    return file;
  };
  return {
    kubeconfig: write(tokens.admin),
    controllerManagerKubeconfig: write(tokens[controllerManagerUser]),
    tokenFor: (user) => tokens[user],
    kubeconfigFor: (user, groups = []) =>
      hasToken(user) && groups.length === 0 ? write(tokens[user]) : write(tokens.admin, { user, groups }),
    kubeconfigWith: (token) => write(token),
    serviceAccountToken: async (namespace, name) => {
      const answer = await requestOk(admin, {
        method: 'POST',
        path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } },
      });
      return tokenRequestSchema.parse(JSON.parse(answer)).status.token;
    },
  };
}
