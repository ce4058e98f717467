import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCluster } from '../../src/cluster/open.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { graph, rayService } from '../../src/sandbox/scenarios/manifests.ts';
import { createAnswers } from './canned.ts';
import { templates } from './copies.ts';
import { startCannedServer } from './server.ts';

/**
 * A process that answers as an API server with many deployments does. It brings one deployment of each runtime up in
 * the sandbox, then serves what the sandbox answers, with copies. Argument: how many deployments. Speaks IPC:
 * first the kubeconfig, then an answer for every question.
 */
const sandbox = await startSandbox({ scenario: 'both', speed: 1000 });
const folder = await mkdtemp(join(tmpdir(), 'kubefoundry-bench-'));
const file = join(folder, 'kubeconfig');
await writeFile(file, sandbox.kubeconfig, { mode: 0o600 });
const cluster = await openCluster({ kubeconfig: [file] });
const model = { model: 'Qwen/Qwen3-8B', managed: true };
await cluster.apply(graph({ ...model, name: templates.dynamo, namespace: 'dynamo-system' }));
await cluster.apply(rayService({ ...model, name: templates.kuberay, namespace: 'kuberay-system' }));
await sandbox.settled();
cluster.close();
await rm(folder, { recursive: true });

const answers = createAnswers(sandbox.api, Number(process.argv[2]));
const server = await startCannedServer(answers, sandbox.api.token);

process.on('message', async (question) => {
  if (question === 'connections') process.send?.(server.connections);
  if (question === 'restart') process.send?.(await server.restart());
  const [type, name] = String(question).split(' ');
  if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') await server.tell(type, name ?? '');
  if (question === 'silence') process.send?.(await server.silence());
});
process.on('disconnect', () => process.exit());
process.send?.(server.kubeconfig);
