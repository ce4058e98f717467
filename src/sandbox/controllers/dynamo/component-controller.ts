import { conditionOf, type KubernetesObject, listAt, numberAt } from '../../../kubernetes.ts';
import type { Controller } from '../controller.ts';
import { createRecorder } from '../events.ts';
import { controllerOf, isDeleting, labelOf, splitKey, type Wanted, withTransitions } from '../objects.ts';
import type { World } from '../world.ts';
import { appliedHash, finalizer, hashLabel } from './children.ts';
import { isV1alpha1 } from './components.ts';
import { workload } from './workload.ts';

const manager = 'dynamocomponentdeployment';
const components = { group: 'nvidia.com', kind: 'DynamoComponentDeployment' };
const deployments = { group: 'apps', kind: 'Deployment' };
const services = { group: '', kind: 'Service' };

/** Whether all replicas of a Deployment run its newest template and are available. */
export function isRolledOut(deployment: KubernetesObject): boolean {
  const wanted = numberAt(deployment, 'spec', 'replicas') ?? 1;
  const status = (field: string) => numberAt(deployment, 'status', field) ?? 0;
  return (
    status('observedGeneration') === deployment.metadata.generation &&
    status('replicas') === wanted &&
    status('updatedReplicas') === wanted &&
    status('availableReplicas') === wanted &&
    conditionOf(deployment, 'Available')?.status === 'True'
  );
}

/** The counts of a component, as graphs and components report them. */
export function replicaCounts(deployment: KubernetesObject, namespace: string | undefined) {
  const status = (field: string) => numberAt(deployment, 'status', field) ?? 0;
  return {
    componentKind: 'Deployment',
    componentNames: [deployment.metadata.name],
    replicas: status('replicas'),
    updatedReplicas: status('updatedReplicas'),
    readyReplicas: status('readyReplicas'),
    availableReplicas: status('availableReplicas'),
    ...(namespace === undefined ? { componentName: deployment.metadata.name } : { runtimeNamespace: namespace }),
  };
}

/** Makes a Deployment and a Service of every DynamoComponentDeployment, as the operator of chart 1.5 does. */
export function dynamoComponentController(world: World): Controller {
  const record = createRecorder(world, manager);

  /** Creates the child, or changes it when the operator would apply something else than last time. */
  const ensure = async (existing: KubernetesObject | undefined, wanted: KubernetesObject) => {
    if (existing === undefined) {
      const created = await world.create(wanted, manager);
      if (created === undefined) return undefined;
      const message = `Created ${wanted.kind} ${wanted.metadata.namespace}`;
      await record({ about: created, type: 'Normal', reason: `Create${wanted.kind}`, message, action: 'Create' });
      return created;
    }
    const hash = wanted.metadata.annotations?.[appliedHash];
    if (existing.metadata.annotations?.[appliedHash] === hash) return existing;
    const { annotations, labels } = wanted.metadata;
    return world.patch(existing, { metadata: { annotations, labels }, spec: wanted.spec }, manager);
  };

  return {
    name: manager,
    watches: [
      { resource: components },
      ...[deployments, services].map((resource) => ({
        resource,
        keys: (child: KubernetesObject) => {
          const owner = controllerOf(child);
          return owner?.kind === components.kind ? [`${child.metadata.namespace}/${owner.name}`] : [];
        },
      })),
    ],
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const component = world.cache(components).get(namespace, name);
      if (component === undefined) return undefined;
      if (isDeleting(component)) {
        const finalizers = (component.metadata.finalizers ?? []).filter((held) => held !== finalizer);
        if (finalizers.length !== component.metadata.finalizers?.length) {
          await world.patch(component, { metadata: { finalizers } }, manager);
        }
        return undefined;
      }
      const wanted = workload(component);
      const deployment = await ensure(world.cache(deployments).get(namespace, name), wanted.deployment);
      await ensure(world.cache(services).get(namespace, wanted.service.metadata.name), wanted.service);
      if (deployment === undefined) return { after: 0.1 };

      const ready = isRolledOut(deployment);
      const state = (type: string, yes: string, no: string, reasons: readonly [string, string]): Wanted => ({
        type,
        status: ready ? 'True' : 'False',
        reason: ready ? reasons[0] : reasons[1],
        message: ready ? yes : no,
      });
      const conditions = [
        state('Available', 'Deployment is ready', 'Deployment is not ready', ['DeploymentReady', 'DeploymentNotReady']),
        state('DynamoComponentReady', 'DynamoComponent is ready', 'DynamoComponent is not ready', [
          'ComponentReady',
          'ComponentNotReady',
        ]),
      ];
      const hash = labelOf(component, hashLabel);
      const base = labelOf(component, 'nvidia.com/dynamo-namespace') ?? '';
      const counts = replicaCounts(
        deployment,
        isV1alpha1(component) ? undefined : `${base}${hash === undefined ? '' : `-${hash}`}`,
      );
      await world.setStatus(
        component,
        {
          [isV1alpha1(component) ? 'service' : 'component']: counts,
          conditions: withTransitions(listAt(component, 'status', 'conditions'), conditions, world.clock.now()),
          observedGeneration: component.metadata.generation,
        },
        manager,
      );
      return undefined;
    },
  };
}
