import type { KubernetesObject } from '../kubernetes.ts';

export type Runtime = 'dynamo' | 'kuberay';

/** The version that a runtime's chart installs unless another one is asked for. */
export const defaultVersions = { dynamo: '1.6.1', kuberay: '1.7.0' } as const satisfies Record<Runtime, string>;

export interface Release {
  readonly runtime: Runtime;
  readonly version: string;
  readonly release: string;
  readonly namespace: string;
}

interface Operator {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly selector: Readonly<Record<string, string>>;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly pod: Readonly<Record<string, unknown>>;
}

function dynamoOperator({ version, release, namespace }: Release): Operator {
  const name = `${release}-dynamo-operator-controller-manager`;
  const image = `nvcr.io/nvidia/ai-dynamo/kubernetes-operator:${version}`;
  const selector = {
    'app.kubernetes.io/instance': release,
    'app.kubernetes.io/name': 'dynamo-operator',
    'control-plane': 'controller-manager',
  };
  const webhook = `--conversion-webhook-service-name=${release}-dynamo-operator-webhook-service`;
  return {
    name,
    labels: {
      ...selector,
      'app.kubernetes.io/component': 'manager',
      'app.kubernetes.io/created-by': 'dynamo-operator',
      'app.kubernetes.io/managed-by': 'Helm',
      'app.kubernetes.io/part-of': 'dynamo-operator',
      'app.kubernetes.io/version': version,
      'helm.sh/chart': `dynamo-operator-${version}`,
    },
    selector,
    podLabels: selector,
    pod: {
      serviceAccountName: name,
      initContainers: [
        {
          name: 'crd-apply',
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['/crd-apply'],
          args: [
            '--crds-dir=/opt/dynamo-operator/crds/',
            `--version=${version}`,
            webhook,
            `--conversion-webhook-service-namespace=${namespace}`,
          ],
        },
      ],
      containers: [
        {
          name: 'manager',
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['/manager'],
          args: [
            '--config=/etc/dynamo-operator/config.yaml',
            `--operator-version=${version}`,
            `--operator-image=${image}`,
            '--operator-image-pull-policy=IfNotPresent',
          ],
          ports: [
            { name: 'metrics', containerPort: 8080, protocol: 'TCP' },
            { name: 'webhook-server', containerPort: 9443, protocol: 'TCP' },
          ],
          readinessProbe: { httpGet: { path: '/readyz', port: 8081 }, initialDelaySeconds: 5, periodSeconds: 10 },
          resources: { limits: { cpu: '1024m', memory: '2Gi' }, requests: { cpu: '512m', memory: '1Gi' } },
        },
      ],
    },
  };
}

function kuberayOperator({ version, release }: Release): Operator {
  const selector = { 'app.kubernetes.io/instance': release, 'app.kubernetes.io/name': 'kuberay-operator' };
  return {
    name: 'kuberay-operator',
    labels: {
      ...selector,
      'app.kubernetes.io/managed-by': 'Helm',
      'helm.sh/chart': `kuberay-operator-${version}`,
    },
    selector,
    podLabels: { ...selector, 'app.kubernetes.io/component': 'kuberay-operator' },
    pod: {
      serviceAccountName: 'kuberay-operator',
      containers: [
        {
          name: 'kuberay-operator',
          image: `quay.io/kuberay/operator:v${version}`,
          imagePullPolicy: 'IfNotPresent',
          command: ['/manager'],
          args: [
            '--enable-leader-election=true',
            '--enable-metrics=true',
            '--reconcile-concurrency=1',
            '--qps=100',
            '--burst=200',
          ],
          ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
          readinessProbe: { httpGet: { path: '/metrics', port: 'http' }, initialDelaySeconds: 10, periodSeconds: 5 },
          resources: { limits: { cpu: '100m', memory: '512Mi' } },
        },
      ],
    },
  };
}

/** The operator's Kubernetes Deployment and ServiceAccount as helm makes them from the chart of that version. */
export function operatorObjects(release: Release): readonly KubernetesObject[] {
  const { namespace, runtime } = release;
  const operator = runtime === 'dynamo' ? dynamoOperator(release) : kuberayOperator(release);
  const { name, labels, selector, podLabels, pod } = operator;
  const annotations = { 'meta.helm.sh/release-name': release.release, 'meta.helm.sh/release-namespace': namespace };
  const metadata = { namespace, labels, annotations };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: String(pod.serviceAccountName), ...metadata } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, ...metadata },
      spec: {
        replicas: 1,
        strategy: { type: 'Recreate' },
        selector: { matchLabels: selector },
        template: { metadata: { labels: podLabels }, spec: pod },
      },
    },
  ];
}

/** Which operator a Kubernetes Deployment runs, and in which version. */
export function operatorIn(deployment: KubernetesObject): { runtime: Runtime; version: string } | undefined {
  const name = deployment.metadata.labels?.['app.kubernetes.io/name'];
  if (name !== 'dynamo-operator' && name !== 'kuberay-operator') return undefined;
  const runtime = name === 'dynamo-operator' ? 'dynamo' : 'kuberay';
  const image = /"image":"[^"]*(?:kubernetes-operator|kuberay\/operator):v?([0-9][^"]*)"/.exec(
    JSON.stringify(deployment.spec),
  );
  return { runtime, version: image?.[1] ?? defaultVersions[runtime] };
}
