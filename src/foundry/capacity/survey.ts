import type { Cluster } from '../../cluster/cluster.ts';
import { FoundryError } from '../../errors.ts';
import type { Unread } from '../../providers/provider.ts';
import { bindingCommand, observing } from '../rights.ts';
import { plainLine } from '../untrusted-text.ts';
import { type Capacity, nodeCapacities, poolsOf, waitingOf } from './capacity.ts';
import type { GpuNode } from './gpu-nodes.ts';
import { type GpuPod, gpuPod } from './pod-requests.ts';

/** The nodes with GPUs and the pods that ask for some, as they were read. */
export interface Survey {
  /** Null where nodes could not be read. */
  readonly nodes: readonly GpuNode[] | null;
  /** Null where not all pods of the cluster could be read. */
  readonly pods: readonly GpuPod[] | null;
  readonly problems: Capacity['problems'];
}

/** Pods that have ended hold nothing; the server leaves them out. */
const unfinished = 'status.phase!=Succeeded,status.phase!=Failed';

/** One request, and pages: every pod of the cluster that asks for GPUs, or why they are not known. */
export async function readGpuPods(cluster: Cluster, signal: AbortSignal): Promise<Pick<Survey, 'pods' | 'problems'>> {
  if (cluster.namespaces) {
    const message = `Only pods in ${cluster.namespaces.join(', ')} may be looked at (--namespaces), and others hold GPUs too.`;
    return unknown('FORBIDDEN', message, 'Start without --namespaces to see what is free.');
  }
  try {
    const pods = await cluster.list({ group: '', kind: 'Pod' }, { fieldSelector: unfinished, signal });
    return { pods: pods.flatMap((pod) => gpuPod(pod) ?? []), problems: [] };
  } catch (error) {
    if (!(error instanceof FoundryError)) throw error;
    if (error.code !== 'FORBIDDEN') return unknown(error.code, plainLine(error.message), error.hint);
    return unknown('FORBIDDEN', 'Not allowed to list pods in all namespaces.', askForRole);
  }
}

const unknown = (code: string, message: string, hint: string) => ({
  pods: null,
  problems: [{ what: 'pods' as const, code, message: `What is used is not known. ${message}`, hint }],
});

const askForRole = `Ask an administrator to bind ${observing.outside} (docs/rbac/observe.yaml): ${bindingCommand(observing.outside)}`;

/** Why nodes are not known. */
export const nodeProblems = (unread: readonly Unread[]): Capacity['problems'] =>
  unread
    .filter(({ what }) => what === 'nodes')
    .map(({ code, message }) => ({
      what: 'nodes',
      code,
      message: `What GPUs there are is not known. ${plainLine(message)}`,
      hint: code === 'FORBIDDEN' ? askForRole : 'Try again; `kubefoundry doctor` checks the connection.',
    }));

/** The survey as an ordinary pod meets it: without tolerations. */
export function capacityOf({ nodes, pods, problems }: Survey): Capacity {
  const each = nodes && nodeCapacities(nodes, pods);
  return {
    pools: each && [...poolsOf(each)],
    nodes: each && [...each],
    waiting: waitingOf(pods),
    problems: [...problems],
  };
}
