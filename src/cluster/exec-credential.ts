import { spawn } from 'node:child_process';
import { kill } from 'node:process';
import * as z from 'zod';
import { FoundryError } from '../errors.ts';
import type { Context } from './context.ts';
import type { FreshIdentity } from './credentials.ts';
import { badKubeconfig, type KubeconfigExec, pluginOf } from './kubeconfig.ts';

const timeout = 30_000;
const outputLimit = 1024 * 1024;
const versions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

const answerSchema = z.object({
  kind: z.literal('ExecCredential'),
  status: z.object({
    token: z.string().nullish(),
    clientCertificateData: z.string().nullish(),
    clientKeyData: z.string().nullish(),
    expirationTimestamp: z.string().nullish(),
  }),
});

/**
 * Credentials from the program that a kubeconfig names: run with an argument array, without input, for 30 s at most.
 *
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 *
 * @throws FoundryError UNAUTHENTICATED when the program fails, INPUT_INVALID when it cannot be run without a terminal
 */
export function readExecCredential(
  context: Context,
  exec: KubeconfigExec,
  environment: Readonly<Record<string, string | undefined>>,
): (signal: AbortSignal) => Promise<FreshIdentity> {
  const { file } = context.user;
  const { command, apiVersion } = exec;
  if (!command) throw badKubeconfig(file, 'has a wrong field: users.user.exec.command: missing');
  if (!apiVersion || !versions.includes(apiVersion)) {
    throw badKubeconfig(file, `has a wrong field: users.user.exec.apiVersion: must be one of ${versions.join(', ')}`);
  }
  if (exec.interactiveMode === 'Always') {
    throw badKubeconfig(file, `has a credential plugin, ${command}, that wants a terminal (interactiveMode Always)`);
  }
  const program = pluginOf(context.user, command);
  const variables = Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value]));
  const env = {
    ...environment,
    ...variables,
    KUBERNETES_EXEC_INFO: JSON.stringify(execInfo(context, exec, apiVersion)),
  };
  return async (signal) => decode(command, exec, await run(program, exec, env, signal));
}

function execInfo(context: Context, exec: KubeconfigExec, apiVersion: string): unknown {
  const { server, tls, proxy, cluster } = context;
  const config = cluster.value.extensions?.find(({ name }) => name === 'client.authentication.k8s.io/exec');
  const clusterInfo = {
    server,
    ...(tls.servername ? { 'tls-server-name': tls.servername } : {}),
    ...(tls.rejectUnauthorized ? {} : { 'insecure-skip-tls-verify': true }),
    ...(tls.ca ? { 'certificate-authority-data': Buffer.from(tls.ca).toString('base64') } : {}),
    ...(proxy ? { 'proxy-url': proxy.href } : {}),
    ...(config ? { config: config.extension } : {}),
  };
  const spec = { interactive: false, ...(exec.provideClusterInfo ? { cluster: clusterInfo } : {}) };
  return { apiVersion, kind: 'ExecCredential', spec };
}

function run(
  program: string,
  exec: KubeconfigExec,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that what the program started ends with it.
    const child = spawn(program, exec.args ?? [], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    let size = 0;
    let complaint = '';
    const end = (settle: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      child.stdout.destroy();
      child.stderr.destroy();
      settle();
    };
    const fail = (problem: string) => end(() => reject(pluginFailed(program, exec, problem)));
    const stop = (settle: () => void) => {
      if (child.pid !== undefined) killGroup(child.pid);
      settle();
    };
    const cancel = () => stop(() => end(() => reject(signal.reason)));
    const timer = setTimeout(() => stop(() => fail(`did not answer within ${timeout / 1000} s`)), timeout);
    signal.addEventListener('abort', cancel, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      output.push(chunk);
      size += chunk.length;
      if (size > outputLimit) stop(() => fail('wrote more than 1 MB'));
    });
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = `${complaint}${chunk.toString('utf8')}`.slice(-2000);
    });
    child.on('error', (error) => fail(`cannot be run (${'code' in error ? String(error.code) : error.message})`));
    child.on('close', (code, killedBy) => {
      if (code === 0) end(() => resolve(Buffer.concat(output).toString('utf8')));
      else
        fail(`ended with ${killedBy ?? `code ${code}`}${complaint.trim() ? `: ${complaint.trim().slice(-300)}` : ''}`);
    });
  });
}

function killGroup(leader: number): void {
  try {
    kill(-leader, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}

function decode(command: string, exec: KubeconfigExec, output: string): FreshIdentity {
  const answer = answerSchema.safeParse(parsed(output));
  const status = answer.data?.status;
  const certificate = status?.clientCertificateData && status.clientKeyData;
  if (!status || !(status.token || certificate)) {
    throw pluginFailed(command, exec, 'did not answer with an ExecCredential that holds a token or a certificate');
  }
  return {
    identity: {
      authorization: status.token ? `Bearer ${status.token}` : undefined,
      cert: status.clientCertificateData ?? undefined,
      key: status.clientKeyData ?? undefined,
    },
    freshUntil: freshUntil(status.expirationTimestamp),
  };
}

function parsed(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}

/** A little before the end, so that no request travels with a token that dies on the way. */
function freshUntil(expiration: string | null | undefined): number {
  const expires = expiration ? Date.parse(expiration) : Number.NaN;
  if (Number.isNaN(expires)) return Number.POSITIVE_INFINITY;
  return expires - Math.min(30_000, Math.max(0, expires - Date.now()) / 10);
}

function pluginFailed(program: string, exec: KubeconfigExec, problem: string): FoundryError {
  return new FoundryError(
    'UNAUTHENTICATED',
    `The credential plugin ${program} ${problem}.`,
    exec.installHint?.trim().slice(0, 500) || `Run \`${program}\` by hand in a terminal; you may have to log in again.`,
    { command: program },
  );
}
