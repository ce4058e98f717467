import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildControlPlane } from './build.ts';
import { type Components, createComponents } from './components.ts';
import { type Credentials, createCredentials } from './credentials.ts';
import { apiserverFlags, controllerManagerFlags, etcdFlags, type Layout } from './flags.ts';
import { createTokens, tokenFile } from './identities.ts';
import { freePort } from './ports.ts';
import { type Access, request } from './request.ts';
import { waitUntil } from './wait.ts';

const readySeconds = 60;

/** A real etcd, kube-apiserver and kube-controller-manager on loopback, with data of their own that `stop` deletes. */
export interface ControlPlane extends Credentials {
  /** `https://127.0.0.1:port` */
  readonly server: string;
  /** Folder of the data, the logs (`logs/<component>.log`) and the keys (`pki/`, with `admin.crt` and `admin.key`). */
  readonly directory: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  /** Kills kube-apiserver and starts it again, same port and data; resolves when it is ready. Watches break. */
  restart(): Promise<void>;
  /** Ends all its processes and deletes its folder. */
  stop(): Promise<void>;
}

/** How the API server of a control plane is reached. */
export type ApiServer = Credentials & Pick<ControlPlane, 'server' | 'ca'>;

interface ControlPlaneOptions {
  /** Told what happens, a line at a time. */
  readonly log?: (line: string) => void;
  /**
   * Runs when the server is ready and before kube-controller-manager starts, whose garbage collector learns of kinds
   * that come later only every 30 s.
   */
  readonly beforeControllers?: (server: ApiServer) => Promise<void>;
}

/**
 * Starts a control plane: resolves in seconds, once the server is ready and the namespace `default` has its
 * ServiceAccount. The very first call builds the binary, which takes minutes. Its processes never outlive this one.
 *
 * @throws Error with the tail of the component's log when one ends early
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const binary = await buildControlPlane();
  const directory = await mkdtemp(join(tmpdir(), 'control-plane-'));
  const components = createComponents(binary, directory);
  const stop = async () => {
    await components.killAll();
    await rm(directory, { recursive: true, force: true });
  };

  try {
    return { ...(await bringUp(binary, directory, components, options)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function bringUp(
  binary: string,
  directory: string,
  components: Components,
  { log = () => {}, beforeControllers = async () => {} }: ControlPlaneOptions,
): Promise<Omit<ControlPlane, 'stop'>> {
  const layout: Layout = {
    directory,
    apiserverPort: await freePort(),
    etcdPort: await freePort(),
    tokens: join(directory, 'tokens.csv'),
    pki: join(directory, 'pki'),
  };
  components.start('etcd', etcdFlags(layout));

  const tokens = createTokens();
  await writeFile(layout.tokens, tokenFile(tokens), { mode: 0o600 });
  await mkdir(layout.pki);
  await promisify(execFile)(binary, ['pki', layout.pki]);
  const server = `https://127.0.0.1:${layout.apiserverPort}`;
  const ca = await readFile(join(layout.pki, 'ca.crt'), 'utf8');
  const access: Access = { server, ca, token: tokens.admin };
  const { controllerManagerKubeconfig, ...credentials } = createCredentials(directory, access, tokens);

  const until = async (what: string, path: string) => {
    const start = Date.now();
    const isFound = async () => (await request(access, { path })).status === 200;
    await waitUntil(what, readySeconds, isFound, components.failure);
    log(`control plane: waited ${((Date.now() - start) / 1000).toFixed(1)} s for ${what}`);
  };
  const startServer = async () => {
    components.start('kube-apiserver', apiserverFlags(layout));
    await until('kube-apiserver to be ready', '/readyz');
  };
  await startServer();
  await beforeControllers({ ...credentials, server, ca });
  components.start('kube-controller-manager', controllerManagerFlags(layout, controllerManagerKubeconfig));
  await until('the default ServiceAccount', '/api/v1/namespaces/default/serviceaccounts/default');

  return {
    ...credentials,
    server,
    directory,
    ca,
    restart: async () => {
      await components.kill('kube-apiserver');
      await startServer();
    },
  };
}
