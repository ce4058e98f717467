import { expect, test } from 'vitest';
import { reasonText } from '../../../src/tools/text/deployments.ts';

test.each([
  ['some_resources_are_not_ready', '(some resources are not ready)'],
  ['failed_to_reconcile_the_resources', '(failed to reconcile the resources)'],
  ['ImagePullBackOff', 'ImagePullBackOff'],
  ['DEPLOY_FAILED', 'DEPLOY_FAILED'],
  ['pending', 'pending'],
])('what an operator writes with underscores reads as words: %s', (reason, told) => {
  expect(reasonText(reason)).toBe(told);
});
