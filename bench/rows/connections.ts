import { startCannedApi } from '../api/process.ts';
import { type McpServer, startMcpServer } from '../mcp-server.ts';
import { clientNode, clientNodeProbe, go, goServer } from '../peers.ts';
import { runProbe } from '../probe.ts';
import type { Row } from './row.ts';

/** TLS connections that the server counts for a thousand calls, one after the other. */
export const connections: Row = {
  name: 'connections',
  how: 'What the server counts while one call follows the other.',
  async run(bench) {
    const calls = bench.quick ? 50 : 1000;
    const counted = async (work: (kubeconfig: string) => Promise<void>): Promise<readonly number[]> => {
      await using api = await startCannedApi(3);
      await work(api.kubeconfig);
      return [await api.connections()];
    };
    const repeated = async (server: McpServer, tool: string, input: Readonly<Record<string, string>>) => {
      for (let call = 0; call < calls; call += 1) await server.call(tool, input);
      await server.stop();
    };
    const ours = await counted(async (kubeconfig) =>
      repeated(await startMcpServer(bench.server(kubeconfig)), 'list_deployments', {}),
    );
    const goes = await counted(async (kubeconfig) =>
      repeated(await startMcpServer(goServer(kubeconfig)), 'resources_list', { apiVersion: 'v1', kind: 'Pod' }),
    );
    const library = await counted((kubeconfig) =>
      runProbe(clientNodeProbe('calls', kubeconfig, String(calls)), async () => {}),
    );
    return [
      {
        what: `TLS connections for ${calls.toLocaleString('en-US')} calls`,
        unit: '',
        ours,
        peers: { [clientNode]: library, [go]: goes },
        targets: [{ most: 4 }],
      },
    ];
  },
};
