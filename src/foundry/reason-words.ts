/**
 * A reason as a sentence holds it. What an operator writes with underscores are words; Kubernetes' own reasons
 * (`ImagePullBackOff`) and those of Ray (`DEPLOY_FAILED`) are names that one looks up.
 */
export const reasonWords = (reason: string): string => (isWorded(reason) ? reason.replaceAll('_', ' ').trim() : reason);

/** Whether the reason is words: `rolling_update_in_progress`. */
export const isWorded = (reason: string): boolean => /^[a-z0-9]+(_[a-z0-9]+)+$/.test(reason);
