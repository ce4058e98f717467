import { booleanAt, conditionOf, entriesAt, type KubernetesObject, listAt, textAt } from '../../kubernetes.ts';
import { type GpuKind, gpuKind, isGpuResource } from './gpu-resources.ts';

interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

/** The GPUs of one resource name on one node; a node with MIG may have several. */
export interface GpuNode extends GpuKind {
  readonly name: string;
  readonly resource: string;
  /** Allocatable. */
  readonly total: number;
  readonly ready: boolean;
  readonly cordoned: boolean;
  /** Those that keep pods away; PreferNoSchedule does not. */
  readonly taints: readonly Taint[];
  readonly labels: Readonly<Record<string, string>>;
}

/** What the node controller says with taints of its own stands in the node's conditions and in `unschedulable` already. */
const ownTaint = /^node\.kubernetes\.io\/(not-ready|unreachable|unschedulable)$/;

/** One entry per GPU resource; none for nodes without GPUs. A node whose device plugin is down offers 0. */
export function gpuNodes(node: KubernetesObject): readonly GpuNode[] {
  const { name, labels = {} } = node.metadata;
  const taints = listAt(node, 'spec', 'taints')
    .map((taint) => ({
      key: textAt(taint, 'key') ?? '',
      value: textAt(taint, 'value') ?? '',
      effect: textAt(taint, 'effect') ?? '',
    }))
    .filter(({ key, effect }) => effect !== 'PreferNoSchedule' && !ownTaint.test(key));
  return (
    entriesAt(node, 'status', 'allocatable')
      .filter(([resource]) => isGpuResource(resource))
      .map(([resource, amount]) => ({
        name,
        resource,
        ...gpuKind(resource, labels),
        total: Number.isInteger(Number(amount)) ? Number(amount) : 0,
        ready: conditionOf(node, 'Ready')?.status === 'True',
        cordoned: booleanAt(node, 'spec', 'unschedulable') === true,
        taints,
        labels,
      }))
      // Of the resources of a MIG strategy, those that are not in use are offered as 0.
      .filter(({ total, resource }) => total > 0 || resource === 'nvidia.com/gpu' || resource === 'amd.com/gpu')
  );
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

const tolerates = (taint: Taint, { key, operator = 'Equal', value = '', effect }: Toleration): boolean =>
  (effect === undefined || effect === taint.effect) &&
  (key === undefined ? operator === 'Exists' : key === taint.key) &&
  (operator === 'Exists' || value === taint.value);

/** Why a pod with these tolerations cannot go there, in words; empty = it can. */
export function blockersOf(
  { ready, cordoned, taints }: Pick<GpuNode, 'ready' | 'cordoned' | 'taints'>,
  tolerations: readonly Toleration[] = [],
): readonly string[] {
  const keptAway = taints.filter((taint) => !tolerations.some((toleration) => tolerates(taint, toleration)));
  return [
    ...(ready ? [] : ['not ready']),
    ...(cordoned ? ['cordoned'] : []),
    ...keptAway.map(({ key, value, effect }) => `taint ${key}${value === '' ? '' : `=${value}`}:${effect}`),
  ];
}
