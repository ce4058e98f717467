import type { Command } from './commands.ts';

const fewerKinds = 'the sandbox serves the kinds that this program and its users meet';

/** Kinds that only the real server has. */
const others =
  /podtemplates|replicationcontrollers|admissionpolic|apiservices|autoscaling|cronjobs|certificate|flowcontrol|networking|runtimeclasses|policy\/v1|disruptionbudgets|resource\.k8s|csi|volumeatt|componentstatuses|apiregistration|leasecandidates|servicecidr|node\.k8s/;

const registered = { lines: /RegisteredNode|^Events:|^ {2}(Type|-{4}) /, reason: 'nobody registers nodes' };

/** What kubectl says of a cluster: versions, discovery, nodes. */
export const clusterCommands: readonly Command[] = [
  { line: 'version' },
  {
    line: 'version -o yaml',
    known: { lines: /git(Commit|TreeState)|goVersion|buildDate/, reason: 'no build stands behind the sandbox' },
  },
  { line: 'cluster-info' },
  { line: 'api-versions', known: { lines: others, reason: fewerKinds } },
  { line: 'api-resources', known: { lines: others, reason: fewerKinds } },
  { line: 'api-resources -o wide --sort-by=name', known: { lines: others, reason: fewerKinds } },
  {
    line: 'api-resources --namespaced=false --verbs=create -o name',
    known: { lines: others, reason: fewerKinds },
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
  { line: 'describe node gpu-h100-0', known: registered },
  { line: 'get events --all-namespaces', known: { lines: /./, reason: 'nobody registers nodes' } },
  { line: 'get all --all-namespaces' },
  { line: 'get priorityclasses' },
  { line: 'get nosuch', fails: true },
  { line: 'get pod nosuch', fails: true },
  { line: 'top node', fails: true },
  { line: 'top pod', fails: true },
  {
    line: 'explain deployment.spec.replicas',
    known: { lines: /^ {4}/, reason: 'the schemas of built-in kinds have no descriptions' },
  },
  { line: 'cordon gpu-l4-0' },
  { line: 'get node gpu-l4-0' },
  { line: 'uncordon gpu-l4-0' },
  { line: 'taint node gpu-l4-0 kept=away:NoSchedule' },
  { line: 'get node gpu-l4-0 -o jsonpath={.spec.taints}' },
  { line: 'taint node gpu-l4-0 kept-' },
  { line: 'drain gpu-l4-0 --dry-run=server' },
];
