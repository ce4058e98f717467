/** What makes pods. Written in the notation of `../notation.ts`. */
export const workloads = `
ControllerRevision: apiVersion string, data any, kind string, metadata ObjectMeta, revision! integer
DaemonSet: apiVersion string, kind string, metadata ObjectMeta, spec DaemonSetSpec, status DaemonSetStatus
DaemonSetCondition: lastTransitionTime time, message string, reason string, status! string, type! string
DaemonSetSpec: minReadySeconds integer, revisionHistoryLimit integer, selector! LabelSelector, template!
  PodTemplateSpec, updateStrategy DaemonSetUpdateStrategy
DaemonSetStatus: collisionCount integer, conditions [DaemonSetCondition by type], currentNumberScheduled! integer,
  desiredNumberScheduled! integer, numberAvailable integer, numberMisscheduled! integer, numberReady! integer,
  numberUnavailable integer, observedGeneration integer, updatedNumberScheduled integer
DaemonSetUpdateStrategy: rollingUpdate RollingUpdateDaemonSet, type string
Deployment: apiVersion string, kind string, metadata ObjectMeta, spec DeploymentSpec, status DeploymentStatus
DeploymentCondition: lastTransitionTime time, lastUpdateTime time, message string, reason string, status! string,
  type! string
DeploymentSpec: minReadySeconds integer, paused boolean, progressDeadlineSeconds integer, replicas integer,
  revisionHistoryLimit integer, selector! LabelSelector, strategy DeploymentStrategy, template! PodTemplateSpec
DeploymentStatus: availableReplicas integer, collisionCount integer, conditions [DeploymentCondition by type],
  observedGeneration integer, readyReplicas integer, replicas integer, terminatingReplicas integer,
  unavailableReplicas integer, updatedReplicas integer
DeploymentStrategy: rollingUpdate RollingUpdateDeployment, type string
Job: apiVersion string, kind string, metadata ObjectMeta, spec JobSpec, status JobStatus
JobCondition: lastProbeTime time, lastTransitionTime time, message string, reason string, status! string, type! string
JobSpec: activeDeadlineSeconds integer, backoffLimit integer, backoffLimitPerIndex integer, completionMode string,
  completions integer, managedBy string, manualSelector boolean, maxFailedIndexes integer, parallelism integer,
  podFailurePolicy PodFailurePolicy, podReplacementPolicy string, selector LabelSelector, successPolicy SuccessPolicy,
  suspend boolean, template! PodTemplateSpec, ttlSecondsAfterFinished integer
JobStatus: active integer, completedIndexes string, completionTime time, conditions [JobCondition], failed integer,
  failedIndexes string, ready integer, startTime time, succeeded integer, terminating integer, uncountedTerminatedPods
  UncountedTerminatedPods
PodFailurePolicy: rules! [PodFailurePolicyRule]
PodFailurePolicyOnExitCodesRequirement: containerName string, operator! string, values! [integer set]
PodFailurePolicyOnPodConditionsPattern: status string, type! string
PodFailurePolicyRule: action! string, onExitCodes PodFailurePolicyOnExitCodesRequirement, onPodConditions
  [PodFailurePolicyOnPodConditionsPattern]
ReplicaSet: apiVersion string, kind string, metadata ObjectMeta, spec ReplicaSetSpec, status ReplicaSetStatus
ReplicaSetCondition: lastTransitionTime time, message string, reason string, status! string, type! string
ReplicaSetSpec: minReadySeconds integer, replicas integer, selector! LabelSelector, template PodTemplateSpec
ReplicaSetStatus: availableReplicas integer, conditions [ReplicaSetCondition by type], fullyLabeledReplicas integer,
  observedGeneration integer, readyReplicas integer, replicas! integer, terminatingReplicas integer
RollingUpdateDaemonSet: maxSurge intOrString, maxUnavailable intOrString
RollingUpdateDeployment: maxSurge intOrString, maxUnavailable intOrString
RollingUpdateStatefulSetStrategy: maxUnavailable intOrString, partition integer
StatefulSet: apiVersion string, kind string, metadata ObjectMeta, spec StatefulSetSpec, status StatefulSetStatus
StatefulSetCondition: lastTransitionTime time, message string, reason string, status! string, type! string
StatefulSetOrdinals: start integer
StatefulSetPersistentVolumeClaimRetentionPolicy: whenDeleted string, whenScaled string
StatefulSetSpec: minReadySeconds integer, ordinals StatefulSetOrdinals, persistentVolumeClaimRetentionPolicy
  StatefulSetPersistentVolumeClaimRetentionPolicy, podManagementPolicy string, replicas integer, revisionHistoryLimit
  integer, selector! LabelSelector, serviceName string, template! PodTemplateSpec, updateStrategy
  StatefulSetUpdateStrategy, volumeClaimTemplates [PersistentVolumeClaim]
StatefulSetStatus: availableReplicas integer, collisionCount integer, conditions [StatefulSetCondition by type],
  currentReplicas integer, currentRevision string, observedGeneration integer, readyReplicas integer, replicas!
  integer, updateRevision string, updatedReplicas integer
StatefulSetUpdateStrategy: rollingUpdate RollingUpdateStatefulSetStrategy, type string
SuccessPolicy: rules! [SuccessPolicyRule]
SuccessPolicyRule: succeededCount integer, succeededIndexes string
UncountedTerminatedPods: failed [string set], succeeded [string set]
`;
