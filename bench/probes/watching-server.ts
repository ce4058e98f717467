import { holdHeap, holdHeapAtRest } from '../../src/cli/small-heap.ts';
import { openCluster } from '../../src/cluster/open.ts';
import { createFoundry } from '../../src/foundry/foundry.ts';
import { serveOverStdio } from '../../src/server/stdio.ts';
import { podRow } from './pod-row.ts';

/**
 * `kubefoundry mcp` in a process that also holds a live list of all pods of another cluster.
 * Arguments: the kubeconfigs of the cluster that is served and of the one that is watched.
 */
const [, , served = '', watched = ''] = process.argv;
const open = () => openCluster({ kubeconfig: [served] });
const cluster = await openCluster({ kubeconfig: [watched], whileListing: holdHeap });
const pods = cluster.live({ group: '', kind: 'Pod' }, {}, podRow);
const synced = Promise.withResolvers<void>();
pods.subscribe(() => {
  if (pods.snapshot().state === 'live') synced.resolve();
});
await synced.promise;

const nobody = {
  name: 'nobody',
  ready: async () => ({ ok: false, code: 'HELM_MISSING', message: 'Nothing is installed here.', hint: '' }) as const,
  carryOut: async () => {},
};
const foundry = createFoundry({ open, installer: nobody, protect: [] });
await serveOverStdio(
  { version: '0.0.0', foundry, confirmByName: false, readOnly: true, protects: false },
  { debug: false, onRest: holdHeapAtRest() },
);
process.exit();
