import type { KubernetesObject } from '../../kubernetes.ts';

/** Nearly every cluster has one, the default. No volume is made of it. */
export const storageClass: KubernetesObject = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'sandbox.kubefoundry.dev/none',
};
