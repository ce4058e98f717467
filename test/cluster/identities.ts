import { randomBytes } from 'node:crypto';

/** The user that kube-controller-manager is known as; RBAC's defaults grant it its rights by this name. */
export const controllerManagerUser = 'system:kube-controller-manager';

const users = ['admin', 'limited', 'viewer'] as const;
const holders = [...users, controllerManagerUser] as const;

/**
 * Users with a bearer token of their own. `admin` may do everything; `limited` and `viewer` are in no group and may
 * do what the RBAC objects of a test grant them, beyond what every authenticated user may.
 */
export type User = (typeof users)[number];

/** Bearer tokens by user. */
export type Tokens = Readonly<Record<(typeof holders)[number], string>>;

/** Fresh random tokens for one control plane. */
export function createTokens(): Tokens {
  const token = () => randomBytes(24).toString('hex');
  return { admin: token(), limited: token(), viewer: token(), [controllerManagerUser]: token() };
}

/** Whether `user` has a token of its own that a test may use. */
export function hasToken(user: string): user is User {
  return users.some((known) => known === user);
}

/** The lines that `--token-auth-file` wants: token, user, uid and, where there are any, groups. */
export function tokenFile(tokens: Tokens): string {
  const groups = (user: string) => (user === 'admin' ? ',system:masters' : '');
  return holders.map((user) => `${tokens[user]},${user},${user}${groups(user)}\n`).join('');
}
