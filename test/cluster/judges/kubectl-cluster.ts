import type { Command } from './commands.ts';
import { known } from './known.ts';

/** What kubectl says of a cluster: versions, discovery, nodes. */
export const clusterCommands: readonly Command[] = [
  { line: 'version' },
  {
    line: 'version -o yaml',
    known: known.build,
  },
  { line: 'cluster-info' },
  { line: 'api-versions', known: known.kinds },
  { line: 'api-resources', known: known.kinds },
  { line: 'api-resources -o wide --sort-by=name', known: known.kinds },
  {
    line: 'api-resources --namespaced=false --verbs=create -o name',
    known: known.kinds,
  },
  { line: 'get --raw /healthz' },
  { line: 'get --raw /api' },
  { line: 'get --raw /apis/apps' },
  { line: 'get --raw /nowhere', fails: true },
  { line: 'get namespaces' },
  { line: 'get namespace default -o yaml' },
  { line: 'get nodes' },
  { line: 'get nodes -o wide' },
  { line: 'get nodes -l nvidia.com/gpu.family=hopper -o name' },
  { line: 'get node gpu-h100-0 -o yaml' },
  { line: 'describe node gpu-h100-0', known: known.registration },
  { line: 'get events --all-namespaces', known: known.registration, settles: true },
  { line: 'get all --all-namespaces' },
  { line: 'get priorityclasses' },
  { line: 'get nosuch', fails: true },
  { line: 'get pod nosuch', fails: true },
  { line: 'top node', fails: true },
  { line: 'top pod', fails: true },
  {
    line: 'explain deployment.spec.replicas',
    known: known.descriptions,
  },
  { line: 'cordon gpu-l4-0' },
  { line: 'get node gpu-l4-0' },
  { line: 'uncordon gpu-l4-0' },
  { line: 'taint node gpu-l4-0 kept=away:NoSchedule' },
  { line: 'get node gpu-l4-0 -o jsonpath={.spec.taints}' },
  { line: 'taint node gpu-l4-0 kept-' },
  { line: 'drain gpu-l4-0 --dry-run=server' },
];
