import { randomUUID } from 'node:crypto';
import type { Api } from '../call.ts';
import type { JsonObject } from '../objects/json.ts';
import { type Metadata, timestamp } from '../objects/object.ts';
import { readVerbs } from '../objects/resource.ts';

const namespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'] as const;
const scheduling = 'scheduling.k8s.io';
const rbac = 'rbac.authorization.k8s.io';
const write = ['create', 'delete', 'deletecollection', 'patch', 'update'];

const rule = (apiGroups: readonly string[], resources: readonly string[], verbs: readonly string[]) => ({
  apiGroups,
  resources,
  verbs,
});
const paths = (nonResourceURLs: readonly string[]) => ({ nonResourceURLs, verbs: ['get'] });

const discoveryPaths = ['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*'];
const issuerPaths = ['/.well-known/openid-configuration', '/openid/v1/jwks'].flatMap((path) => [path, `${path}/`]);
const healthPaths = ['/healthz', '/livez', '/readyz', '/version', '/version/'];

const workloads = [
  rule(
    [''],
    ['configmaps', 'endpoints', 'events', 'persistentvolumeclaims', 'pods', 'pods/log', 'pods/status', 'services'],
    readVerbs,
  ),
  rule([''], ['limitranges', 'namespaces', 'resourcequotas', 'serviceaccounts'], readVerbs),
  rule(['apps'], ['deployments', 'replicasets', 'statefulsets', 'daemonsets'], readVerbs),
  rule(['batch'], ['jobs'], readVerbs),
  rule(['discovery.k8s.io'], ['endpointslices'], readVerbs),
];
const changes = [
  rule(
    [''],
    ['configmaps', 'events', 'persistentvolumeclaims', 'pods', 'secrets', 'serviceaccounts', 'services'],
    write,
  ),
  rule([''], ['pods/proxy', 'services/proxy', 'secrets'], readVerbs),
  rule(['apps'], ['deployments', 'deployments/scale', 'replicasets', 'statefulsets'], write),
  rule(['batch'], ['jobs'], write),
];

/** The roles that every cluster begins with; `view`, `edit` and `admin` hold what the sandbox serves of theirs. */
const clusterRoles: { readonly [name: string]: readonly JsonObject[] } = {
  'cluster-admin': [rule(['*'], ['*'], ['*']), { nonResourceURLs: ['*'], verbs: ['*'] }],
  admin: [...workloads, ...changes, rule([rbac], ['roles', 'rolebindings'], ['*'])],
  edit: [...workloads, ...changes],
  view: workloads,
  'system:basic-user': [
    rule(['authorization.k8s.io'], ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'], ['create']),
    rule(['authentication.k8s.io'], ['selfsubjectreviews'], ['create']),
  ],
  'system:discovery': [paths([...discoveryPaths, ...healthPaths])],
  'system:public-info-viewer': [paths(healthPaths)],
  'system:service-account-issuer-discovery': [paths(issuerPaths)],
};

const bindings: { readonly [role: string]: readonly string[] } = {
  'cluster-admin': ['system:masters'],
  'system:basic-user': ['system:authenticated'],
  'system:discovery': ['system:authenticated'],
  'system:public-info-viewer': ['system:authenticated', 'system:unauthenticated'],
  'system:service-account-issuer-discovery': ['system:serviceaccounts'],
};

const priorities = { 'system-cluster-critical': 2_000_000_000, 'system-node-critical': 2_000_001_000 };

/** Keeps what every cluster has from its beginning. */
export function seed({ store }: Api): void {
  const keep = (table: string, kind: string, metadata: Metadata, rest: JsonObject): void => {
    store.put(table, {
      apiVersion: table.includes('.') ? `${table.slice(table.indexOf('.') + 1)}/v1` : 'v1',
      kind,
      metadata: { uid: randomUUID(), creationTimestamp: timestamp(), ...metadata },
      ...rest,
    });
  };
  const bootstrapping = {
    labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
    annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
  };
  for (const name of namespaces) {
    keep(
      'namespaces',
      'Namespace',
      { name, labels: { 'kubernetes.io/metadata.name': name } },
      {
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      },
    );
  }
  for (const [name, rules] of Object.entries(clusterRoles)) {
    keep(`clusterroles.${rbac}`, 'ClusterRole', { name, ...bootstrapping }, { rules });
  }
  for (const [name, groups] of Object.entries(bindings)) {
    keep(
      `clusterrolebindings.${rbac}`,
      'ClusterRoleBinding',
      { name, ...bootstrapping },
      {
        roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
        subjects: groups.map((group) => ({ apiGroup: rbac, kind: 'Group', name: group })),
      },
    );
  }
  for (const [name, value] of Object.entries(priorities)) {
    const description = `Used for system critical pods that must ${value % 10_000 === 0 ? 'run in the cluster' : 'not be moved from their current node'}.`;
    keep(
      `priorityclasses.${scheduling}`,
      'PriorityClass',
      { name, generation: 1 },
      { value, description, preemptionPolicy: 'PreemptLowerPriority' },
    );
  }
  keep(
    'services',
    'Service',
    { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
    {
      spec: {
        clusterIP: '10.96.0.1',
        clusterIPs: ['10.96.0.1'],
        internalTrafficPolicy: 'Cluster',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
        sessionAffinity: 'None',
        type: 'ClusterIP',
      },
      status: { loadBalancer: {} },
    },
  );
}
