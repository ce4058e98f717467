import type { KubernetesObject } from '../../kubernetes.ts';
import {
  choice,
  conditions,
  count,
  definition,
  flag,
  free,
  listOf,
  mapOf,
  object,
  quantity,
  type Schema,
  text,
  whole,
} from './schema.ts';

const env = listOf(object({ name: text, value: text, valueFrom: free }, ['name']));
const startParams = mapOf(text);

const clusterFields = {
  rayVersion: text,
  suspend: flag,
  managedBy: text,
  enableInTreeAutoscaling: flag,
  autoscalerOptions: object({
    version: choice('v1', 'v2'),
    idleTimeoutSeconds: whole,
    upscalingMode: choice('Default', 'Aggressive', 'Conservative'),
    image: text,
    imagePullPolicy: text,
    resources: free,
    env,
  }),
  authOptions: object({ mode: choice('disabled', 'token'), secretName: text }),
  gcsFaultToleranceOptions: object({ redisAddress: text, externalStorageNamespace: text }),
  headServiceAnnotations: mapOf(text),
  headGroupSpec: object(
    {
      template: free,
      rayStartParams: startParams,
      serviceType: text,
      headService: free,
      enableIngress: flag,
      labels: mapOf(text),
      resources: mapOf(text),
    },
    ['template'],
  ),
  workerGroupSpecs: listOf(
    object(
      {
        groupName: text,
        replicas: { type: 'integer', default: 0 },
        minReplicas: { type: 'integer', default: 0 },
        maxReplicas: { type: 'integer', default: 2147483647 },
        numOfHosts: { type: 'integer', default: 1 },
        idleTimeoutSeconds: whole,
        suspend: flag,
        scaleStrategy: object({ workersToDelete: listOf(text) }),
        rayStartParams: startParams,
        labels: mapOf(text),
        resources: mapOf(text),
        template: free,
      },
      ['groupName', 'maxReplicas', 'minReplicas', 'template'],
    ),
  ),
} satisfies Record<string, Schema>;

const clusterStatus = object({
  state: text,
  reason: text,
  conditions,
  desiredWorkerReplicas: whole,
  readyWorkerReplicas: whole,
  availableWorkerReplicas: whole,
  minWorkerReplicas: whole,
  maxWorkerReplicas: whole,
  desiredCPU: quantity,
  desiredMemory: quantity,
  desiredGPU: quantity,
  desiredTPU: quantity,
  endpoints: mapOf(text),
  head: object({ podIP: text, podName: text, serviceIP: text, serviceName: text }),
  lastUpdateTime: text,
  observedGeneration: whole,
  stateTransitionTimes: mapOf(text),
});

const side = object({
  rayClusterName: text,
  rayClusterStatus: clusterStatus,
  applicationStatuses: mapOf(
    object({
      status: text,
      message: text,
      serveDeploymentStatuses: mapOf(object({ status: text, message: text })),
    }),
  ),
  targetCapacity: whole,
  trafficRoutedPercent: whole,
});

const clusterSpec = object(clusterFields, ['headGroupSpec']);

const serviceFields = {
  serveConfigV2: text,
  rayClusterConfig: clusterSpec,
  upgradeStrategy: object({
    type: text,
    clusterUpgradeOptions: object(
      { gatewayClassName: text, intervalSeconds: whole, stepSizePercent: whole, maxSurgePercent: whole },
      ['gatewayClassName', 'intervalSeconds', 'stepSizePercent'],
    ),
  }),
  excludeHeadPodFromServeSvc: flag,
  serveService: free,
  rayClusterDeletionDelaySeconds: count,
  managedBy: text,
  serviceUnhealthySecondThreshold: whole,
  deploymentUnhealthySecondThreshold: whole,
} satisfies Record<string, Schema>;

const serviceStatus = object({
  conditions,
  serviceStatus: text,
  numServeEndpoints: whole,
  observedGeneration: whole,
  lastUpdateTime: text,
  activeServiceStatus: side,
  pendingServiceStatus: side,
});

const job = {
  spec: object({
    entrypoint: text,
    runtimeEnvYAML: text,
    submissionMode: { type: 'string', default: 'K8sJobMode' },
    suspend: flag,
    shutdownAfterJobFinishes: flag,
    clusterSelector: mapOf(text),
    rayClusterSpec: clusterSpec,
  }),
  status: object({ jobStatus: text, jobDeploymentStatus: text, rayClusterName: text, message: text }),
};

const group = 'ray.io';

/** The CRDs of a KubeRay chart of that version, in short. `RayService.spec.suspend` came with 1.7. */
export function kuberayCrds(chartVersion: string): readonly KubernetesObject[] {
  const [major = 0, minor = 0] = chartVersion.split('.').map(Number);
  const suspends = major > 1 || (major === 1 && minor >= 7);
  const spec = object({ ...serviceFields, ...(suspends ? { suspend: flag } : {}) }, ['rayClusterConfig']);
  return [
    definition({ group, kind: 'RayService', plural: 'rayservices' }, 'v1', { spec, status: serviceStatus }),
    definition({ group, kind: 'RayCluster', plural: 'rayclusters' }, 'v1', {
      spec: clusterSpec,
      status: clusterStatus,
    }),
    definition({ group, kind: 'RayJob', plural: 'rayjobs' }, 'v1', job),
  ];
}
