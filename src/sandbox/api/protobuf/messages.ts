/**
 * The messages that typed clients (kubectl's `create` and `auth`, helm) send in protobuf: `Name: field=number type`.
 * Types are `string`, `bytes`, `int`, `bool`, `time`, `quantity`, the name of a message, `[T]` (repeated) and `{T}` (a
 * map by text). Of workloads they hold only what `kubectl create deployment` and `create job` say.
 */
export const messages = `
ObjectMeta: name=1 string, generateName=2 string, namespace=3 string, uid=5 string, resourceVersion=6 string,
  creationTimestamp=8 time, deletionTimestamp=9 time, deletionGracePeriodSeconds=10 int,
  labels=11 {string}, annotations=12 {string}, ownerReferences=13 [OwnerReference], finalizers=14 [string]
OwnerReference: kind=1 string, name=3 string, uid=4 string, apiVersion=5 string, controller=6 bool,
  blockOwnerDeletion=7 bool
Namespace: metadata=1 ObjectMeta, spec=2 NamespaceSpec
NamespaceSpec: finalizers=1 [string]
ConfigMap: metadata=1 ObjectMeta, data=2 {string}, binaryData=3 {bytes}, immutable=4 bool
Secret: metadata=1 ObjectMeta, data=2 {bytes}, type=3 string, stringData=4 {string}, immutable=5 bool
ServiceAccount: metadata=1 ObjectMeta, imagePullSecrets=3 [LocalObjectReference], automountServiceAccountToken=4 bool
LocalObjectReference: name=1 string
Event: metadata=1 ObjectMeta, involvedObject=2 ObjectReference, reason=3 string, message=4 string, source=5 EventSource,
  firstTimestamp=6 time, lastTimestamp=7 time, count=8 int, type=9 string, action=12 string,
  reportingComponent=14 string, reportingInstance=15 string
ObjectReference: kind=1 string, namespace=2 string, name=3 string, uid=4 string, apiVersion=5 string,
  resourceVersion=6 string, fieldPath=7 string
EventSource: component=1 string, host=2 string
Role: metadata=1 ObjectMeta, rules=2 [PolicyRule]
ClusterRole: metadata=1 ObjectMeta, rules=2 [PolicyRule]
PolicyRule: verbs=1 [string], apiGroups=2 [string], resources=3 [string], resourceNames=4 [string],
  nonResourceURLs=5 [string]
RoleBinding: metadata=1 ObjectMeta, subjects=2 [Subject], roleRef=3 RoleRef
ClusterRoleBinding: metadata=1 ObjectMeta, subjects=2 [Subject], roleRef=3 RoleRef
Subject: kind=1 string, apiGroup=2 string, name=3 string, namespace=4 string
RoleRef: apiGroup=1 string, kind=2 string, name=3 string
SelfSubjectReview: metadata=1 ObjectMeta
SelfSubjectAccessReview: metadata=1 ObjectMeta, spec=2 AccessReviewSpec
SubjectAccessReview: metadata=1 ObjectMeta, spec=2 AccessReviewSpec
LocalSubjectAccessReview: metadata=1 ObjectMeta, spec=2 AccessReviewSpec
AccessReviewSpec: resourceAttributes=1 ResourceAttributes, nonResourceAttributes=2 NonResourceAttributes, user=3 string,
  groups=4 [string]
ResourceAttributes: namespace=1 string, verb=2 string, group=3 string, version=4 string, resource=5 string,
  subresource=6 string, name=7 string
NonResourceAttributes: path=1 string, verb=2 string
SelfSubjectRulesReview: metadata=1 ObjectMeta, spec=2 RulesReviewSpec
RulesReviewSpec: namespace=1 string
TokenRequest: metadata=1 ObjectMeta, spec=2 TokenRequestSpec
TokenRequestSpec: audiences=1 [string], expirationSeconds=4 int
Eviction: metadata=1 ObjectMeta, deleteOptions=2 DeleteOptions
DeleteOptions: gracePeriodSeconds=1 int, preconditions=2 Preconditions, orphanDependents=3 bool,
  propagationPolicy=4 string, dryRun=5 [string]
Preconditions: uid=1 string, resourceVersion=2 string
ResourceQuota: metadata=1 ObjectMeta, spec=2 ResourceQuotaSpec
ResourceQuotaSpec: hard=1 {quantity}, scopes=2 [string]
Deployment: metadata=1 ObjectMeta, spec=2 DeploymentSpec
DeploymentSpec: replicas=1 int, selector=2 LabelSelector, template=3 PodTemplateSpec
Job: metadata=1 ObjectMeta, spec=2 JobSpec
JobSpec: parallelism=1 int, completions=2 int, template=6 PodTemplateSpec, backoffLimit=7 int
LabelSelector: matchLabels=1 {string}
PodTemplateSpec: metadata=1 ObjectMeta, spec=2 PodSpec
PodSpec: containers=2 [Container], restartPolicy=3 string
Container: name=1 string, image=2 string, command=3 [string], args=4 [string], ports=6 [ContainerPort]
ContainerPort: name=1 string, containerPort=3 int, protocol=4 string
`;
