import type { KubernetesObject } from '../../kubernetes.ts';
import {
  choice,
  conditions,
  count,
  definition,
  flag,
  free,
  listBy,
  listOf,
  mapOf,
  object,
  quantity,
  type Schema,
  text,
  whole,
} from './schema.ts';

const framework = choice('sglang', 'vllm', 'trtllm');
const env = listOf(object({ name: text, value: text, valueFrom: free }, ['name']));
const modelRef = object({ name: text, revision: text }, ['name']);
const nodeCount: Schema = { type: 'integer', minimum: 2, default: 2 };
const restart = object(
  {
    id: { type: 'string', minLength: 1 },
    strategy: object({ type: { ...choice('Sequential', 'Parallel'), default: 'Sequential' }, order: listOf(text) }),
  },
  ['id'],
);
const restartStatus = object({ observedID: text, phase: text, inProgress: listOf(text) });
const state: Schema = { ...choice('initializing', 'pending', 'successful', 'failed'), default: 'initializing' };
const componentKind = choice('PodClique', 'PodCliqueScalingGroup', 'Deployment', 'LeaderWorkerSet');
const replicaCounts = {
  componentKind,
  componentNames: listOf(text),
  replicas: count,
  updatedReplicas: count,
  readyReplicas: count,
  availableReplicas: count,
};
const rollingUpdate = (updated: string): Schema =>
  object({
    phase: choice('Pending', 'InProgress', 'Completed', 'Failed', ''),
    startTime: text,
    endTime: text,
    [updated]: listOf(text),
  });

const componentFields = {
  type: choice('frontend', 'worker', 'prefill', 'decode', 'planner', 'epp'),
  replicas: count,
  podTemplate: free,
  runtimeVersionOverride: {
    type: 'string',
    pattern: '^(0|[1-9][0-9]{0,3})\\.(0|[1-9][0-9]{0,3})\\.(0|[1-9][0-9]{0,3})$',
  },
  multinode: object({ nodeCount }),
  sharedMemorySize: quantity,
  modelRef,
  scalingAdapter: object({}),
  frontendSidecar: text,
  compilationCache: object({ pvcName: { type: 'string', minLength: 1 }, mountPath: text }, ['pvcName']),
  globalDynamoNamespace: flag,
  minAvailable: { type: 'integer', minimum: 1 },
} satisfies Record<string, Schema>;
const componentName: Schema = {
  type: 'string',
  minLength: 1,
  maxLength: 63,
  pattern: '^[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?$',
};
const componentStatus = object({ ...replicaCounts, scheduledReplicas: count, runtimeNamespace: text }, [
  'componentKind',
  'replicas',
  'updatedReplicas',
]);

const graphV1beta1 = {
  spec: object({
    backendFramework: framework,
    annotations: mapOf(text),
    labels: mapOf(text),
    env,
    priorityClassName: text,
    components: { ...listBy('name', object({ name: componentName, ...componentFields }, ['name'])), maxItems: 25 },
    restart,
  }),
  status: object({
    state,
    observedGeneration: whole,
    conditions,
    components: mapOf(componentStatus),
    restart: restartStatus,
    rollingUpdate: rollingUpdate('updatedComponents'),
  }),
};
const componentV1beta1 = {
  spec: object({ backendFramework: framework, name: componentName, ...componentFields }),
  status: object({ observedGeneration: whole, conditions, component: componentStatus }),
};

