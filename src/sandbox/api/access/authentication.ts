export interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
}

const anonymous: Identity = { user: 'system:anonymous', groups: ['system:unauthenticated'] };

/** Who may come in, by bearer token. */
export class Identities {
  readonly #byToken = new Map<string, Identity>();

  add(token: string, { user, groups }: Identity): void {
    const own = serviceAccountGroups(user);
    this.#byToken.set(token, { user, groups: [...new Set([...groups, ...own, 'system:authenticated'])] });
  }

  remove(token: string): void {
    this.#byToken.delete(token);
  }

  ofToken(token: string): Identity | undefined {
    return this.#byToken.get(token);
  }

  /** The caller behind an `Authorization` header; undefined when its credential is not known. */
  authenticate(authorization: string | undefined): Identity | undefined {
    if (authorization === undefined) return anonymous;
    const [scheme = '', token = ''] = authorization.split(' ');
    return scheme.toLowerCase() === 'bearer' ? this.ofToken(token) : undefined;
  }
}

function serviceAccountGroups(user: string): readonly string[] {
  const match = /^system:serviceaccount:([^:]+):[^:]+$/.exec(user);
  return match === null ? [] : ['system:serviceaccounts', `system:serviceaccounts:${match[1]}`];
}
