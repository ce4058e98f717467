import { compileLater } from '../../src/cli/compilers.ts';
import { holdServerWhileListing as whileListing } from '../../src/cli/memory.ts';
import { openCluster } from '../../src/cluster/open.ts';
import { podRow } from './pod-row.ts';
import { watchStalls } from './stalls.ts';

/** A process with a live list of all pods, as the server has it. Argument: a kubeconfig. Prints one line when all are there; stdin ends it. */
compileLater();
const cluster = await openCluster({ kubeconfig: [process.argv[2] ?? ''], whileListing });
const pods = cluster.live({ group: '', kind: 'Pod' }, {}, podRow);
const stalls = watchStalls();
const began = performance.now();
const synced = Promise.withResolvers<void>();
pods.subscribe(() => {
  const { state, error } = pods.snapshot();
  if (state === 'live') synced.resolve();
  if (state === 'failed') synced.reject(new Error(error?.message));
});
await synced.promise;
const milliseconds = performance.now() - began;
const peak = process.resourceUsage().maxRSS / 1024;
const report = { objects: pods.snapshot().items.length, milliseconds, peak, stall: stalls.longest() };
console.log(JSON.stringify(report));
process.stdin.on('end', () => process.exit()).resume();
