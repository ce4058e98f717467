import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '../src/cluster/cluster.ts';
import { openCluster } from '../src/cluster/open.ts';
import { createFoundry, type Foundry } from '../src/foundry/foundry.ts';
import { startSandbox } from '../src/sandbox/sandbox.ts';
import { graph, rayService } from '../src/sandbox/scenarios/manifests.ts';
import { callTool } from '../src/tools/call.ts';
import { deployModel } from '../src/tools/deploy-model.ts';
import type { Setup } from './task.ts';

/** A cluster as a task finds it. */
export interface World {
  /** A door of its own, to check what became of it. */
  readonly cluster: Cluster;
  readonly foundry: Foundry;
  /** Resolves when nothing happens there any more but what repeats for ever. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** Simulated seconds per second: a model is up in a fifth of a second. */
const speed = 200;

/** Starts a sandbox and brings the setup to rest. */
export async function startWorld(setup: Setup): Promise<World> {
  const sandbox = await startSandbox({ scenario: setup.scenario, failures: setup.mishaps, speed });
  const folder = await mkdtemp(join(tmpdir(), 'kubefoundry-eval-'));
  const file = join(folder, 'kubeconfig');
  await writeFile(file, sandbox.kubeconfig, { mode: 0o600 });
  const open = (context?: string) => openCluster({ kubeconfig: [file], context });
  const foundry = createFoundry({ open, installer: sandbox.installer, protect: setup.protected ? ['*'] : [] });
  const cluster = await open();
  const world: World = {
    cluster,
    foundry,
    settled: sandbox.settled,
    async stop() {
      foundry.close();
      cluster.close();
      await sandbox.stop();
      await rm(folder, { recursive: true });
    },
  };
  try {
    await prepare(world, setup);
    for (const { match, kind, pods } of setup.later) sandbox.fail(match, kind, pods);
    await sandbox.settled();
  } catch (error) {
    await world.stop();
    throw error;
  }
  return world;
}

async function prepare({ cluster, foundry, settled }: World, setup: Setup): Promise<void> {
  for (const object of setup.objects) await cluster.apply(object, { fieldManager: 'kubectl' });
  for (const { runtime, ...wanted } of setup.foreign) {
    const object = runtime === 'dynamo' ? graph(wanted) : rayService(wanted);
    await cluster.apply(object, { fieldManager: 'kubectl' });
  }
  for (const asked of setup.deployed) {
    const result = await callTool(deployModel, asked, {
      context: { foundry, caller: 'eval setup', progress: () => {} },
      signal: new AbortController().signal,
      ask: async () => 'approved',
    });
    if (!result.ok) throw result.error;
  }
  await settled();
}
