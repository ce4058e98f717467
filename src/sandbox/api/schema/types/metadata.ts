/** What every object carries, and what several kinds share. Written in the notation of `../notation.ts`. */
export const metadata = `
LabelSelector: atomic matchExpressions [LabelSelectorRequirement], matchLabels {string}
LabelSelectorRequirement: key! string, operator! string, values [string]
LocalObjectReference: atomic name string
ManagedFieldsEntry: apiVersion string, fieldsType string, fieldsV1 any, manager string, operation string, subresource
  string, time time
ObjectMeta: annotations {string}, creationTimestamp time, deletionGracePeriodSeconds integer, deletionTimestamp time,
  finalizers [string set], generateName string, generation integer, labels {string}, managedFields
  [ManagedFieldsEntry], name string, namespace string, ownerReferences [OwnerReference by uid], resourceVersion
  string, selfLink string, uid string
ObjectReference: atomic apiVersion string, fieldPath string, kind string, name string, namespace string,
  resourceVersion string, uid string
OwnerReference: atomic apiVersion! string, blockOwnerDeletion boolean, controller boolean, kind! string, name! string,
  uid! string
TypedLocalObjectReference: atomic apiGroup string, kind! string, name! string
`;
