import { startCannedApi } from '../api/process.ts';
import { type Command, clientNode, clientNodeProbe } from '../peers.ts';
import { type ProbeReport, runProbe } from '../probe.ts';
import type { Row } from './row.ts';

/** A live list of ten thousand pods, each time in a new process: until all are there. */
export const sync: Row = {
  name: 'sync',
  how: 'A live list of pods of 7 kB each, every time in a new process: until all are there.',
  async run(bench) {
    const pods = bench.quick ? 1000 : 10_000;
    // Two pods belong to each deployment.
    await using api = await startCannedApi(pods / 2);
    const ours: ProbeReport[] = [];
    const informers: ProbeReport[] = [];
    const run = (command: Command, into: ProbeReport[]) =>
      runProbe(command, async (report) => {
        if (report.objects < pods) throw new Error(`${report.objects} objects instead of ${pods}`);
        into.push(report);
      });
    const discarded: ProbeReport[] = [];
    await run(bench.probe('live-list', api.kubeconfig), discarded);
    await run(clientNodeProbe('informer', api.kubeconfig), discarded);
    for (let times = 0; times < (bench.quick ? 1 : 7); times += 1) {
      await run(bench.probe('live-list', api.kubeconfig), ours);
      await run(clientNodeProbe('informer', api.kubeconfig), informers);
    }
    const figures = (what: string, unit: 'ms' | 'MB', of: (report: ProbeReport) => number, most: number) => ({
      what: `Sync of ${pods.toLocaleString('en-US')} objects: ${what}`,
      unit,
      ours: ours.map(of),
      peers: { [`${clientNode} informer`]: informers.map(of) },
      targets: [{ most }],
    });
    return [
      figures('time', 'ms', ({ milliseconds }) => milliseconds, 1200),
      figures('peak memory', 'MB', ({ peak }) => peak, 90),
      figures('longest stall', 'ms', ({ stall }) => stall, 50),
    ];
  },
};
