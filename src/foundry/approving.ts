import { FoundryError } from '../errors.ts';
import type { Plan } from '../providers/provider.ts';
import { approvalOf } from './digest.ts';
import type { Site } from './site.ts';

/** What stands for a human's approval where a human had to be asked and nothing was to be done: it approves no plan. */
export const nothingApproved = 'nothing';

/**
 * @param done what was done before it was planned anew
 * @throws FoundryError CONFLICT when a human approved another plan than this one
 */
export function checkApproval(plan: Plan, approved: string | undefined, done = 'nothing was done'): void {
  if (approved === undefined || approved === approvalOf(plan)) return;
  throw new FoundryError(
    'CONFLICT',
    `The cluster changed since the plan was approved; ${done}.`,
    'Call again: the new plan will be shown.',
  );
}

/** @throws FoundryError READ_ONLY saying what would have been done */
export function checkWritable(site: Site, plan: Plan): void {
  if (!site.cluster.readOnly) return;
  throw new FoundryError(
    'READ_ONLY',
    `Not done, this is read-only mode: ${plan.summary}`,
    'Start kubefoundry without --read-only to change the cluster.',
  );
}
