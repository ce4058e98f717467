import type { RuntimeStatus } from '../../foundry/runtimes.ts';
import { installRuntime } from '../../tools/install-runtime.ts';
import { uninstallRuntime } from '../../tools/uninstall-runtime.ts';
import type { Actions } from '../keys/layers.ts';
import type { Dashboard } from '../state/dashboard.ts';
import { isLeftover } from './leftovers.ts';

/** What can be done with a runtime in its present state. Each runtime on its own. */
export function runtimeActions(
  dashboard: Dashboard,
  status: RuntimeStatus,
  { askVersion }: { readonly askVersion: () => void },
): Actions {
  const { id: runtime, installed } = status;
  return {
    'runtime.install': () => void dashboard.run(installRuntime, { runtime }),
    ...(isLeftover(status) && {
      'runtime.uninstall': () => void dashboard.run(uninstallRuntime, { runtime, deleteCrds: true }),
    }),
    ...(installed !== false && {
      'runtime.upgrade': askVersion,
      'runtime.uninstall': () => void dashboard.run(uninstallRuntime, { runtime }),
    }),
  };
}
