import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';

/** Names under which figures of peers stand. */
export const go = 'kubernetes-mcp-server';
export const typescript = 'mcp-server-kubernetes';
export const sdkAlone = 'the MCP SDK alone, with one tool';
export const clientNode = '@kubernetes/client-node';

/** How a program is started. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const folder = fileURLToPath(new URL('peers', import.meta.url));
const bin = (...path: readonly string[]) => join(folder, 'node_modules', ...path);

/** client-go's own limit of 5 requests a second, which this peer never raises, would be all that we measure. */
const withoutRateLimit = { KUBE_CLIENT_QPS: '100000', KUBE_CLIENT_BURST: '100000' };

/** A Go program, started as its users do: through its npm package. */
export const goServer = (kubeconfig: string): Command => ({
  command: process.execPath,
  args: [bin(go, 'bin/index.js'), '--kubeconfig', kubeconfig],
  env: withoutRateLimit,
});

export const typescriptServer = (kubeconfig: string): Command => ({
  command: process.execPath,
  args: [bin(typescript, 'dist/index.js')],
  env: { KUBECONFIG: kubeconfig },
});

/** A program of ours that uses the Kubernetes client library. */
export const clientNodeProbe = (name: 'informer' | 'calls', ...args: readonly string[]): Command => ({
  command: process.execPath,
  args: [join(folder, `client-node-${name}.mjs`), ...args],
  env: {},
});

const manifest = z.looseObject({ version: z.string().optional(), dependencies: z.record(z.string(), z.string()) });

/** Installs the peers where the versions that the manifest wants are not there yet. */
export async function installPeers(): Promise<void> {
  const { dependencies } = manifest.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
  const present = await Promise.all(
    Object.entries(dependencies).map(async ([name, version]) => {
      const text = await readFile(bin(name, 'package.json'), 'utf8').catch(() => '{"dependencies":{}}');
      return manifest.parse({ dependencies: {}, ...JSON.parse(text) }).version === version;
    }),
  );
  if (present.every(Boolean)) return;
  console.error('Installing the peers into bench/peers …');
  // Not `npm ci`: it insists on a peer's binaries for every platform, which not every registry has. The lock still holds.
  const words = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  await promisify(execFile)('npm', words, { cwd: folder });
}