const amounts = object({ cpu: text, memory: text, gpu: text, gpuType: text, custom: mapOf(text) });
const serviceFields = {
  annotations: mapOf(text),
  labels: mapOf(text),
  componentType: text,
  subComponentType: text,
  serviceName: text,
  dynamoNamespace: text,
  globalDynamoNamespace: flag,
  replicas: count,
  resources: object({ requests: amounts, limits: amounts }),
  envs: env,
  envFromSecret: text,
  volumeMounts: listOf(object({ name: text, mountPoint: text, useAsCompilationCache: flag }, ['name'])),
  extraPodMetadata: object({ annotations: mapOf(text), labels: mapOf(text) }),
  extraPodSpec: free,
  livenessProbe: free,
  readinessProbe: free,
  modelRef,
  multinode: object({ nodeCount }, ['nodeCount']),
  scalingAdapter: object({ enabled: flag }),
  sharedMemory: object({ disabled: flag, size: quantity }),
  frontendSidecar: object({ image: text, args: listOf(text), envFromSecret: text, envs: env }, ['image']),
} satisfies Record<string, Schema>;
const serviceStatus = object({ ...replicaCounts, componentName: text }, [
  'componentKind',
  'componentName',
  'replicas',
  'updatedReplicas',
]);
/** v1alpha1 lists of conditions are plain (atomic) lists. */
const plainConditions: Schema = { type: 'array', ...(conditions.items ? { items: conditions.items } : {}) };

const graphV1alpha1 = {
  spec: object({
    backendFramework: framework,
    annotations: mapOf(text),
    labels: mapOf(text),
    envs: env,
    pvcs: listOf(
      object({ name: text, create: flag, size: quantity, storageClass: text, volumeAccessMode: text }, ['name']),
    ),
    restart,
    services: mapOf(object(serviceFields)),
  }),
  status: object({
    state,
    observedGeneration: whole,
    conditions: plainConditions,
    services: mapOf(serviceStatus),
    restart: restartStatus,
    rollingUpdate: rollingUpdate('updatedServices'),
  }),
};
const componentV1alpha1 = {
  spec: object({ backendFramework: framework, ...serviceFields }),
  status: object({
    observedGeneration: whole,
    conditions: plainConditions,
    podSelector: mapOf(text),
    service: serviceStatus,
  }),
};

const adapter = (component: string) => ({
  spec: object({ replicas: count, dgdRef: object({ name: text, [component]: text }, ['name', component]) }, [
    'replicas',
    'dgdRef',
  ]),
  status: object({ replicas: whole, selector: text, lastScaleTime: text }),
  scale: true as const,
});

const group = 'nvidia.com';
const graph = { group, kind: 'DynamoGraphDeployment', plural: 'dynamographdeployments', shortNames: ['dgd'] };
const component = {
  group,
  kind: 'DynamoComponentDeployment',
  plural: 'dynamocomponentdeployments',
  shortNames: ['dcd'],
};
const scaling = {
  group,
  kind: 'DynamoGraphDeploymentScalingAdapter',
  plural: 'dynamographdeploymentscalingadapters',
  shortNames: ['dgdsa'],
};

/**
 * The CRDs that a Dynamo operator of that version applies, in short.
 *
 * v1alpha1 and v1beta1 have different shapes and only a conversion webhook turns one into the other. The sandbox's API
 * server has conversion `None`, so that each CRD serves the one version which that operator stores: v1beta1 from 1.5
 * on, v1alpha1 before. (From 1.2 to 1.4 the real CRD also serves a converted v1beta1.)
 */
export function dynamoCrds(operatorVersion: string): readonly KubernetesObject[] {
  const [major = 0, minor = 0] = operatorVersion.split('.').map(Number);
  const annotations = { 'dynamo.nvidia.com/operator-version': operatorVersion, 'helm.sh/resource-policy': 'keep' };
  return major > 1 || (major === 1 && minor >= 5)
    ? [
        definition(graph, 'v1beta1', graphV1beta1, annotations),
        definition(component, 'v1beta1', componentV1beta1, annotations),
        definition(scaling, 'v1beta1', adapter('componentName'), annotations),
      ]
    : [
        definition(graph, 'v1alpha1', graphV1alpha1, annotations),
        definition(component, 'v1alpha1', componentV1alpha1, annotations),
        definition(scaling, 'v1alpha1', adapter('serviceName'), annotations),
      ];
}
