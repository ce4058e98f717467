/** Volumes of pods and the claims behind them. Sources that need a cloud or storage vendor are left open (`any`). Written in the notation of `../notation.ts`. */
export const volumes = `
CSIVolumeSource: driver! string, fsType string, nodePublishSecretRef LocalObjectReference, readOnly boolean,
  volumeAttributes {string}
ClusterTrustBundleProjection: labelSelector LabelSelector, name string, optional boolean, path! string, signerName
  string
ConfigMapProjection: items [KeyToPath], name string, optional boolean
ConfigMapVolumeSource: defaultMode integer, items [KeyToPath], name string, optional boolean
DownwardAPIProjection: items [DownwardAPIVolumeFile]
DownwardAPIVolumeFile: fieldRef ObjectFieldSelector, mode integer, path! string, resourceFieldRef
  ResourceFieldSelector
DownwardAPIVolumeSource: defaultMode integer, items [DownwardAPIVolumeFile]
EmptyDirVolumeSource: medium string, sizeLimit quantity
EphemeralVolumeSource: volumeClaimTemplate PersistentVolumeClaimTemplate
HostPathVolumeSource: path! string, type string
ImageVolumeSource: pullPolicy string, reference string
KeyToPath: key! string, mode integer, path! string
ModifyVolumeStatus: status! string, targetVolumeAttributesClassName string
NFSVolumeSource: path! string, readOnly boolean, server! string
ObjectFieldSelector: atomic apiVersion string, fieldPath! string
PersistentVolume: apiVersion string, kind string, metadata ObjectMeta, spec any, status any
PersistentVolumeClaim: apiVersion string, kind string, metadata ObjectMeta, spec PersistentVolumeClaimSpec, status
  PersistentVolumeClaimStatus
PersistentVolumeClaimCondition: lastProbeTime time, lastTransitionTime time, message string, reason string, status!
  string, type! string
PersistentVolumeClaimSpec: accessModes [string], dataSource TypedLocalObjectReference, dataSourceRef
  TypedObjectReference, resources VolumeResourceRequirements, selector LabelSelector, storageClassName string,
  volumeAttributesClassName string, volumeMode string, volumeName string
PersistentVolumeClaimStatus: accessModes [string], allocatedResourceStatuses {string}, allocatedResources {quantity},
  capacity {quantity}, conditions [PersistentVolumeClaimCondition by type], currentVolumeAttributesClassName string,
  modifyVolumeStatus ModifyVolumeStatus, phase string
PersistentVolumeClaimTemplate: metadata ObjectMeta, spec! PersistentVolumeClaimSpec
PersistentVolumeClaimVolumeSource: claimName! string, readOnly boolean
PodCertificateProjection: certificateChainPath string, credentialBundlePath string, keyPath string, keyType! string,
  maxExpirationSeconds integer, signerName! string, userAnnotations {string}
ProjectedVolumeSource: defaultMode integer, sources [VolumeProjection]
ResourceFieldSelector: atomic containerName string, divisor quantity, resource! string
SecretProjection: items [KeyToPath], name string, optional boolean
SecretVolumeSource: defaultMode integer, items [KeyToPath], optional boolean, secretName string
ServiceAccountTokenProjection: audience string, expirationSeconds integer, path! string
TypedObjectReference: apiGroup string, kind! string, name! string, namespace string
Volume: awsElasticBlockStore any, azureDisk any, azureFile any, cephfs any, cinder any, configMap
  ConfigMapVolumeSource, csi CSIVolumeSource, downwardAPI DownwardAPIVolumeSource, emptyDir EmptyDirVolumeSource,
  ephemeral EphemeralVolumeSource, fc any, flexVolume any, flocker any, gcePersistentDisk any, gitRepo any, glusterfs
  any, hostPath HostPathVolumeSource, image ImageVolumeSource, iscsi any, name! string, nfs NFSVolumeSource,
  persistentVolumeClaim PersistentVolumeClaimVolumeSource, photonPersistentDisk any, portworxVolume any, projected
  ProjectedVolumeSource, quobyte any, rbd any, scaleIO any, secret SecretVolumeSource, storageos any, vsphereVolume
  any
VolumeDevice: devicePath! string, name! string
VolumeMount: mountPath! string, mountPropagation string, name! string, readOnly boolean, recursiveReadOnly string,
  subPath string, subPathExpr string
VolumeProjection: clusterTrustBundle ClusterTrustBundleProjection, configMap ConfigMapProjection, downwardAPI
  DownwardAPIProjection, podCertificate PodCertificateProjection, secret SecretProjection, serviceAccountToken
  ServiceAccountTokenProjection
VolumeResourceRequirements: limits {quantity}, requests {quantity}
`;
