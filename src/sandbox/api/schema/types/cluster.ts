/** Small groups: discovery, coordination, events, storage, scheduling, access, admission. Written in the notation of `../notation.ts`. */
export const cluster = `
AggregationRule: clusterRoleSelectors [LabelSelector]
ClusterRole: aggregationRule AggregationRule, apiVersion string, kind string, metadata ObjectMeta, rules [PolicyRule]
ClusterRoleBinding: apiVersion string, kind string, metadata ObjectMeta, roleRef! RoleRef, subjects [Subject]
Endpoint: addresses! [string set], conditions EndpointConditions, deprecatedTopology {string}, hints EndpointHints,
  hostname string, nodeName string, targetRef ObjectReference, zone string
EndpointConditions: ready boolean, serving boolean, terminating boolean
EndpointHints: forNodes [ForNode], forZones [ForZone]
EndpointSlice: addressType! string, apiVersion string, endpoints! [Endpoint], kind string, metadata ObjectMeta, ports
  [EndpointSlicePort]
EndpointSlicePort: atomic appProtocol string, name string, port integer, protocol string
EventsEvent: action string, apiVersion string, deprecatedCount integer, deprecatedFirstTimestamp time,
  deprecatedLastTimestamp time, deprecatedSource EventSource, eventTime! microTime, kind string, metadata ObjectMeta,
  note string, reason string, regarding ObjectReference, related ObjectReference, reportingController string,
  reportingInstance string, series EventsEventSeries, type string
EventsEventSeries: count! integer, lastObservedTime! microTime
ForNode: name! string
ForZone: name! string
Lease: apiVersion string, kind string, metadata ObjectMeta, spec LeaseSpec
LeaseSpec: acquireTime microTime, holderIdentity string, leaseDurationSeconds integer, leaseTransitions integer,
  preferredHolder string, renewTime microTime, strategy string
MatchCondition: expression! string, name! string
MutatingWebhook: admissionReviewVersions! [string], clientConfig! WebhookClientConfig, failurePolicy string,
  matchConditions [MatchCondition by name], matchPolicy string, name! string, namespaceSelector LabelSelector,
  objectSelector LabelSelector, reinvocationPolicy string, rules [RuleWithOperations], sideEffects! string,
  timeoutSeconds integer
MutatingWebhookConfiguration: apiVersion string, kind string, metadata ObjectMeta, webhooks [MutatingWebhook by name]
PolicyRule: apiGroups [string], nonResourceURLs [string], resourceNames [string], resources [string], verbs! [string]
PriorityClass: apiVersion string, description string, globalDefault boolean, kind string, metadata ObjectMeta,
  preemptionPolicy string, value! integer
Role: apiVersion string, kind string, metadata ObjectMeta, rules [PolicyRule]
RoleBinding: apiVersion string, kind string, metadata ObjectMeta, roleRef! RoleRef, subjects [Subject]
RoleRef: atomic apiGroup! string, kind! string, name! string
RuleWithOperations: apiGroups [string], apiVersions [string], operations [string], resources [string], scope string
ServiceReference: name! string, namespace! string, path string, port integer
StorageClass: allowVolumeExpansion boolean, allowedTopologies [TopologySelectorTerm], apiVersion string, kind string,
  metadata ObjectMeta, mountOptions [string], parameters {string}, provisioner! string, reclaimPolicy string,
  volumeBindingMode string
Subject: atomic apiGroup string, kind! string, name! string, namespace string
TopologySelectorLabelRequirement: key! string, values! [string]
TopologySelectorTerm: atomic matchLabelExpressions [TopologySelectorLabelRequirement]
ValidatingWebhook: admissionReviewVersions! [string], clientConfig! WebhookClientConfig, failurePolicy string,
  matchConditions [MatchCondition by name], matchPolicy string, name! string, namespaceSelector LabelSelector,
  objectSelector LabelSelector, rules [RuleWithOperations], sideEffects! string, timeoutSeconds integer
ValidatingWebhookConfiguration: apiVersion string, kind string, metadata ObjectMeta, webhooks [ValidatingWebhook by
  name]
WebhookClientConfig: caBundle bytes, service ServiceReference, url string
CustomResourceDefinition: apiVersion string, kind string, metadata ObjectMeta, spec! CustomResourceDefinitionSpec,
  status CustomResourceDefinitionStatus
CustomResourceDefinitionCondition: lastTransitionTime time, message string, observedGeneration integer, reason string,
  status! string, type! string
CustomResourceDefinitionNames: categories [string], kind! string, listKind string, plural! string, shortNames
  [string], singular string
CustomResourceDefinitionSpec: conversion CustomResourceConversion, group! string, names!
  CustomResourceDefinitionNames, preserveUnknownFields boolean, scope! string, versions! [CustomResourceDefinitionVersion]
CustomResourceDefinitionStatus: acceptedNames CustomResourceDefinitionNames, conditions
  [CustomResourceDefinitionCondition by type], observedGeneration integer, storedVersions [string]
CustomResourceDefinitionVersion: additionalPrinterColumns [any], deprecated boolean, deprecationWarning string, name!
  string, schema any, selectableFields [any], served! boolean, storage! boolean, subresources any
CustomResourceConversion: strategy! string, webhook any
`;
