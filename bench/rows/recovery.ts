import { startCannedApi } from '../api/process.ts';
import { type Command, clientNode, clientNodeProbe } from '../peers.ts';
import { runProbe } from '../probe.ts';
import type { Row } from './row.ts';

/** How long we wait for a peer that may never come back. */
const patience = { restart: 15_000, silence: 60_000 } as const;

/** How soon a live list watches again after the API was away, and after a connection died without a word. */
export const recovery: Row = {
  name: 'recovery',
  how: 'The API goes away for a second, or open watches fall silent without an end; never = not within 15 s and 60 s. The informer is left to itself.',
  async run(bench) {
    const after = async (mishap: 'restart' | 'silence', commandOf: (kubeconfig: string) => Command) => {
      await using api = await startCannedApi(3);
      const times: number[] = [];
      const wanted = bench.quick || mishap === 'silence' ? 1 : 3;
      // One that never came back would not do so the next time either.
      while (times.length < wanted && times.at(-1) !== Number.POSITIVE_INFINITY) {
        await runProbe(commandOf(api.kubeconfig), async () => {
          times.push(await api[mishap](patience[mishap]));
        });
      }
      return times;
    };
    const own = (kubeconfig: string) => bench.probe('live-list', kubeconfig);
    const informer = (kubeconfig: string) => clientNodeProbe('informer', kubeconfig);
    const [ownRestart, peerRestart] = [await after('restart', own), await after('restart', informer)];
    // These only wait, side by side.
    const [ownSilence, peerSilence] = await Promise.all([after('silence', own), after('silence', informer)]);
    const peer = `${clientNode} informer`;
    return [
      {
        what: 'API restarted: watched again after',
        unit: 'ms',
        ours: ownRestart,
        peers: { [peer]: peerRestart },
        targets: [{ most: 2_000 }],
      },
      {
        what: 'Connection half-open: watched again after',
        unit: 'ms',
        ours: ownSilence,
        peers: { [peer]: peerSilence },
        targets: [{ most: 35_000 }],
      },
    ];
  },
};
