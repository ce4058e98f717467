import { providers } from '../providers/registry.ts';

/** Roles that an administrator gives (docs/rbac). `deploy` and `install` build on `observe`. */
export const accessRoles = ['observe', 'deploy', 'install'] as const;
export type AccessRole = (typeof accessRoles)[number];

/** One thing that the server allows or not, as RBAC names it. */
export interface Right {
  readonly verb: string;
  /** '' for the core group. */
  readonly group: string;
  /** Plural, with its subresource where it has one: `pods/log`. */
  readonly resource: string;
  /** Only the object of that name. */
  readonly name?: string;
  /** Stands outside namespaces, or is needed in all of them. */
  readonly clusterWide?: boolean;
}

/** What a tool asks of the server. */
export interface Needs {
  /** The role with which it works. */
  readonly role: AccessRole;
  readonly rights: readonly Right[];
  /** Rights without which it works all the same, and leaves something undone. */
  readonly optional?: readonly Right[];
}

/** `may('get list', '', 'pods services')`: every verb on every resource. */
export function may(
  verbs: string,
  group: string,
  resources: string,
  more: Pick<Right, 'name' | 'clusterWide'> = {},
): readonly Right[] {
  return resources
    .split(' ')
    .flatMap((resource) => verbs.split(' ').map((verb) => ({ verb, group, resource, ...more })));
}

const outside = { clusterWide: true } as const;

/** The verbs on the deployments of every runtime. */
export const mayOnPrimaries = (verbs: string): readonly Right[] =>
  providers.flatMap(({ group, plural }) => may(verbs, group, plural));

/** The verbs on all that belongs to deployments. */
export const mayOnParts = (verbs: string): readonly Right[] =>
  providers.flatMap(({ reading }) => reading.resources.flatMap(({ group, plural }) => may(verbs, group, plural)));

