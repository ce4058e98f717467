/** The rest of the core group. Written in the notation of `../notation.ts`. */
export const core = `
AttachedVolume: devicePath! string, name! string
ClientIPConfig: timeoutSeconds integer
Condition: lastTransitionTime! time, message! string, observedGeneration integer, reason! string, status! string,
  type! string
ConfigMap: apiVersion string, binaryData {bytes}, data {string}, immutable boolean, kind string, metadata ObjectMeta
ConfigMapNodeConfigSource: kubeletConfigKey! string, name! string, namespace! string, resourceVersion string, uid
  string
ContainerImage: names [string], sizeBytes integer
DaemonEndpoint: Port! integer
EndpointAddress: atomic hostname string, ip! string, nodeName string, targetRef ObjectReference
EndpointPort: atomic appProtocol string, name string, port! integer, protocol string
EndpointSubset: addresses [EndpointAddress], notReadyAddresses [EndpointAddress], ports [EndpointPort]
Endpoints: apiVersion string, kind string, metadata ObjectMeta, subsets [EndpointSubset]
Event: action string, apiVersion string, count integer, eventTime microTime, firstTimestamp time, involvedObject!
  ObjectReference, kind string, lastTimestamp time, message string, metadata! ObjectMeta, reason string, related
  ObjectReference, reportingComponent string, reportingInstance string, series EventSeries, source EventSource, type
  string
EventSeries: count integer, lastObservedTime microTime
EventSource: component string, host string
LimitRange: apiVersion string, kind string, metadata ObjectMeta, spec LimitRangeSpec
LimitRangeItem: default {quantity}, defaultRequest {quantity}, max {quantity}, maxLimitRequestRatio {quantity}, min
  {quantity}, type! string
LimitRangeSpec: limits! [LimitRangeItem]
LoadBalancerIngress: hostname string, ip string, ipMode string, ports [PortStatus]
LoadBalancerStatus: ingress [LoadBalancerIngress]
Namespace: apiVersion string, kind string, metadata ObjectMeta, spec NamespaceSpec, status NamespaceStatus
NamespaceCondition: lastTransitionTime time, message string, reason string, status! string, type! string
NamespaceSpec: finalizers [string]
NamespaceStatus: conditions [NamespaceCondition by type], phase string
Node: apiVersion string, kind string, metadata ObjectMeta, spec NodeSpec, status NodeStatus
NodeAddress: address! string, type! string
NodeCondition: lastHeartbeatTime time, lastTransitionTime time, message string, reason string, status! string, type!
  string
NodeConfigSource: configMap ConfigMapNodeConfigSource
NodeConfigStatus: active NodeConfigSource, assigned NodeConfigSource, error string, lastKnownGood NodeConfigSource
NodeDaemonEndpoints: kubeletEndpoint DaemonEndpoint
NodeFeatures: supplementalGroupsPolicy boolean
NodeRuntimeHandler: features NodeRuntimeHandlerFeatures, name string
NodeRuntimeHandlerFeatures: recursiveReadOnlyMounts boolean, userNamespaces boolean
NodeSpec: configSource NodeConfigSource, externalID string, podCIDR string, podCIDRs [string set], providerID string,
  taints [Taint], unschedulable boolean
NodeStatus: addresses [NodeAddress by type], allocatable {quantity}, capacity {quantity}, conditions [NodeCondition by
  type], config NodeConfigStatus, daemonEndpoints NodeDaemonEndpoints, declaredFeatures [string], features
  NodeFeatures, images [ContainerImage], nodeInfo NodeSystemInfo, phase string, runtimeHandlers [NodeRuntimeHandler],
  volumesAttached [AttachedVolume], volumesInUse [string]
NodeSwapStatus: capacity integer
NodeSystemInfo: architecture! string, bootID! string, containerRuntimeVersion! string, kernelVersion! string,
  kubeProxyVersion! string, kubeletVersion! string, machineID! string, operatingSystem! string, osImage! string, swap
  NodeSwapStatus, systemUUID! string
PortStatus: error string, port! integer, protocol! string
ResourceQuota: apiVersion string, kind string, metadata ObjectMeta, spec ResourceQuotaSpec, status ResourceQuotaStatus
ResourceQuotaSpec: hard {quantity}, scopeSelector ScopeSelector, scopes [string]
ResourceQuotaStatus: hard {quantity}, used {quantity}
ScopeSelector: atomic matchExpressions [ScopedResourceSelectorRequirement]
ScopedResourceSelectorRequirement: operator! string, scopeName! string, values [string]
Secret: apiVersion string, data {bytes}, immutable boolean, kind string, metadata ObjectMeta, stringData {string},
  type string
Service: apiVersion string, kind string, metadata ObjectMeta, spec ServiceSpec, status ServiceStatus
ServiceAccount: apiVersion string, automountServiceAccountToken boolean, imagePullSecrets [LocalObjectReference], kind
  string, metadata ObjectMeta, secrets [ObjectReference by name]
ServicePort: appProtocol string, name string, nodePort integer, port! integer, protocol string, targetPort intOrString
ServiceSpec: allocateLoadBalancerNodePorts boolean, clusterIP string, clusterIPs [string], externalIPs [string],
  externalName string, externalTrafficPolicy string, healthCheckNodePort integer, internalTrafficPolicy string,
  ipFamilies [string], ipFamilyPolicy string, loadBalancerClass string, loadBalancerIP string,
  loadBalancerSourceRanges [string], ports [ServicePort by port,protocol], publishNotReadyAddresses boolean, selector
  {string} atomic, sessionAffinity string, sessionAffinityConfig SessionAffinityConfig, trafficDistribution string,
  type string
ServiceStatus: conditions [Condition by type], loadBalancer LoadBalancerStatus
SessionAffinityConfig: clientIP ClientIPConfig
Taint: effect! string, key! string, timeAdded time, value string
`;
