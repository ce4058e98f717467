import { createHash } from 'node:crypto';
import { type KubernetesObject, listAt, numberAt, valueAt } from '../../../kubernetes.ts';
import { isMap, ownedBy } from '../objects.ts';
import { fromService, headService } from './cluster-services.ts';
import { portsOf } from './ray-groups.ts';

type Fields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Fields => (isMap(value) ? value : {});

export const hashAnnotation = 'ray.io/hash-without-replicas-and-workers-to-delete';

/** A hash of the cluster's configuration without what an edit does not replace a cluster for. */
export function configurationHash(config: unknown): string {
  const groups = listAt(config, 'workerGroupSpecs').map((group) => {
    const { replicas, minReplicas, maxReplicas, scaleStrategy, ...rest } = fields(group);
    const template = fields(rest.template);
    const { tolerations, schedulingGates, ...spec } = fields(template.spec);
    return { ...rest, template: { ...template, spec } };
  });
  const digest = createHash('sha1')
    .update(JSON.stringify({ ...fields(config), workerGroupSpecs: groups }))
    .digest('hex');
  return digest.slice(0, 32).toUpperCase();
}

/** The RayCluster that a RayService asks for. */
export function rayCluster(service: KubernetesObject, name: string, version: string): KubernetesObject {
  const config = valueAt(service, 'spec', 'rayClusterConfig');
  return {
    apiVersion: service.apiVersion,
    kind: 'RayCluster',
    metadata: {
      name,
      namespace: service.metadata.namespace,
      labels: {
        ...service.metadata.labels,
        [fromService]: service.metadata.name,
        'ray.io/originated-from-crd': 'RayService',
      },
      annotations: {
        ...service.metadata.annotations,
        [hashAnnotation]: configurationHash(config),
        'ray.io/kuberay-version': `v${version}`,
        'ray.io/num-worker-groups': String(listAt(config, 'workerGroupSpecs').length),
      },
      ownerReferences: ownedBy(service),
    },
    spec: fields(config),
  };
}

const origin = (service: KubernetesObject) => ({
  [fromService]: service.metadata.name,
  'ray.io/originated-from-crd': 'RayService',
});

/** The Services of a RayService, which lead to its active cluster. */
export function servicesOf(service: KubernetesObject, cluster: KubernetesObject): readonly KubernetesObject[] {
  const { name, namespace } = service.metadata;
  const ownerReferences = ownedBy(service);
  const head = headService(cluster);
  const serve = portsOf(cluster).find((port) => port.name === 'serve' || port.name.startsWith('serve-'));
  const labels = { ...origin(service), 'ray.io/identifier': `${name}-head`, 'ray.io/node-type': 'head' };
  const services: KubernetesObject[] = [
    { ...head, metadata: { name: `${name}-head-svc`, namespace, labels, ownerReferences } },
  ];
  if (serve !== undefined) {
    services.push({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: `${name}-serve-svc`,
        namespace,
        labels: { ...origin(service), 'ray.io/serve': `${name}-serve` },
        ownerReferences,
      },
      spec: {
        type: 'ClusterIP',
        selector: { 'ray.io/cluster': cluster.metadata.name, 'ray.io/serve': 'true' },
        ports: [{ name: serve.name, port: serve.port, targetPort: serve.port, protocol: 'TCP' }],
      },
    });
  }
  return services;
}

/**
 * What the operator writes into a RayService's spec when it adds its finalizer, because it writes the whole object back
 * from its Go types: empty `scaleStrategy` and `metadata`. It owns those fields from then on, so that a manifest
 * without them conflicts at the next apply.
 */
export function goDefaults(service: KubernetesObject): Fields {
  const config = valueAt(service, 'spec', 'rayClusterConfig');
  const head = fields(valueAt(config, 'headGroupSpec', 'template'));
  const groups = listAt(config, 'workerGroupSpecs');
  const completed = groups.map((group) => {
    const template = fields(valueAt(group, 'template'));
    return { scaleStrategy: {}, ...fields(group), template: { metadata: {}, ...template } };
  });
  const lacking = groups.some(
    (group) => valueAt(group, 'scaleStrategy') === undefined || valueAt(group, 'template', 'metadata') === undefined,
  );
  return {
    ...(head.metadata === undefined ? { headGroupSpec: { template: { metadata: {} } } } : {}),
    ...(lacking ? { workerGroupSpecs: completed } : {}),
  };
}

/** Seconds that an old cluster is kept after the switch. */
export const deletionDelay = (service: KubernetesObject): number =>
  numberAt(service, 'spec', 'rayClusterDeletionDelaySeconds') ?? 60;
