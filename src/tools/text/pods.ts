import type { PodProblem } from '../../foundry/pod-problems.ts';
import { fenced } from '../../foundry/untrusted-text.ts';

/** More than these are counted, not shown. */
const most = 8;

/** Pods that could not tell, each with the reason; nothing where all could. */
export function podProblemLines(problems: readonly PodProblem[]): string | undefined {
  if (problems.length === 0) return undefined;
  const shown = problems
    .slice(0, most)
    .map(
      ({ pod, role, reason, message }) =>
        `${role ?? 'pod'} ${pod}: ${message.startsWith(reason) ? message : `${reason}: ${message}`}`,
    );
  const cut = problems.length > shown.length ? [`and ${problems.length - shown.length} more pods`] : [];
  return fenced('Pods that tell nothing', [...shown, ...cut]);
}
