import { withPrivateFile } from '../../src/cli/private-file.ts';
import { startMcpServer } from '../mcp-server.ts';
import { type Command, go, goServer, sdkAlone, typescript, typescriptServer } from '../peers.ts';
import { inTurn, type Row } from './row.ts';

/** A cluster that refuses connections: what starting costs, without what the cluster costs. */
const unreachable = `
apiVersion: v1
kind: Config
current-context: bench
clusters: [{ name: bench, cluster: { server: https://127.0.0.1:1 } }]
users: [{ name: bench, user: { token: none } }]
contexts: [{ name: bench, context: { cluster: bench, user: bench } }]
`;

/** From the start of the process to the answer to `initialize`. */
export const coldStart: Row = {
  name: 'cold-start',
  how: 'From the start of the process to the answer to `initialize`, with a kubeconfig that leads nowhere; peers start as their users start them, on the same Node.',
  run: (bench) =>
    withPrivateFile('kubeconfig', unreachable, async (kubeconfig) => {
      const start = (command: Command) => async () => {
        const began = performance.now();
        const server = await startMcpServer(command);
        const milliseconds = performance.now() - began;
        await server.stop();
        return milliseconds;
      };
      const own = bench.server(kubeconfig);
      const sdk = bench.probe('sdk-server', kubeconfig);
      const firstTime = { ...own, env: { ...own.env, NODE_DISABLE_COMPILE_CACHE: '1' } };
      const contenders = [own, firstTime, goServer(kubeconfig), typescriptServer(kubeconfig), sdk].map(start);
      // The first start of all leaves the compiled code that later ones find.
      await inTurn(1, ...contenders);
      const [later = [], first = [], goes = [], typescripts = [], alone = []] = await inTurn(
        bench.quick ? 3 : 15,
        ...contenders,
      );
      const peers = { [go]: goes, [typescript]: typescripts, [sdkAlone]: alone };
      const targets = [
        { against: go, most: 1 },
        { against: typescript, most: 0.15 },
      ];
      const what = 'Start to `initialize` answered';
      return [
        { what, unit: 'ms', ours: later, peers, targets },
        { what: `${what}, without code compiled before`, unit: 'ms', ours: first, peers, targets: [] },
      ];
    }),
};
