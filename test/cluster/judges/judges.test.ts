import { afterAll, beforeAll, describe } from 'vitest';
import { type KubernetesBinaries, kubernetesBinaries } from '../../support/kubernetes-binaries.ts';
import { installingCommands, uninstallingCommands, writeChart } from './chart.ts';
import { describeCommands } from './commands.ts';
import { describeFollowing } from './following.ts';
import { accessCommands } from './kubectl-access.ts';
import { clusterCommands } from './kubectl-cluster.ts';
import { definitionCommands } from './kubectl-definitions.ts';
import { workloadCommands } from './kubectl-workloads.ts';
import { writeCommands } from './kubectl-writes.ts';
import { writeManifests } from './manifests.ts';
import { describeMcpServer } from './mcp-server.ts';
import { describeMetadata } from './metadata.ts';
import { startWorlds, type Worlds } from './worlds.ts';

describe('the sandbox answers as a real API server does', () => {
  let worlds: Worlds;
  let binaries: KubernetesBinaries;
  beforeAll(async () => {
    binaries = await kubernetesBinaries();
    worlds = await startWorlds();
    await writeManifests(worlds.folder);
    await writeChart(worlds.folder);
  });
  afterAll(() => worlds?.stop());
  const kubectl = () => ({ worlds, program: binaries.kubectl });

  describeCommands('kubectl', clusterCommands, kubectl);
  describeCommands('kubectl', accessCommands, kubectl);
  describeCommands('kubectl', writeCommands, kubectl);
  describeCommands('kubectl', workloadCommands, kubectl);
  describeCommands('kubectl', definitionCommands, kubectl);
  describeFollowing(kubectl);
  describeCommands('helm', installingCommands, () => ({ worlds, program: binaries.helm }));
  describeMcpServer(() => worlds);
  describeMetadata(() => worlds);
  describeCommands('helm', uninstallingCommands, () => ({ worlds, program: binaries.helm }));
});
