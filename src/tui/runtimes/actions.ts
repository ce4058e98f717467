import type { RuntimeStatus } from '../../foundry/runtimes.ts';
import { installRuntime } from '../../tools/install-runtime.ts';
import { uninstallRuntime } from '../../tools/uninstall-runtime.ts';
import type { Actions } from '../keys/layers.ts';
import { keyOf } from '../keys/table.ts';
import type { Dashboard } from '../state/dashboard.ts';
import { isGoing } from '../state/operations.ts';
import { latestOn } from './latest-operation.ts';
import { isLeftover } from './leftovers.ts';

/** What can be done with a runtime in its present state. Each runtime on its own. */
export function runtimeActions(
  dashboard: Dashboard,
  status: RuntimeStatus,
  { context, askVersion }: { readonly context: string | undefined; readonly askVersion: () => void },
): Actions {
  const { operations, flash } = dashboard;
  const { id: runtime, name, installed } = status;
  /** One change of a runtime at a time: what a second one would be planned on is half done. */
  const alone = (act: () => unknown) => () => {
    const latest = latestOn(operations.snapshot(), { runtime, context });
    if (!latest || !isGoing(latest)) return void act();
    flash.show(`${latest.tool.title}: ${name} is being changed; ${keyOf('app.stop')} stops it.`, 'warn');
  };
  return {
    'runtime.install': alone(() => dashboard.run(installRuntime, { runtime })),
    ...(isLeftover(status) && {
      'runtime.uninstall': alone(() => dashboard.run(uninstallRuntime, { runtime, deleteCrds: true })),
    }),
    ...(installed !== false && {
      'runtime.upgrade': alone(askVersion),
      'runtime.uninstall': alone(() => dashboard.run(uninstallRuntime, { runtime })),
    }),
  };
}
