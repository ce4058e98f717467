import { type KubernetesObject, listAt, textAt, valueAt } from '../../../kubernetes.ts';
import { isMap, labelOf, ownedBy, textsAt } from '../objects.ts';
import { componentLabel, graphLabel, hashLabel, stamped } from './children.ts';
import { type Component, componentsOf, isWorker } from './components.ts';

type Fields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Fields => (isMap(value) ? value : {});

const env = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([name, value]) => ({ name, value }));
const fieldEnv = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([name, fieldPath]) => ({ name, valueFrom: { fieldRef: { fieldPath } } }));
const port = (name: string, containerPort: number) => ({ name, containerPort, protocol: 'TCP' });
const probe = (path: string, portName: string, periodSeconds: number, failureThreshold: number) => ({
  httpGet: { path, port: portName, scheme: 'HTTP' },
  periodSeconds,
  failureThreshold,
});

/** What the operator adds to the container `main`. */
function mainContainer(owner: KubernetesObject, component: Component, given: Fields): Fields {
  const namespace = labelOf(owner, 'nvidia.com/dynamo-namespace') ?? '';
  const hash = labelOf(owner, hashLabel);
  const frontend = component.type === 'frontend';
  const own = {
    DYN_COMPONENT: component.type === '' ? component.name : component.type,
    DYN_NAMESPACE: namespace,
    DYN_PARENT_DGD_K8S_NAME: labelOf(owner, graphLabel) ?? '',
    DYN_PARENT_DGD_K8S_NAMESPACE: owner.metadata.namespace ?? '',
    DYN_DISCOVERY_BACKEND: 'kubernetes',
    ...(frontend
      ? { DYNAMO_PORT: '8000', DYN_HTTP_PORT: '8000', DYN_NAMESPACE_PREFIX: namespace }
      : { DYN_SYSTEM_ENABLED: 'true', DYN_SYSTEM_PORT: '9090' }),
    ...(hash === undefined ? {} : { DYN_NAMESPACE_WORKER_SUFFIX: hash }),
  };
  const pod = { POD_NAME: 'metadata.name', POD_NAMESPACE: 'metadata.namespace', POD_UID: 'metadata.uid' };
  const defaults = frontend
    ? {
        command: ['python3'],
        args: ['-m', 'dynamo.frontend'],
        ports: [port('http', 8000)],
        livenessProbe: probe('/live', 'http', 10, 3),
        readinessProbe: probe('/health', 'http', 10, 3),
      }
    : {
        ports: [port('system', 9090), port('nixl', 19090)],
        livenessProbe: probe('/live', 'system', 5, 1),
        readinessProbe: probe('/health', 'system', 10, 3),
        startupProbe: probe('/live', 'system', 10, 720),
      };
  return {
    imagePullPolicy: 'IfNotPresent',
    ...defaults,
    ...given,
    env: [...env(own), ...fieldEnv(pod), ...listAt(given, 'env')],
    volumeMounts: [...listAt(given, 'volumeMounts'), { name: 'shared-memory', mountPath: '/dev/shm' }],
  };
}

/** The Kubernetes Deployment and the Service of one DynamoComponentDeployment. */
export function workload(owner: KubernetesObject): { deployment: KubernetesObject; service: KubernetesObject } {
  const [component] = componentsOf(owner);
  if (component === undefined) throw new Error(`${owner.metadata.name} has no component`);
  const { name, namespace } = owner.metadata;
  const graph = labelOf(owner, graphLabel) ?? name;
  const frontend = component.type === 'frontend';
  const hash = labelOf(owner, hashLabel);
  const common = {
    [componentLabel]: component.name,
    [graphLabel]: graph,
    'nvidia.com/dynamo-namespace': labelOf(owner, 'nvidia.com/dynamo-namespace') ?? '',
    ...(component.subType === undefined ? {} : { 'nvidia.com/dynamo-sub-component-type': component.subType }),
    ...(hash === undefined || !isWorker(component) ? {} : { [hashLabel]: hash }),
  };
  const discovery = {
    'nvidia.com/dynamo-discovery-backend': 'kubernetes',
    'nvidia.com/dynamo-discovery-enabled': 'true',
  };
  const template = component.podTemplate;
  const podSpec = fields(valueAt(template, 'spec'));
  const containers = listAt(podSpec, 'containers').map((container) =>
    textAt(container, 'name') === 'main' ? mainContainer(owner, component, fields(container)) : container,
  );
  const metadata = (labels: Readonly<Record<string, string>>, child = name) => ({
    name: child,
    namespace,
    labels,
    ownerReferences: ownedBy(owner),
  });
  const deployment = stamped({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(common),
    spec: {
      replicas: component.replicas,
      progressDeadlineSeconds: 600,
      selector: { matchLabels: { 'nvidia.com/selector': name } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      template: {
        metadata: {
          ...fields(valueAt(template, 'metadata')),
          labels: {
            ...textsAt(template, 'metadata', 'labels'),
            ...common,
            ...discovery,
            ...(component.type === '' ? {} : { 'nvidia.com/dynamo-component-type': component.type }),
            'nvidia.com/metrics-enabled': 'true',
            'nvidia.com/selector': name,
          },
        },
        spec: {
          terminationGracePeriodSeconds: 60,
          serviceAccountName: `${graph}-k8s-service-discovery`,
          ...podSpec,
          containers,
          volumes: [
            ...listAt(podSpec, 'volumes'),
            { name: 'shared-memory', emptyDir: { medium: 'Memory', sizeLimit: '8Gi' } },
          ],
        },
      },
    },
  });
  const service = stamped({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata({ ...common, ...discovery }, name.replaceAll('.', '-')),
    spec: {
      type: 'ClusterIP',
      ports: [
        frontend
          ? { name: 'http', port: 8000, protocol: 'TCP', targetPort: 'http' }
          : { name: 'system', port: 9090, protocol: 'TCP', targetPort: 'system' },
      ],
      selector: {
        [componentLabel]: component.name,
        'nvidia.com/dynamo-component-type': component.type,
        'nvidia.com/dynamo-namespace': common['nvidia.com/dynamo-namespace'],
      },
    },
  });
  return { deployment, service };
}
