import { setTimeout as sleep } from 'node:timers/promises';
import { startCannedApi } from '../api/process.ts';
import { startMcpServer } from '../mcp-server.ts';
import { residentMemory } from '../memory.ts';
import { type Command, go, goServer } from '../peers.ts';
import type { Row } from './row.ts';

const idleMilliseconds = 5_000;

/** Resident memory of a server that answered one call and then has nothing to do. */
export const idleMemory: Row = {
  name: 'idle-memory',
  async run(bench) {
    const times = bench.quick ? 1 : 5;
    await using api = await startCannedApi(3);
    await using large = await startCannedApi(bench.quick ? 500 : 5_000);
    const [ours, goAlone, goes, watching]: number[][] = [[], [], [], []];
    for (let run = 0; run < times; run += 1) {
      const own = await idle(bench.server(api.kubeconfig), 'list_deployments', {});
      ours?.push(own.own);
      const peer = await idle(goServer(api.kubeconfig), 'resources_list', { apiVersion: 'v1', kind: 'Pod' });
      goAlone?.push(peer.started);
      goes?.push(peer.own + peer.started);
      const full = await idle(bench.probe('watching-server', large.kubeconfig), 'get_runtimes_status', {});
      watching?.push(full.own);
    }
    const peers = { [`${go}, binary alone`]: goAlone ?? [], [`${go} through npm`]: goes ?? [] };
    return [
      { what: 'Idle memory', unit: 'MB', ours: ours ?? [], peers, targets: [{ most: 65 }] },
      {
        what: `Idle memory, ${bench.quick ? '1,000' : '10,000'} objects watched`,
        unit: 'MB',
        ours: watching ?? [],
        peers: {},
        targets: [{ most: 80 }],
      },
    ];
  },
};

async function idle(command: Command, tool: string, input: Readonly<Record<string, string>>) {
  const server = await startMcpServer(command);
  await server.call(tool, input);
  await sleep(idleMilliseconds);
  const memory = await residentMemory(server.pid);
  await server.stop();
  return memory;
}
