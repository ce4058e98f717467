import { keepCompiledCode } from '../../src/cli/compile-cache.ts';
import { compileLater } from '../../src/cli/compilers.ts';
import { holdMemoryAtRest, holdServerWhileListing as whileListing } from '../../src/cli/memory.ts';

/**
 * `kubefoundry mcp` in a process that also holds a live list of all pods of another cluster. It starts as the program
 * does: what is large is imported once compiled code is kept.
 * Arguments: the kubeconfigs of the cluster that is served and of the one that is watched.
 */
const [, , served = '', watched = ''] = process.argv;
compileLater();
keepCompiledCode();
await import('../../src/cli/interpreted-schemas.ts');
const [{ openCluster }, { createFoundry }, { serveOverStdio }, { podRow }] = await Promise.all([
  import('../../src/cluster/open.ts'),
  import('../../src/foundry/foundry.ts'),
  import('../../src/server/stdio.ts'),
  import('./pod-row.ts'),
]);
const open = () => openCluster({ kubeconfig: [served] });
const cluster = await openCluster({ kubeconfig: [watched], whileListing });
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
  { debug: false, onRest: holdMemoryAtRest() },
);
process.exit();
