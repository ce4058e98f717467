import https from 'node:https';
import { FoundryError } from '../errors.ts';
import { listAt, numberAt, textAt } from '../kubernetes.ts';
import type { Context } from './context.ts';
import type { FreshIdentity } from './credentials.ts';
import { exchange, readBody } from './exchange.ts';
import { badKubeconfig, folderOf } from './kubeconfig.ts';
import { readPem } from './pem.ts';

const timeout = 30_000;
const connectWithin = 4_000;
const answerLimit = 1024 * 1024;

/**
 * ID tokens of an OpenID Connect provider (`auth-provider: oidc`), renewed with the refresh token when they end.
 * Done here because client-node 2.0.1 cannot: it hands openid-client 6 a string and a response that it does not take.
 * A rotated refresh token is kept in memory; the kubeconfig is never written.
 *
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#openid-connect-tokens
 *
 * @throws FoundryError UNAUTHENTICATED when the provider gives no token
 */
export function readOidcCredential(context: Context): (signal: AbortSignal) => Promise<FreshIdentity> {
  const settings = context.user.value['auth-provider']?.config ?? {};
  let idToken = settings['id-token'];
  let refreshToken = settings['refresh-token'];
  let used = false;
  return async (signal) => {
    // Asked again although the token has not ended: the server has refused it.
    if (!idToken || used || endOf(idToken) <= Date.now()) {
      if (!refreshToken) throw noToken('it has ended and there is no refresh-token');
      const answer = await refresh(context, settings, refreshToken, signal);
      idToken = textAt(answer, 'id_token');
      refreshToken = textAt(answer, 'refresh_token') ?? refreshToken;
      if (!idToken) throw noToken('the provider answers without an id_token');
    }
    used = true;
    return { identity: { authorization: `Bearer ${idToken}` }, freshUntil: endOf(idToken) };
  };
}

async function refresh(
  context: Context,
  settings: Readonly<Record<string, string>>,
  refreshToken: string,
  signal: AbortSignal,
): Promise<unknown> {
  const { file } = context.user;
  const { 'idp-issuer-url': issuer = '', 'client-id': clientId = '', 'client-secret': secret } = settings;
  const field = 'users.user.auth-provider.config.idp-certificate-authority';
  const source = { data: settings['idp-certificate-authority-data'], path: settings['idp-certificate-authority'] };
  const pool = new https.Agent({ ca: await readPem(source, { file, folder: folderOf(context.user), field }) });
  const ask = (url: string, form?: URLSearchParams, headers: Record<string, string> = {}) =>
    request(secureUrl(file, url), pool, form, headers, AbortSignal.any([signal, AbortSignal.timeout(timeout)]));

  const provider = await ask(`${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`);
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId });
  const methods = listAt(provider, 'token_endpoint_auth_methods_supported');
  const inBody = methods.length > 0 && !methods.includes('client_secret_basic');
  if (secret && inBody) form.set('client_secret', secret);
  const login = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret ?? '')}`).toString('base64');
  const headers: Record<string, string> = secret && !inBody ? { authorization: `Basic ${login}` } : {};
  return ask(textAt(provider, 'token_endpoint') ?? '', form, headers);
}

function secureUrl(file: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:') return url;
  throw badKubeconfig(file, 'has an OpenID Connect provider whose idp-issuer-url or token endpoint is no https:// URL');
}

async function request(
  url: URL,
  pool: https.Agent,
  form: URLSearchParams | undefined,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<unknown> {
  const body = form?.toString();
  const content: Record<string, string> =
    body === undefined
      ? {}
      : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(Buffer.byteLength(body)) };
  try {
    const method = body === undefined ? 'GET' : 'POST';
    const path = `${url.pathname}${url.search}`;
    const sent = { server: url, method, path, headers: { accept: 'application/json', ...content, ...headers } };
    const response = await exchange({ ...sent, body, pool, connectWithin }, signal);
    const text = (await readBody(response, answerLimit)).toString('utf8');
    const answer: unknown = JSON.parse(text);
    if (response.statusCode === 200) return answer;
    throw new Error(textAt(answer, 'error_description') ?? textAt(answer, 'error') ?? `HTTP ${response.statusCode}`);
  } catch (error) {
    throw noToken(`${url.host} says: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The `exp` of a JWT, a little before it. We only plan by it; the server is who verifies it. */
function endOf(token: string): number {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const end = numberAt(claims, 'exp');
    return end === undefined ? Number.POSITIVE_INFINITY : end * 1000 - 10_000;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function noToken(reason: string): FoundryError {
  return new FoundryError(
    'UNAUTHENTICATED',
    `The OpenID Connect login of the kubeconfig gives no token: ${reason}.`,
    'Log in again with the tool that wrote the kubeconfig.',
  );
}
