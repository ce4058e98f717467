/** Pods and what they are made of. Written in the notation of `../notation.ts`. */
export const pods = `
Affinity: nodeAffinity NodeAffinity, podAffinity PodAffinity, podAntiAffinity PodAntiAffinity
AppArmorProfile: localhostProfile string, type! string
Capabilities: add [string], drop [string]
ConfigMapEnvSource: name string, optional boolean
ConfigMapKeySelector: atomic key! string, name string, optional boolean
Container: args [string], command [string], env [EnvVar by name], envFrom [EnvFromSource], image string,
  imagePullPolicy string, lifecycle Lifecycle, livenessProbe Probe, name! string, ports [ContainerPort by
  containerPort,protocol], readinessProbe Probe, resizePolicy [ContainerResizePolicy], resources ResourceRequirements,
  restartPolicy string, restartPolicyRules [ContainerRestartRule], securityContext SecurityContext, startupProbe
  Probe, stdin boolean, stdinOnce boolean, terminationMessagePath string, terminationMessagePolicy string, tty
  boolean, volumeDevices [VolumeDevice by devicePath], volumeMounts [VolumeMount by mountPath], workingDir string
ContainerExtendedResourceRequest: containerName! string, requestName! string, resourceName! string
ContainerPort: containerPort! integer, hostIP string, hostPort integer, name string, protocol string
ContainerResizePolicy: resourceName! string, restartPolicy! string
ContainerRestartRule: action! string, exitCodes ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes: operator! string, values [integer set]
ContainerState: running ContainerStateRunning, terminated ContainerStateTerminated, waiting ContainerStateWaiting
ContainerStateRunning: startedAt time
ContainerStateTerminated: containerID string, exitCode! integer, finishedAt time, message string, reason string,
  signal integer, startedAt time
ContainerStateWaiting: message string, reason string
ContainerStatus: allocatedResources {quantity}, allocatedResourcesStatus [ResourceStatus by name], containerID string,
  image! string, imageID! string, lastState ContainerState, name! string, ready! boolean, resources
  ResourceRequirements, restartCount! integer, started boolean, state ContainerState, stopSignal string, user
  ContainerUser, volumeMounts [VolumeMountStatus by mountPath]
ContainerUser: linux LinuxContainerUser
EnvFromSource: configMapRef ConfigMapEnvSource, prefix string, secretRef SecretEnvSource
EnvVar: name! string, value string, valueFrom EnvVarSource
EnvVarSource: configMapKeyRef ConfigMapKeySelector, fieldRef ObjectFieldSelector, fileKeyRef FileKeySelector,
  resourceFieldRef ResourceFieldSelector, secretKeyRef SecretKeySelector
EphemeralContainer: args [string], command [string], env [EnvVar by name], envFrom [EnvFromSource], image string,
  imagePullPolicy string, lifecycle Lifecycle, livenessProbe Probe, name! string, ports [ContainerPort by
  containerPort,protocol], readinessProbe Probe, resizePolicy [ContainerResizePolicy], resources ResourceRequirements,
  restartPolicy string, restartPolicyRules [ContainerRestartRule], securityContext SecurityContext, startupProbe
  Probe, stdin boolean, stdinOnce boolean, targetContainerName string, terminationMessagePath string,
  terminationMessagePolicy string, tty boolean, volumeDevices [VolumeDevice by devicePath], volumeMounts [VolumeMount
  by mountPath], workingDir string
ExecAction: command [string]
FileKeySelector: atomic key! string, optional boolean, path! string, volumeName! string
GRPCAction: port! integer, service string
HTTPGetAction: host string, httpHeaders [HTTPHeader], path string, port! intOrString, scheme string
HTTPHeader: name! string, value! string
HostAlias: hostnames [string], ip! string
HostIP: ip! string
Lifecycle: postStart LifecycleHandler, preStop LifecycleHandler, stopSignal string
LifecycleHandler: exec ExecAction, httpGet HTTPGetAction, sleep SleepAction, tcpSocket TCPSocketAction
LinuxContainerUser: gid! integer, supplementalGroups [integer], uid! integer
NodeAffinity: preferredDuringSchedulingIgnoredDuringExecution [PreferredSchedulingTerm],
  requiredDuringSchedulingIgnoredDuringExecution NodeSelector
NodeSelector: atomic nodeSelectorTerms! [NodeSelectorTerm]
NodeSelectorRequirement: key! string, operator! string, values [string]
NodeSelectorTerm: atomic matchExpressions [NodeSelectorRequirement], matchFields [NodeSelectorRequirement]
Pod: apiVersion string, kind string, metadata ObjectMeta, spec PodSpec, status PodStatus
PodAffinity: preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm],
  requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm]
PodAffinityTerm: labelSelector LabelSelector, matchLabelKeys [string], mismatchLabelKeys [string], namespaceSelector
  LabelSelector, namespaces [string], topologyKey! string
PodAntiAffinity: preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm],
  requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm]
PodCondition: lastProbeTime time, lastTransitionTime time, message string, observedGeneration integer, reason string,
  status! string, type! string
PodDNSConfig: nameservers [string], options [PodDNSConfigOption], searches [string]
PodDNSConfigOption: name string, value string
PodExtendedResourceClaimStatus: requestMappings! [ContainerExtendedResourceRequest], resourceClaimName! string
PodIP: ip! string
PodOS: name! string
PodReadinessGate: conditionType! string
PodResourceClaim: name! string, resourceClaimName string, resourceClaimTemplateName string
PodResourceClaimStatus: name! string, resourceClaimName string
PodSchedulingGate: name! string
PodSecurityContext: appArmorProfile AppArmorProfile, fsGroup integer, fsGroupChangePolicy string, runAsGroup integer,
  runAsNonRoot boolean, runAsUser integer, seLinuxChangePolicy string, seLinuxOptions SELinuxOptions, seccompProfile
  SeccompProfile, supplementalGroups [integer], supplementalGroupsPolicy string, sysctls [Sysctl], windowsOptions
  WindowsSecurityContextOptions
PodSpec: activeDeadlineSeconds integer, affinity Affinity, automountServiceAccountToken boolean, containers!
  [Container by name], dnsConfig PodDNSConfig, dnsPolicy string, enableServiceLinks boolean, ephemeralContainers
  [EphemeralContainer by name], hostAliases [HostAlias by ip], hostIPC boolean, hostNetwork boolean, hostPID boolean,
  hostUsers boolean, hostname string, hostnameOverride string, imagePullSecrets [LocalObjectReference by name],
  initContainers [Container by name], nodeName string, nodeSelector {string} atomic, os PodOS, overhead {quantity},
  preemptionPolicy string, priority integer, priorityClassName string, readinessGates [PodReadinessGate],
  resourceClaims [PodResourceClaim by name], resources ResourceRequirements, restartPolicy string, runtimeClassName
  string, schedulerName string, schedulingGates [PodSchedulingGate by name], securityContext PodSecurityContext,
  serviceAccount string, serviceAccountName string, setHostnameAsFQDN boolean, shareProcessNamespace boolean,
  subdomain string, terminationGracePeriodSeconds integer, tolerations [Toleration], topologySpreadConstraints
  [TopologySpreadConstraint by topologyKey,whenUnsatisfiable], volumes [Volume by name], workloadRef WorkloadReference
PodStatus: allocatedResources {quantity}, conditions [PodCondition by type], containerStatuses [ContainerStatus],
  ephemeralContainerStatuses [ContainerStatus], extendedResourceClaimStatus PodExtendedResourceClaimStatus, hostIP
  string, hostIPs [HostIP], initContainerStatuses [ContainerStatus], message string, nominatedNodeName string,
  observedGeneration integer, phase string, podIP string, podIPs [PodIP by ip], qosClass string, reason string, resize
  string, resourceClaimStatuses [PodResourceClaimStatus by name], resources ResourceRequirements, startTime time
PodTemplateSpec: metadata ObjectMeta, spec PodSpec
PreferredSchedulingTerm: preference! NodeSelectorTerm, weight! integer
Probe: exec ExecAction, failureThreshold integer, grpc GRPCAction, httpGet HTTPGetAction, initialDelaySeconds integer,
  periodSeconds integer, successThreshold integer, tcpSocket TCPSocketAction, terminationGracePeriodSeconds integer,
  timeoutSeconds integer
ResourceClaim: name! string, request string
ResourceHealth: health string, resourceID! string
ResourceRequirements: claims [ResourceClaim by name], limits {quantity}, requests {quantity}
ResourceStatus: name! string, resources [ResourceHealth by resourceID]
SELinuxOptions: level string, role string, type string, user string
SeccompProfile: localhostProfile string, type! string
SecretEnvSource: name string, optional boolean
SecretKeySelector: atomic key! string, name string, optional boolean
SecurityContext: allowPrivilegeEscalation boolean, appArmorProfile AppArmorProfile, capabilities Capabilities,
  privileged boolean, procMount string, readOnlyRootFilesystem boolean, runAsGroup integer, runAsNonRoot boolean,
  runAsUser integer, seLinuxOptions SELinuxOptions, seccompProfile SeccompProfile, windowsOptions
  WindowsSecurityContextOptions
SleepAction: seconds! integer
Sysctl: name! string, value! string
TCPSocketAction: host string, port! intOrString
Toleration: effect string, key string, operator string, tolerationSeconds integer, value string
TopologySpreadConstraint: labelSelector LabelSelector, matchLabelKeys [string], maxSkew! integer, minDomains integer,
  nodeAffinityPolicy string, nodeTaintsPolicy string, topologyKey! string, whenUnsatisfiable! string
VolumeMountStatus: mountPath! string, name! string, readOnly boolean, recursiveReadOnly string
WeightedPodAffinityTerm: podAffinityTerm! PodAffinityTerm, weight! integer
WindowsSecurityContextOptions: gmsaCredentialSpec string, gmsaCredentialSpecName string, hostProcess boolean,
  runAsUserName string
WorkloadReference: name! string, podGroup! string, podGroupReplicaKey string
`;
