import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { createHelmInstaller } from '../../src/cluster/helm.ts';
import { valueAt } from '../../src/kubernetes.ts';
import { connectAssistant } from './assistant.ts';
import { refusingServer } from './broken-surroundings.ts';
import { model } from './fixtures.ts';

/** Every tool, with what it needs. */
const calls = {
  get_runtimes_status: {},
  install_runtime: { runtime: 'dynamo' },
  plan_deployment: { name: 'chat', model, runtime: 'kuberay' },
  deploy_model: { name: 'chat', model, runtime: 'dynamo' },
  list_deployments: {},
  get_deployment: { name: 'chat' },
  diagnose_deployment: { name: 'chat' },
  delete_deployment: { name: 'chat' },
} as const;

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `https://127.0.0.1:${valueAt(server.address(), 'port')}`;
}

/** Where connections are taken and nothing is ever said. */
async function silent(): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return listen(server);
}

async function kubeconfigFor(server: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'unreachable-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'kubeconfig.yaml');
  const content = {
    clusters: [{ name: 'far', cluster: { server } }],
    users: [{ name: 'far', user: { token: 'any' } }],
    contexts: [{ name: 'far', context: { cluster: 'far', user: 'far' } }],
    'current-context': 'far',
  };
  await writeFile(file, stringify(content));
  return file;
}

/** What every tool says of a server, each within 5 s. */
async function askEverything(server: string) {
  const world = { kubeconfig: await kubeconfigFor(server), installer: createHelmInstaller() };
  const assistant = await connectAssistant(world);
  const within = AbortSignal.timeout(5_000);
  return Promise.all(
    Object.entries(calls).map(async ([tool, input]) => ({
      tool,
      server,
      ...(await assistant.send(tool, input, within)),
    })),
  );
}

test('a server that refuses connections, or takes them and says nothing, is named by every tool within 5 s', async () => {
  const servers = [await refusingServer(), await silent()];
  const answers = (await Promise.all(servers.map(askEverything))).flat();
  expect(answers).toHaveLength(2 * Object.keys(calls).length);
  for (const { tool, server, code, text } of answers) {
    // The status has an answer for every runtime even so: that nobody knows.
    expect(code, tool).toBe(tool === 'get_runtimes_status' ? undefined : 'CLUSTER_UNREACHABLE');
    expect(text, tool).toContain('CLUSTER_UNREACHABLE');
    expect(text, tool).toContain(server);
    expect(text, tool).toContain('kubefoundry doctor');
  }
});
