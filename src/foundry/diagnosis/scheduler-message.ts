/** One reason of a scheduler, and how many nodes it holds for; `null` where it concerns the pod itself. */
interface SchedulerClause {
  readonly nodes: number | null;
  readonly reason: string;
}

export interface SchedulerMessage {
  readonly available: number;
  readonly nodes: number;
  readonly clauses: readonly SchedulerClause[];
  /** What preemption could do; empty where it was not tried. */
  readonly preemption: readonly SchedulerClause[];
}

const head = /^(\d+)\/(\d+) nodes are available:?\s*/;

/** `2 Insufficient cpu, 4 node(s) had untolerated taint {a: b}`: commas before a number separate. */
function clausesOf(text: string): readonly SchedulerClause[] {
  return text
    .split(/,\s+(?=\d+ )/)
    .map((part) => part.trim().replace(/\.$/, ''))
    .filter((part) => part !== '')
    .map((part) => {
      const [, nodes, reason] = /^(\d+) (.+)$/s.exec(part) ?? [];
      return nodes === undefined || reason === undefined
        ? { nodes: null, reason: part }
        : { nodes: Number(nodes), reason };
    });
}

/**
 * A FailedScheduling message of kube-scheduler clause by clause (1.20 to 1.35:
 * `0/6 nodes are available: 2 Insufficient nvidia.com/gpu, 4 node(s) … . preemption: 0/6 nodes are available: …`).
 * Undefined for other schedulers' words.
 */
export function parseSchedulerMessage(message: string): SchedulerMessage | undefined {
  const [start, available, nodes] = head.exec(message) ?? [];
  if (start === undefined || available === undefined || nodes === undefined) return undefined;
  const rest = message.slice(start.length);
  const [reasons = '', tail = ''] = rest.split(/[.,]\s+(?:no new claims to deallocate,\s*)?preemption:\s*/);
  const main = reasons.replace(/\.?\s*no new claims to deallocate\.?,?\s*$/, '');
  return {
    available: Number(available),
    nodes: Number(nodes),
    clauses: clausesOf(main),
    preemption: clausesOf(tail.replace(head, '')),
  };
}

/** Whether no node could take the pod even if all others left it: it asks for more than each has, or may not go there. */
export const preemptionHelpsNowhere = ({ nodes, preemption }: SchedulerMessage): boolean =>
  nodes > 0 &&
  preemption
    .filter(({ reason }) => /is not helpful/.test(reason))
    .reduce((sum, clause) => sum + (clause.nodes ?? 0), 0) === nodes;
