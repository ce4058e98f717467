import type { Plan, Step } from '../providers/provider.ts';
import { inContext } from './shell.ts';

export type { Plan } from '../providers/provider.ts';

/**
 * Whether a step's command can be run as it stands: what is applied or patched is longer than a command, and may hold
 * what is not shown.
 */
export const isRunnable = ({ kind, command }: Step): boolean =>
  kind !== 'check' && kind !== 'apply' && kind !== 'patch' && command !== '';

/** The same plan with whatever a human may run by hand told the cluster that it is for. */
export function planInContext(plan: Plan, context: string | undefined): Plan {
  const told = (text: string) => inContext(text, context);
  const { steps, warnings, blockers, hint } = plan;
  return {
    ...plan,
    steps: steps.map((step): Step => ({ ...step, command: told(step.command) })),
    warnings: warnings.map(told),
    blockers: blockers.map(told),
    hint: hint && told(hint),
  };
}
