import type { KubernetesObject } from '../../../kubernetes.ts';
import { ownedBy } from '../objects.ts';
import { portsOf, workerGroups } from './ray-groups.ts';

export const fromService = 'ray.io/originated-from-cr-name';

/** The head Service: headless, and of pods that are not ready too. */
export function headService(cluster: KubernetesObject): KubernetesObject {
  const labels = {
    'app.kubernetes.io/created-by': 'kuberay-operator',
    'app.kubernetes.io/name': 'kuberay',
    'ray.io/cluster': cluster.metadata.name,
    'ray.io/identifier': `${cluster.metadata.name}-head`,
    'ray.io/node-type': 'head',
  };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: `${cluster.metadata.name}-head-svc`,
      namespace: cluster.metadata.namespace,
      labels,
      ownerReferences: ownedBy(cluster),
    },
    spec: {
      type: 'ClusterIP',
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: labels,
      ports: portsOf(cluster).map(({ name, port }) => ({
        name,
        port,
        targetPort: port,
        protocol: 'TCP',
        appProtocol: 'tcp',
      })),
    },
  };
}

/** The Service by which the hosts of a multi-host replica find each other; undefined where every replica is one pod. */
export function headlessService(cluster: KubernetesObject): KubernetesObject | undefined {
  if (workerGroups(cluster).every(({ hosts }) => hosts === 1)) return undefined;
  const { name, namespace } = cluster.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: `${name}-headless`,
      namespace,
      labels: { 'ray.io/headless-worker-svc': name },
      ownerReferences: ownedBy(cluster),
    },
    spec: {
      type: 'ClusterIP',
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: { 'ray.io/cluster': name, 'ray.io/node-type': 'worker' },
    },
  };
}
