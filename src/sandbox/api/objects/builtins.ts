import { builtinSchema } from '../schema/builtin.ts';
import { allVerbs, apiVersionOf, type ServedResource, tableOf } from './resource.ts';

type Options = Partial<
  Pick<
    ServedResource,
    'shortNames' | 'categories' | 'namespaced' | 'verbs' | 'subresources' | 'singular' | 'table' | 'storedAs'
  >
>;

function builtin(apiVersion: string, kind: string, plural: string, options: Options = {}): ServedResource {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const names = { group: group ?? '', version: version ?? '', plural };
  return {
    ...names,
    kind,
    listKind: `${kind}List`,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: allVerbs,
    subresources: [],
    table: tableOf(names),
    storedAs: apiVersionOf(names),
    custom: false,
    schema: builtinSchema(apiVersion, kind),
    ...options,
  };
}

const all = ['all'];
const cluster = { namespaced: false };
const review = { namespaced: false, verbs: ['create'] };

/** The resources of a Kubernetes server that are served from the start. */
export const builtins: readonly ServedResource[] = [
  builtin('v1', 'Namespace', 'namespaces', {
    shortNames: ['ns'],
    namespaced: false,
    subresources: ['status', 'finalize'],
    verbs: allVerbs.filter((verb) => verb !== 'deletecollection'),
  }),
  builtin('v1', 'Node', 'nodes', { shortNames: ['no'], namespaced: false, subresources: ['status'] }),
  builtin('v1', 'Pod', 'pods', {
    shortNames: ['po'],
    categories: all,
    subresources: ['status', 'log', 'binding', 'eviction', 'proxy'],
  }),
  builtin('v1', 'Binding', 'bindings', { verbs: ['create'] }),
  builtin('v1', 'Service', 'services', { shortNames: ['svc'], categories: all, subresources: ['status', 'proxy'] }),
  builtin('v1', 'Endpoints', 'endpoints', { shortNames: ['ep'], singular: 'endpoints' }),
  builtin('v1', 'ConfigMap', 'configmaps', { shortNames: ['cm'] }),
  builtin('v1', 'Secret', 'secrets'),
  builtin('v1', 'ServiceAccount', 'serviceaccounts', { shortNames: ['sa'], subresources: ['token'] }),
  builtin('v1', 'Event', 'events', { shortNames: ['ev'] }),
  builtin('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', { shortNames: ['pvc'], subresources: ['status'] }),
  builtin('v1', 'PersistentVolume', 'persistentvolumes', {
    shortNames: ['pv'],
    namespaced: false,
    subresources: ['status'],
  }),
  builtin('v1', 'ResourceQuota', 'resourcequotas', { shortNames: ['quota'], subresources: ['status'] }),
  builtin('v1', 'LimitRange', 'limitranges', { shortNames: ['limits'] }),
  builtin('events.k8s.io/v1', 'Event', 'events', { shortNames: ['ev'], table: 'events', storedAs: 'v1' }),
  builtin('apps/v1', 'Deployment', 'deployments', {
    shortNames: ['deploy'],
    categories: all,
    subresources: ['status', 'scale'],
  }),
  builtin('apps/v1', 'ReplicaSet', 'replicasets', {
    shortNames: ['rs'],
    categories: all,
    subresources: ['status', 'scale'],
  }),
  builtin('apps/v1', 'StatefulSet', 'statefulsets', {
    shortNames: ['sts'],
    categories: all,
    subresources: ['status', 'scale'],
  }),
  builtin('apps/v1', 'DaemonSet', 'daemonsets', { shortNames: ['ds'], categories: all, subresources: ['status'] }),
  builtin('apps/v1', 'ControllerRevision', 'controllerrevisions'),
  builtin('batch/v1', 'Job', 'jobs', { categories: all, subresources: ['status'] }),
  builtin('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices'),
  builtin('coordination.k8s.io/v1', 'Lease', 'leases'),
  builtin('storage.k8s.io/v1', 'StorageClass', 'storageclasses', { shortNames: ['sc'], namespaced: false }),
  builtin('scheduling.k8s.io/v1', 'PriorityClass', 'priorityclasses', { shortNames: ['pc'], namespaced: false }),
  builtin('rbac.authorization.k8s.io/v1', 'Role', 'roles'),
  builtin('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings'),
  builtin('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles', cluster),
  builtin('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'clusterrolebindings', cluster),
  builtin('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', 'mutatingwebhookconfigurations', {
    namespaced: false,
    categories: ['api-extensions'],
  }),
  builtin('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'validatingwebhookconfigurations', {
    namespaced: false,
    categories: ['api-extensions'],
  }),
  builtin('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions', {
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    namespaced: false,
    subresources: ['status'],
  }),
  builtin('authorization.k8s.io/v1', 'SelfSubjectAccessReview', 'selfsubjectaccessreviews', review),
  builtin('authorization.k8s.io/v1', 'SelfSubjectRulesReview', 'selfsubjectrulesreviews', review),
  builtin('authorization.k8s.io/v1', 'SubjectAccessReview', 'subjectaccessreviews', review),
  builtin('authorization.k8s.io/v1', 'LocalSubjectAccessReview', 'localsubjectaccessreviews', { verbs: ['create'] }),
  builtin('authentication.k8s.io/v1', 'SelfSubjectReview', 'selfsubjectreviews', review),
  builtin('authentication.k8s.io/v1', 'TokenReview', 'tokenreviews', review),
];
