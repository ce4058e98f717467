import type { Plan } from '../providers/provider.ts';
import { recordEventOn } from './audit-events.ts';
import type { RuntimeStatus } from './runtimes.ts';
import type { Site } from './site.ts';

/** Tells on the operator's Kubernetes Deployment who installed or upgraded it; on its namespace who uninstalled it. */
export async function recordOperation(
  site: Site,
  { plan, status, caller }: { readonly plan: Plan; readonly status: RuntimeStatus; readonly caller: string },
): Promise<void> {
  const actions = plan.steps.flatMap((step) => (step.kind === 'helm' ? [step] : []));
  const operator = plan.steps.find(({ kind }) => kind === 'waitOperator');
  if (operator?.kind === 'waitOperator') {
    const { namespace, name } = operator;
    const reason = actions.some(({ action }) => action === 'install') ? 'Installed' : 'Upgraded';
    const object = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name };
    const what = status.version === undefined ? status.name : `${status.name} ${status.version}`;
    await recordEventOn(site, { object, reason, action: `${reason} ${what}`, caller });
    return;
  }
  for (const { namespace } of actions) {
    const object = { apiVersion: 'v1', kind: 'Namespace', name: namespace };
    await recordEventOn(site, { object, reason: 'Uninstalled', action: `Uninstalled ${status.name}`, caller });
  }
}
