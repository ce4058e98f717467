import type { Cause } from '../../../providers/causes.ts';
import { editByHand, lessThan, redeploy, toolCall } from '../../../providers/fixes.ts';
import { cores } from '../../../providers/quantities.ts';

const sorts = ['scheduler', 'event'] as const;
const taints = 'kubectl get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints';
const capacity = (): string => toolCall('get_cluster_capacity', {});

/**
 * Why a pod finds no node, in the scheduler's words; GPUs are counted apart where the nodes may be read.
 * The order is that of what one can do something about: a taint hides the GPUs that are behind it.
 */
export const schedulingCauses: readonly Cause[] = [
  {
    code: 'CLAIM_MISSING',
    sorts: ['scheduler', 'event', 'claim'],
    pattern: /persistentvolumeclaim "(?<claim>[a-z0-9.-]{1,253})" (?:not found|is being deleted)/i,
    title: ({ claim }) => `Its pods mount the PersistentVolumeClaim ${claim}, which does not exist.`,
    fix: (about) => editByHand(about),
  },
  {
    code: 'STORAGE_CLASS_MISSING',
    sorts: ['claim', 'event'],
    pattern:
      /storageclass\.storage\.k8s\.io "(?<storage>[a-z0-9.-]{1,253})" not found|no storage class is set|without a storage class/i,
    title: ({ storage }) =>
      storage === undefined
        ? 'Its volume claim names no storage class, and the cluster has no default one.'
        : `Its volume claim names the storage class ${storage}, which does not exist.`,
    fix: () => 'kubectl get storageclass',
  },
  {
    code: 'CLAIM_PENDING',
    sorts: ['scheduler', 'claim', 'event'],
    pattern:
      /unbound immediate PersistentVolumeClaims|ProvisioningFailed|find available persistent volumes to bind|is Pending/i,
    title: () => 'A volume that its pods mount has not been provided.',
    fix: ({ namespace }) => `kubectl describe pvc -n ${namespace}`,
  },
  {
    code: 'VOLUME_ON_OTHER_NODE',
    sorts,
    pattern: /volume node affinity conflict/,
    title: () => 'Its volume is bound to nodes on which the pod cannot run.',
    fix: ({ namespace }) => `kubectl describe pvc -n ${namespace}`,
  },
  {
    code: 'GANG_WAITING',
    sorts,
    pattern:
      /non-empty scheduling gates|SchedulingGated|schedule-gated|pod ?group is not ready|gang|PodGroup|queue .*(?:quota|capacity)|minAvailable/i,
    title: () => 'It is held back by a queue or a gang scheduler until all of its pods fit at once.',
    fix: capacity,
  },
  {
    code: 'NODE_DOWN',
    sorts,
    pattern:
      /taint(?:\(s\))? \{node\.kubernetes\.io\/(?:not-ready|unreachable|disk-pressure|memory-pressure|network-unavailable)/,
    title: () => 'Nodes that could take it are not ready.',
    fix: () => 'kubectl get nodes -o wide',
  },
  {
    code: 'NODE_CORDONED',
    sorts,
    pattern: /were unschedulable|\{node\.kubernetes\.io\/unschedulable/,
    title: () => 'Nodes that could take it are cordoned.',
    fix: () => 'kubectl uncordon <node>',
  },
  {
    code: 'NODE_TAINTED',
    sorts,
    pattern:
      /untolerated taint(?:\(s\))?(?: \{(?<taint>(?!node\.kubernetes\.io)[\w./-]{1,317})(?:: ?[\w.-]{0,63})?\}|$| \(pre)/,
    title: ({ taint }) =>
      `Nodes that could take it have a taint${taint ? ` (${taint})` : ''} that it does not tolerate.`,
    fix: (about, { taint }) => {
      if (taint === undefined) return taints;
      const others = (about.asked?.tolerations ?? []).filter(({ key }) => key !== taint);
      return redeploy(about, { tolerations: [...others, { key: taint, operator: 'Exists' }] }, taints);
    },
  },
  {
    code: 'NODE_SELECTOR_UNMATCHED',
    sorts,
    pattern: /node affinity\/selector|node selector|anti-affinity|topology spread/,
    title: () => 'Too few nodes have the labels that it asks for (nodeSelector, affinity).',
    fix: (about) => redeploy(about, { nodeSelector: null }),
  },
  {
    code: 'GPUS_TOO_MANY',
    sorts,
    pattern: /Insufficient (?:nvidia|amd)\.com\/.*preemption is not helpful on any/,
    title: () => 'No node has as many GPUs as a pod asks for.',
    fix: capacity,
  },
  {
    code: 'GPUS_IN_USE',
    sorts,
    pattern: /Insufficient (?:nvidia|amd)\.com\/(?!.*not helpful on any)/,
    title: () => 'The GPUs that it asks for are in use by others.',
    fix: capacity,
  },
  {
    code: 'MEMORY_SHORT',
    sorts,
    pattern: /Insufficient (?:memory|ephemeral-storage|hugepages)/,
    title: () => 'No node has the memory free that a pod asks for.',
    fix: (about) => {
      const memory = lessThan(about.memory, 16);
      return memory === undefined ? capacity() : redeploy(about, { memory }, capacity());
    },
  },
  {
    code: 'CPU_SHORT',
    sorts,
    pattern: /Insufficient cpu/,
    title: () => 'No node has the CPUs free that a pod asks for.',
    // One per GPU and one for the engine itself: less does not start.
    fix: (about) => {
      const least = (about.gpus ?? 1) + 1;
      return (cores(about.cpu ?? '') ?? 0) > least ? redeploy(about, { cpu: String(least) }, capacity()) : capacity();
    },
  },
  {
    code: 'NODE_PODS_FULL',
    sorts,
    pattern: /Too many pods/,
    title: () => 'The nodes that could take it run as many pods as they may.',
    fix: () => 'kubectl get nodes -o custom-columns=NAME:.metadata.name,PODS:.status.allocatable.pods',
  },
  {
    code: 'UNSCHEDULABLE',
    rank: 'symptom',
    sorts: ['scheduler'],
    pattern: /./s,
    title: () => 'The scheduler finds no node for it.',
    fix: capacity,
  },
];
