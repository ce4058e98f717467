import { type KubernetesObject, listAt, numberAt, textAt, valueAt } from '../../kubernetes.ts';
import type { Controller } from './controller.ts';
import { isDeleting, isReady, keyOf, matchesLabels, mergePatch, owned, ownedBy, splitKey, textsAt } from './objects.ts';
import { containersOf, isActive } from './pods.ts';
import { controllerManager, type World } from './world.ts';

const controllerName = 'endpointslice-controller';
const services = { group: '', kind: 'Service' };
const pods = { group: '', kind: 'Pod' };
const slices = { group: 'discovery.k8s.io', kind: 'EndpointSlice' };

const selectorOf = (service: KubernetesObject) => textsAt(service, 'spec', 'selector');
const selects = (service: KubernetesObject, pod: KubernetesObject): boolean =>
  Object.keys(selectorOf(service)).length > 0 && matchesLabels(pod, selectorOf(service));

/** The number behind a Service's target port, which may be the name of a container's port. */
function portNumber(port: unknown, pod: KubernetesObject | undefined): number | undefined {
  const target = valueAt(port, 'targetPort') ?? numberAt(port, 'port');
  if (typeof target === 'number') return target;
  for (const container of pod === undefined ? [] : containersOf(pod)) {
    const found = listAt(container, 'ports').find((candidate) => textAt(candidate, 'name') === target);
    if (found !== undefined) return numberAt(found, 'containerPort');
  }
  return undefined;
}

/** The endpoints of a Service: its pods that have an address, ready or not. */
function endpointsOf(service: KubernetesObject, all: readonly KubernetesObject[]) {
  const chosen = all.filter(
    (pod) => selects(service, pod) && isActive(pod) && textAt(pod, 'status', 'podIP') !== undefined,
  );
  const notReadyToo = valueAt(service, 'spec', 'publishNotReadyAddresses') === true;
  return {
    endpoints: chosen.map((pod) => ({
      addresses: [textAt(pod, 'status', 'podIP')],
      conditions: {
        ready: notReadyToo || (isReady(pod) && !isDeleting(pod)),
        serving: isReady(pod),
        terminating: isDeleting(pod),
      },
      nodeName: textAt(pod, 'spec', 'nodeName'),
      targetRef: { kind: 'Pod', name: pod.metadata.name, namespace: pod.metadata.namespace, uid: pod.metadata.uid },
    })),
    ports: listAt(service, 'spec', 'ports').map((port) => ({
      ...(textAt(port, 'name') === undefined ? {} : { name: textAt(port, 'name') }),
      port: portNumber(port, chosen[0]),
      protocol: textAt(port, 'protocol') ?? 'TCP',
    })),
  };
}

/** Keeps one EndpointSlice per Service with a selector. On a real control plane kube-controller-manager does this. */
export function endpointSliceController(world: World): Controller {
  return {
    name: controllerName,
    watches: [
      { resource: services },
      { resource: slices, keys: () => [] },
      {
        resource: pods,
        keys: (pod) =>
          world
            .cache(services)
            .list(pod.metadata.namespace)
            .filter((service) => selects(service, pod))
            .map(keyOf),
      },
    ],
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const service = world.cache(services).get(namespace, name);
      if (service === undefined || isDeleting(service) || Object.keys(selectorOf(service)).length === 0)
        return undefined;
      const wanted = endpointsOf(service, world.cache(pods).list(namespace));
      const [slice] = owned(world.cache(slices).list(namespace), service);
      if (slice !== undefined) {
        const patch = mergePatch({ endpoints: slice.endpoints, ports: slice.ports }, wanted);
        if (patch !== undefined) await world.patch(slice, patch, controllerManager);
        return undefined;
      }
      await world.create(
        {
          apiVersion: 'discovery.k8s.io/v1',
          kind: 'EndpointSlice',
          metadata: {
            generateName: `${name}-`,
            name: `${name}-${world.random.suffix()}`,
            namespace,
            labels: {
              ...service.metadata.labels,
              'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
              'kubernetes.io/service-name': name,
              ...(textAt(service, 'spec', 'clusterIP') === 'None' ? { 'service.kubernetes.io/headless': '' } : {}),
            },
            ownerReferences: ownedBy(service),
          },
          addressType: 'IPv4',
          ...wanted,
        },
        controllerManager,
      );
      return undefined;
    },
  };
}
