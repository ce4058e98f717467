import type { Defaults } from './notation.ts';

const volumeMode = 420;

/** What Kubernetes fills in where nothing is said, by type. Values that depend on others are in `strategy.ts`. */
export const defaults: Defaults = {
  PodSpec: {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  },
  Container: {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  },
  NodeStatus: { daemonEndpoints: { kubeletEndpoint: { Port: 0 } } },
  PodCondition: { lastProbeTime: null },
  ContainerPort: { protocol: 'TCP' },
  ServicePort: { protocol: 'TCP' },
  EndpointPort: { protocol: 'TCP' },
  EndpointSlicePort: { name: '', protocol: 'TCP' },
  Probe: { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
  HTTPGetAction: { path: '/', scheme: 'HTTP' },
  ObjectFieldSelector: { apiVersion: 'v1' },
  SecretVolumeSource: { defaultMode: volumeMode },
  ConfigMapVolumeSource: { defaultMode: volumeMode },
  DownwardAPIVolumeSource: { defaultMode: volumeMode },
  ProjectedVolumeSource: { defaultMode: volumeMode },
  HostPathVolumeSource: { type: '' },
  DeploymentSpec: {
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
  },
  DeploymentStrategy: { type: 'RollingUpdate' },
  ReplicaSetSpec: { replicas: 1 },
  StatefulSetSpec: {
    replicas: 1,
    revisionHistoryLimit: 10,
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
  },
  DaemonSetSpec: {
    revisionHistoryLimit: 10,
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
  },
  JobSpec: {
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: 'TerminatingOrFailed',
  },
  ServiceSpec: { sessionAffinity: 'None', type: 'ClusterIP' },
  PersistentVolumeClaimSpec: { volumeMode: 'Filesystem' },
  StorageClass: { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' },
  PriorityClass: { preemptionPolicy: 'PreemptLowerPriority' },
};
