import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { valueAt } from '../../src/kubernetes.ts';

/** Path of a kubeconfig whose text was changed. */
export async function altered(kubeconfig: string, change: (text: string) => string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'altered-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'kubeconfig.yaml');
  await writeFile(file, change(await readFile(kubeconfig, 'utf8')), { mode: 0o600 });
  return file;
}

/** The URL of a server that is not there: its port refuses connections. */
export async function refusingServer(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = valueAt(server.address(), 'port');
  server.close();
  await once(server, 'close');
  return `https://127.0.0.1:${port}`;
}

/** Path of a helm that has a good version and fails at everything else. */
export async function brokenHelm(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'broken-helm-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const script = `#!/bin/sh
if [ "$1" = version ]; then echo v4.1.4; exit 0; fi
echo "Error: chart not found in repository" >&2
exit 1
`;
  await writeFile(join(folder, 'helm'), script);
  await chmod(join(folder, 'helm'), 0o755);
  return join(folder, 'helm');
}
