import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { FoundryError } from '../errors.ts';
import type { ClusterOptions } from './cluster.ts';
import { readInClusterContext } from './in-cluster.ts';
import {
  badKubeconfig,
  type Entry,
  folderOf,
  type Kubeconfig,
  type KubeconfigCluster,
  type KubeconfigUser,
  readKubeconfig,
} from './kubeconfig.ts';
import { readPem } from './pem.ts';

/** Whom we reach, and as whom: a kubeconfig context with everything that it refers to. */
export interface Context {
  readonly name: string;
  /** No kubeconfig names it: it is that of the pod in which we run. */
  readonly isPod?: true;
  /** URL of the API server, as people read it. */
  readonly server: string;
  readonly url: URL;
  readonly namespace?: string;
  readonly tls: ServerTrust;
  readonly proxy?: URL;
  /** The user entry; its credentials are read when they are needed. */
  readonly user: Entry<KubeconfigUser>;
  readonly cluster: Entry<KubeconfigCluster>;
}

/** How the server proves who it is; given to TLS as it stands. */
interface ServerTrust {
  readonly ca?: string;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
}

/** A line of `contexts()`. */
export interface ContextSummary {
  readonly name: string;
  readonly cluster: string;
  readonly server: string | undefined;
  readonly user: string | undefined;
  readonly namespace: string | undefined;
}

export type KubeconfigOptions = Pick<ClusterOptions, 'kubeconfig' | 'context' | 'environment'>;

/**
 * The contexts that the kubeconfig files offer, and the current one.
 *
 * @throws FoundryError INPUT_INVALID for a file that cannot be used
 */
export async function contexts(
  options: KubeconfigOptions = {},
): Promise<{ current: string | undefined; contexts: readonly ContextSummary[] }> {
  const config = await readKubeconfig(kubeconfigPaths(options));
  const summaries = [...config.contexts].map(([name, { value }]) => ({
    name,
    cluster: value.cluster,
    server: config.clusters.get(value.cluster)?.value.server ?? undefined,
    user: value.user ?? undefined,
    namespace: value.namespace || undefined,
  }));
  return { current: config.currentContext, contexts: summaries };
}

/**
 * The context to use: the one asked for, else the current one, else the pod's own when there is no kubeconfig.
 *
 * @throws FoundryError CLUSTER_UNREACHABLE where nothing tells of a cluster, INPUT_INVALID where something is wrong
 */
export async function readContext(options: KubeconfigOptions): Promise<Context> {
  const paths = kubeconfigPaths(options);
  const config = await readKubeconfig(paths);
  if (config.contexts.size > 0 || config.currentContext) return contextOf(config, options.context);
  const inCluster = options.kubeconfig
    ? undefined
    : await readInClusterContext(options.environment ?? {}, options.context);
  if (inCluster) return inCluster;
  throw new FoundryError(
    'CLUSTER_UNREACHABLE',
    `There is no kubeconfig with a context (looked at ${paths.join(', ')}).`,
    'Set KUBECONFIG or pass --kubeconfig; without a cluster, try `kubefoundry sandbox`.',
    { files: paths },
  );
}

function kubeconfigPaths({ kubeconfig, environment }: KubeconfigOptions): readonly string[] {
  if (kubeconfig && kubeconfig.length > 0) return kubeconfig;
  const fromEnvironment = (environment?.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '');
  return fromEnvironment.length > 0 ? fromEnvironment : [join(homedir(), '.kube', 'config')];
}

async function contextOf(config: Kubeconfig, asked: string | undefined): Promise<Context> {
  const name = asked ?? config.currentContext;
  const entry = name === undefined ? undefined : config.contexts.get(name);
  if (name === undefined || !entry) {
    const problem = name === undefined ? 'There is no current context' : `There is no context ${JSON.stringify(name)}`;
    const known = [...config.contexts.keys()];
    throw new FoundryError(
      'INPUT_INVALID',
      `${problem} in ${config.files.join(', ')}.`,
      known.length > 0 ? `Pass --context with one of: ${known.join(', ')}.` : 'Name another file with KUBECONFIG.',
      { contexts: known },
    );
  }
  const cluster = config.clusters.get(entry.value.cluster);
  if (!cluster) throw badKubeconfig(entry.file, `has no cluster ${entry.value.cluster}, which context ${name} names`);
  const user = entry.value.user ? config.users.get(entry.value.user) : { value: {}, file: entry.file };
  if (!user) throw badKubeconfig(entry.file, `has no user ${entry.value.user}, which context ${name} names`);
  const field = `clusters[${entry.value.cluster}].cluster`;
  const url = urlIn(cluster, `${field}.server`, cluster.value.server, ['https:', 'http:']);
  return {
    name,
    server: urlText(url),
    url,
    namespace: entry.value.namespace || undefined,
    tls: await serverTrust(cluster, field),
    proxy: cluster.value['proxy-url']
      ? urlIn(cluster, `${field}.proxy-url`, cluster.value['proxy-url'], ['http:', 'https:', 'socks5:'])
      : undefined,
    user,
    cluster,
  };
}

/** Without the slash that URLs end in, and without a password. */
const urlText = ({ protocol, host, pathname }: URL): string => `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;

async function serverTrust(cluster: Entry<KubeconfigCluster>, field: string): Promise<ServerTrust> {
  const { value, file } = cluster;
  const ca = await readPem(
    { data: value['certificate-authority-data'], path: value['certificate-authority'] },
    { file, folder: folderOf(cluster), field: `${field}.certificate-authority` },
  );
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(value['tls-server-name'] ? { servername: value['tls-server-name'] } : {}),
    rejectUnauthorized: !value['insecure-skip-tls-verify'],
  };
}

function urlIn(
  entry: Entry<unknown>,
  field: string,
  value: string | null | undefined,
  schemes: readonly string[],
): URL {
  const url = value && URL.canParse(value) ? new URL(value) : undefined;
  if (url && schemes.includes(url.protocol)) return url;
  throw badKubeconfig(entry.file, `has a wrong field: ${field}: a URL that begins with ${schemes.join('// or ')}//`);
}
