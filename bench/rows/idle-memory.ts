import { setTimeout as sleep } from 'node:timers/promises';
import { startCannedApi } from '../api/process.ts';
import { startMcpServer } from '../mcp-server.ts';
import { type Memory, memoryOf, plus } from '../memory.ts';
import { type Command, go, goServer, sdkAlone } from '../peers.ts';
import type { Row } from './row.ts';

/** V8 looks for rubbish after eight seconds at rest. */
const idleMilliseconds = 12_000;

/** Memory of a server that answered one call and then has nothing to do. */
export const idleMemory: Row = {
  name: 'idle-memory',
  how: 'After one call and 12 s of rest. The server with 10,000 objects is `kubefoundry mcp` with a live list beside it.',
  async run(bench) {
    await using api = await startCannedApi(3);
    const objects = bench.quick ? 1_000 : 10_000;
    // Two pods belong to each deployment.
    await using large = await startCannedApi(objects / 2);
    const ours: Memory[] = [];
    const watching: Memory[] = [];
    const binary: Memory[] = [];
    const throughNpm: Memory[] = [];
    const alone: Memory[] = [];
    for (let run = 0; run < (bench.quick ? 1 : 5); run += 1) {
      const [own, peer, full, least] = await Promise.all([
        idle(bench.server(api.kubeconfig), 'list_deployments', {}),
        idle(goServer(api.kubeconfig), 'resources_list', { apiVersion: 'v1', kind: 'Pod' }),
        idle(bench.probe('watching-server', api.kubeconfig, large.kubeconfig), 'list_deployments', {}),
        idle(bench.probe('sdk-server', api.kubeconfig), 'ask', {}),
      ]);
      ours.push(own.own);
      watching.push(full.own);
      binary.push(peer.started);
      throughNpm.push(plus(peer.own, peer.started));
      alone.push(least.own);
    }
    const peersBy = (of: (memory: Memory) => number) => ({
      [`${go}, binary alone`]: binary.map(of),
      [`${go} through npm`]: throughNpm.map(of),
      [sdkAlone]: alone.map(of),
    });
    const resident = ({ resident: megabytes }: Memory) => megabytes;
    const anonymous = ({ anonymous: megabytes }: Memory) => megabytes;
    const [unit, watched] = ['MB', `${objects.toLocaleString('en-US')} objects watched`] as const;
    return [
      { what: 'Idle memory', unit, ours: ours.map(resident), peers: peersBy(resident), targets: [{ most: 65 }] },
      {
        what: 'Idle memory, without code that processes share',
        unit,
        ours: ours.map(anonymous),
        peers: peersBy(anonymous),
        targets: [],
      },
      {
        what: `Idle memory, ${watched}`,
        unit,
        ours: watching.map(resident),
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
  const memory = await memoryOf(server.pid);
  await server.stop();
  return memory;
}
