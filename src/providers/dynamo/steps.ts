import type { ObjectReference } from '../../kubernetes.ts';
import type { Facts, OperatorFact, Step } from '../provider.ts';
import { crds } from './installation.ts';
import { compareVersions, parseVersion, type Version } from './versions.ts';

const chart = 'dynamo-platform';
const repository = 'https://helm.ngc.nvidia.com/nvidia/ai-dynamo';

/** The release that KubeFoundry installs, and where. */
export const release = 'dynamo-platform';
export const namespace = 'dynamo-system';

/** The chart's kubeVersion. */
const oldestKubernetes: Version = { major: 1, minor: 30, patch: 0 };

type HelmAction = Extract<Step, { kind: 'helm' }>['action'];

/** One release of the chart. */
interface Target {
  readonly release: string;
  readonly namespace: string;
  readonly version: string;
}

export function helm(action: HelmAction, target: Target): Step {
  const location = `--namespace ${target.namespace}`;
  const source = `${target.release} ${chart} --repo ${repository} --version ${target.version}`;
  const commands: Readonly<Record<HelmAction, string>> = {
    install: `helm install ${source} ${location} --create-namespace --wait --timeout 10m`,
    upgrade: `helm upgrade ${source} ${location} --reset-then-reuse-values --wait --timeout 10m`,
    uninstall: `helm uninstall ${target.release} ${location} --wait`,
  };
  const titles: Readonly<Record<HelmAction, string>> = {
    install: `Install the chart ${chart} ${target.version} into ${target.namespace}`,
    upgrade: `Upgrade the release ${target.release} in ${target.namespace} to ${chart} ${target.version}`,
    uninstall: `Uninstall the release ${target.release} from ${target.namespace}; the namespace stays`,
  };
  return {
    kind: 'helm',
    action,
    chart,
    repository,
    values: {},
    ...target,
    title: titles[action],
    command: commands[action],
  };
}

/** The CRDs that every supported release has; the operator's init container applies them. */
const essentialCrds = crds.slice(0, 3);

export function waitUntilReady(target: Target, name: string): readonly Step[] {
  return [
    {
      kind: 'waitOperator',
      namespace: target.namespace,
      name,
      title: `Wait until the operator ${name} is available`,
      command: `kubectl rollout status deployment/${name} --namespace ${target.namespace} --timeout 10m`,
    },
    {
      kind: 'waitCrds',
      names: essentialCrds,
      title: 'Wait until the CRDs are established',
      command: `kubectl wait --for condition=Established ${essentialCrds.map((crd) => `crd/${crd}`).join(' ')}`,
    },
  ];
}

/** Checks of the cluster that need no request. */
export function checks(facts: Facts): readonly Step[] {
  const server = facts.serverVersion === undefined ? undefined : parseVersion(facts.serverVersion);
  const nodesRead = !facts.unread.some(({ what }) => what === 'nodes');
  return [
    {
      kind: 'check',
      check: 'Kubernetes 1.30 or newer',
      passed: server === undefined ? null : compareVersions(server, oldestKubernetes) >= 0,
      title: 'Check that Kubernetes is 1.30 or newer',
      command: 'kubectl version',
    },
    {
      kind: 'check',
      check: 'A node offers nvidia.com/gpu',
      passed: nodesRead ? facts.nodes.some(({ gpus }) => gpus > 0) : null,
      title: 'Check that a node offers GPUs',
      command: "kubectl get nodes -o custom-columns='NAME:.metadata.name,GPUS:.status.allocatable.nvidia\\.com/gpu'",
    },
  ];
}

/** The Helm release that an operator belongs to. */
export const releaseOf = (operator: OperatorFact | undefined): string =>
  operator?.labels['app.kubernetes.io/instance'] ?? release;

/** Why Helm must not touch an operator that something else manages. */
export function notByHelm(operator: OperatorFact | undefined): readonly string[] {
  const manager = operator?.labels['app.kubernetes.io/managed-by'];
  return manager === undefined || manager === 'Helm'
    ? []
    : [`The operator is managed by ${manager}, not by Helm: change it there.`];
}

const resource = ({ kind, apiVersion }: ObjectReference): string =>
  `${kind.toLowerCase()}.${apiVersion.slice(0, apiVersion.indexOf('/'))}`;

/** Background, because operators up to 1.1 never finish a foreground deletion (ai-dynamo/dynamo #8204). */
export function deletion(target: ObjectReference): Step {
  return {
    kind: 'delete',
    target,
    propagation: 'Background',
    title: `Delete ${target.kind} ${target.namespace}/${target.name}`,
    command: `kubectl delete ${resource(target)} ${target.name} --namespace ${target.namespace} --cascade=background`,
  };
}

export function untilGone(target: ObjectReference): Step {
  return {
    kind: 'waitGone',
    target,
    title: `Wait until ${target.kind} ${target.namespace}/${target.name} is gone`,
    command: `kubectl wait --for=delete ${resource(target)}/${target.name} --namespace ${target.namespace} --timeout 10m`,
  };
}