const crds = providers.flatMap(({ installation }) => installation.crds);
const definitions = { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' };

/** Which of several served versions is stored stands only in the CRD; without it discovery tells as much as it can. */
export const readingVersions: readonly Right[] = providers.map(({ group, plural }) => ({
  verb: 'get',
  ...definitions,
  name: `${plural}.${group}`,
  ...outside,
}));

export const readingOperators: readonly Right[] = may('list', 'apps', 'deployments');

/** Which GPUs there are. */
export const readingNodes: readonly Right[] = may('list', '', 'nodes', outside);

/** Whether volumes that name no StorageClass get one. */
export const readingStorageClasses: readonly Right[] = may('list', 'storage.k8s.io', 'storageclasses', outside);

/** What is told better with than without: versions and fields of CRDs, and where GPUs are. */
export const readingCrdsAndNodes: readonly Right[] = [
  ...crds.map((name) => ({ verb: 'get', ...definitions, name, ...outside })),
  ...readingNodes,
];

/** What scaling changes beside the primaries. */
export const scalingParts: readonly Right[] = providers.flatMap(({ changing }) =>
  changing.resources.flatMap(({ group, plural }) => may('patch', group, plural)),
);
/** Who uses GPUs, in every namespace: what single namespaces hold tells nothing about what is free. */
export const readingAllPods: readonly Right[] = may('list', '', 'pods', outside);

/** One deployment by name, in one namespace or in all, with all that belongs to it. */
export const lookingUp: readonly Right[] = [...mayOnPrimaries('get list'), ...mayOnParts('list')];

/** A dry-run takes the rights of the write itself. */
export const planning: readonly Right[] = mayOnPrimaries('get create patch');

/** What a plan tells better with than without. */
export const surveying: readonly Right[] = [...readingOperators, ...readingCrdsAndNodes];

/** Following a deployment as it changes. */
export const waiting: readonly Right[] = [...mayOnPrimaries('watch'), ...mayOnParts('watch')];

/** Events of ours on what was changed. */
export const recording: readonly Right[] = may('create', '', 'events');

/** What helm 3 and 4 do with what a chart makes; only its own Secrets does it replace whole. */
const manage = 'get list watch create patch delete';

/** Kinds of which both charts make some, in the operator's namespace; Secrets also hold helm's releases. */
export const chartKinds = [
  { group: '', resource: 'secrets' },
  { group: '', resource: 'serviceaccounts' },
  { group: '', resource: 'services' },
  { group: '', resource: 'configmaps' },
  { group: 'apps', resource: 'deployments' },
  { group: 'rbac.authorization.k8s.io', resource: 'roles' },
  { group: 'rbac.authorization.k8s.io', resource: 'rolebindings' },
] as const;

/** Kinds outside namespaces of which both charts make some. */
export const chartClusterKinds = [
  { group: 'rbac.authorization.k8s.io', resource: 'clusterroles' },
  { group: 'rbac.authorization.k8s.io', resource: 'clusterrolebindings' },
] as const;

/** Who may not do this can give an operator no rights but their own. */
export const granting: readonly Right[] = may('bind escalate', 'rbac.authorization.k8s.io', 'clusterroles', outside);

/** What helm needs for the charts of the runtimes, their hooks and options. */
const helm: readonly Right[] = [
  ...[...chartKinds, ...chartClusterKinds].flatMap(({ group, resource }) => may(manage, group, resource, outside)),
  ...may('update', '', 'secrets', outside),
  ...granting,
  ...may('bind escalate', 'rbac.authorization.k8s.io', 'roles', outside),
  ...may('get create patch', '', 'namespaces', outside),
  ...may('list', '', 'pods', outside),
  ...may('list', 'apps', 'replicasets', outside),
  ...may(manage, 'batch', 'jobs', outside),
  ...may(manage, 'admissionregistration.k8s.io', 'mutatingwebhookconfigurations', outside),
  ...may(manage, 'admissionregistration.k8s.io', 'validatingwebhookconfigurations', outside),
];

/** Charts make these with options, or where the cluster serves them: Prometheus' monitors, NATS, etcd, budgets. */
export const chartOptions: readonly Right[] = [
  ...may(manage, 'monitoring.coreos.com', 'podmonitors servicemonitors', outside),
  ...may(manage, 'apps', 'statefulsets', outside),
  ...may(manage, 'policy', 'poddisruptionbudgets', outside),
];

/** What every installation and uninstallation does besides: it holds a Lease, helm does its part, CRDs come and go. */
export const installing: readonly Right[] = [
  ...may('get create patch delete', 'coordination.k8s.io', 'leases', outside),
  ...helm,
  ...may(manage, definitions.group, definitions.resource, outside),
];

/** The custom resources of every runtime, all of which go with it. */
export const mayOnCustomResources = (verbs: string): readonly Right[] =>
  crds.flatMap((name) => {
    const [resource = '', ...group] = name.split('.');
    return may(verbs, group.join('.'), resource, outside);
  });

/** The ClusterRoles of `observe` (docs/rbac): what stands outside namespaces is one of its own, so that the other can be bound in single ones. */
export const observing = { within: 'kubefoundry-observe', outside: 'kubefoundry-observe-cluster' } as const;

/** The ClusterRole of another role. */
export const clusterRoleOf = (role: Exclude<AccessRole, 'observe'>) => `kubefoundry-${role}` as const;

/** The command with which an administrator gives a ClusterRole. */
export const bindingCommand = (clusterRole: string, namespace?: string): string =>
  namespace === undefined
    ? `kubectl create clusterrolebinding NAME --clusterrole=${clusterRole} --user=USER`
    : `kubectl create rolebinding NAME -n ${namespace} --clusterrole=${clusterRole} --user=USER`;

/** `rayservices.ray.io`, `pods/log`, as kubectl takes it. */
export const resourceWord = ({ group, resource }: Pick<Right, 'group' | 'resource'>): string => {
  const [plural = '', subresource] = resource.split('/');
  return `${plural}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
};
