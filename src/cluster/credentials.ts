import type { Context } from './context.ts';
import { readExecCredential } from './exec-credential.ts';
import { badKubeconfig, folderOf } from './kubeconfig.ts';
import { readOidcCredential } from './oidc-credential.ts';
import { readPem, readReferenced } from './pem.ts';
import { singleFlight } from './single-flight.ts';

/** How we prove who we are: a header, a client certificate, both or neither. */
export interface Identity {
  readonly authorization?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** An identity and how long it may be used without asking again, in milliseconds since the epoch. */
export interface FreshIdentity {
  readonly identity: Identity;
  readonly freshUntil: number;
}

export interface Credential {
  /** The identity to use now. */
  current(signal?: AbortSignal): Promise<Identity>;
  /**
   * Another identity than the one that the server refused, or undefined when there is none.
   * Many callers that were refused at once cause one renewal.
   */
  renew(refused: Identity, signal?: AbortSignal): Promise<Identity | undefined>;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Load = (signal: AbortSignal) => Promise<FreshIdentity>;

/** The kubelet renews projected tokens long before they end; client-go re-reads them every minute too. */
const fileFreshFor = 60_000;

/**
 * The credential of a context. Nothing is read or run before the first request.
 *
 * @throws FoundryError INPUT_INVALID for a user entry of a kind that nobody supports any more
 */
export function createCredential(context: Context, environment: Environment): Credential {
  const load = loaderOf(context, environment);
  let known: FreshIdentity | undefined;
  const reload = singleFlight(async (signal) => {
    known = await load(signal);
    return known.identity;
  });
  return {
    current: async (signal) => (known && Date.now() < known.freshUntil ? known.identity : reload(signal)),
    renew: async (refused, signal) => {
      const already = known?.identity;
      const next = already && !isSame(already, refused) ? already : await reload(signal);
      return isSame(next, refused) ? undefined : next;
    },
  };
}

const isSame = (one: Identity, other: Identity): boolean =>
  one.authorization === other.authorization && one.cert === other.cert && one.key === other.key;

function loaderOf(context: Context, environment: Environment): Load {
  const { value: user, file } = context.user;
  const provider = user['auth-provider'];
  if (user.token || user.tokenFile || user.username) return () => readFiles(context);
  if (user.exec) return readExecCredential(context, user.exec, environment);
  if (provider?.name === 'oidc') return readOidcCredential(context);
  if (provider) {
    throw badKubeconfig(file, `uses the auth-provider ${provider.name}, which Kubernetes removed: use its exec plugin`);
  }
  return () => readFiles(context);
}

/** Token, token file, name and password, client certificate: whatever stands in the entry, read anew each time. */
async function readFiles(context: Context): Promise<FreshIdentity> {
  const { value: user, file } = context.user;
  const place = (field: string) => ({ file, folder: folderOf(context.user), field: `users.user.${field}` });
  const cert = { data: user['client-certificate-data'], path: user['client-certificate'] };
  const key = { data: user['client-key-data'], path: user['client-key'] };
  const token = user.tokenFile ? (await readReferenced(user.tokenFile, place('tokenFile'))).trim() : user.token;
  const basic = Buffer.from(`${user.username ?? ''}:${user.password ?? ''}`).toString('base64');
  const authorization = token ? `Bearer ${token}` : user.username ? `Basic ${basic}` : undefined;
  return {
    identity: {
      authorization,
      cert: await readPem(cert, place('client-certificate')),
      key: await readPem(key, place('client-key')),
    },
    freshUntil: user.tokenFile ? Date.now() + fileFreshFor : Number.POSITIVE_INFINITY,
  };
}

/** The headers with which we speak for somebody else; a repeated header is a list. */
export function impersonationHeaders(context: Context): Record<string, string | string[]> {
  const { as, 'as-uid': uid, 'as-groups': groups, 'as-user-extra': extra } = context.user.value;
  if (!as) return {};
  const headers: Record<string, string | string[]> = { 'impersonate-user': as };
  if (uid) headers['impersonate-uid'] = uid;
  if (groups && groups.length > 0) headers['impersonate-group'] = groups;
  for (const [key, values] of Object.entries(extra ?? {})) {
    headers[`impersonate-extra-${encodeURIComponent(key.toLowerCase())}`] = values;
  }
  return headers;
}
