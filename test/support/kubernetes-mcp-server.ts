import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedPackage } from './cached-package.ts';

const program = 'kubernetes-mcp-server-linux-amd64';

/**
 * Path of `kubernetes-mcp-server`, another MCP server for Kubernetes, written in Go. Fetched with npm when the cache has
 * none: 75 MB, for Linux on x86-64.
 *
 * @throws Error when npm cannot fetch the package, or when it is not the one that was looked at
 */
export async function kubernetesMcpServer(): Promise<string> {
  const carrier = {
    folder: 'kubernetes-mcp-server',
    package: `${program}@0.0.67`,
    file: `bin/${program}`,
    digest: 'bcfe9717eeae7b3a21585548ddd345038cf1f37137ca59251d7e7dc547ed6a3a',
  };
  const directory = await cachedPackage(carrier, async (binary, folder) => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, program), binary, { mode: 0o755 });
  });
  return join(directory, program);
}
