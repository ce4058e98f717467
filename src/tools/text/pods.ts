import type { PodProblem } from '../../foundry/pod-problems.ts';

/** More than these are counted, not shown. */
const most = 8;

/** Pods that could not tell, each with the reason; the words are the cluster's. */
export function podProblemLines(problems: readonly PodProblem[]): string {
  const shown = problems
    .slice(0, most)
    .map(
      ({ pod, role, reason, message }) =>
        `! ${role ?? 'pod'} ${pod}: ${reason}${message === reason ? '' : `: ${message}`}`,
    );
  const cut = problems.length > shown.length ? [`! and ${problems.length - shown.length} more pods`] : [];
  return [...shown, ...cut].join('\n');
}
