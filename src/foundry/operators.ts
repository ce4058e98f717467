import type { Cluster } from '../cluster/cluster.ts';
import { FoundryError } from '../errors.ts';
import { booleanAt, conditionOf, type KubernetesObject, listAt, numberAt, textAt } from '../kubernetes.ts';
import type { OperatorFact } from '../providers/provider.ts';
import { providers } from '../providers/registry.ts';
import { type FailedRead, listWherePermitted } from './permitted.ts';
import { plainLine } from './untrusted-text.ts';

const workloads = { group: 'apps', kind: 'Deployment' };

export interface OperatorsRead {
  readonly operators: readonly OperatorFact[];
  readonly failed: readonly FailedRead[];
}

/**
 * The runtimes' operators, wherever they were installed and whatever they are called: every provider judges every
 * Kubernetes Deployment that may be read.
 */
export async function readOperators(cluster: Cluster, signal: AbortSignal): Promise<OperatorsRead> {
  const { objects, failed } = await listWherePermitted(cluster, workloads, { signal });
  const candidates = objects.map(decodeOperator);
  const operators = candidates.filter((candidate) =>
    providers.some((provider) => provider.installation.isOperator(candidate)),
  );
  if (!cluster.namespaces) return { operators, failed };
  return { operators, failed: [...failed, { error: behindTheFence(cluster.namespaces) }] };
}

const behindTheFence = (namespaces: readonly string[]): FoundryError =>
  new FoundryError(
    'FORBIDDEN',
    `Only ${namespaces.join(', ')} may be looked at (--namespaces), and operators may run in other namespaces.`,
    'Start without --namespaces, or add the namespace of the operator.',
  );

function decodeOperator(workload: KubernetesObject): OperatorFact {
  const containers = listAt(workload, 'spec', 'template', 'spec', 'containers');
  const texts = (field: string) =>
    containers.flatMap((container) => listAt(container, field)).filter((item) => typeof item === 'string');
  const unavailable = ['Available', 'Progressing']
    .map((type) => conditionOf(workload, type))
    .find((condition) => condition !== undefined && condition.status !== 'True');
  return {
    namespace: workload.metadata.namespace ?? '',
    name: workload.metadata.name,
    labels: workload.metadata.labels ?? {},
    images: containers.map((container) => textAt(container, 'image')).filter((image) => image !== undefined),
    args: [...texts('command'), ...texts('args')],
    desired: numberAt(workload, 'spec', 'replicas') ?? 1,
    ready: numberAt(workload, 'status', 'readyReplicas') ?? 0,
    available: numberAt(workload, 'status', 'availableReplicas') ?? 0,
    deleting: workload.metadata.deletionTimestamp !== undefined,
    message: unavailable?.message === undefined ? undefined : plainLine(unavailable.message),
  };
}

/** Allocatable GPUs and readiness of one node. */
export function decodeNode(node: KubernetesObject) {
  const gpus = Number(textAt(node, 'status', 'allocatable', 'nvidia.com/gpu') ?? 0);
  return {
    name: node.metadata.name,
    ready: conditionOf(node, 'Ready')?.status === 'True',
    schedulable: booleanAt(node, 'spec', 'unschedulable') !== true,
    gpus: Number.isFinite(gpus) ? gpus : 0,
  };
}
