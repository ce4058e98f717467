import { type KubernetesObject, numberAt } from '../../kubernetes.ts';
import type { RayServe } from '../containers/ray-serve.ts';
import { dynamoCrds } from '../crds/dynamo.ts';
import { operatorIn, type Runtime } from '../operators.ts';
import { type Controller, type Running, startController } from './controller.ts';
import { dynamoAdapterController } from './dynamo/adapter-controller.ts';
import { dynamoComponentController } from './dynamo/component-controller.ts';
import { dynamoGraphController } from './dynamo/graph-controller.ts';
import { rayClusterController } from './kuberay/cluster-controller.ts';
import { rayServiceController } from './kuberay/service-controller.ts';
import { isDeleting, keyOf, splitKey } from './objects.ts';
import type { World } from './world.ts';

const deployments = { group: 'apps', kind: 'Deployment' };

/** The controllers that an operator of that version runs. */
function operatorControllers(
  world: World,
  ray: RayServe,
  operator: { readonly runtime: Runtime; readonly version: string },
): readonly Controller[] {
  const { runtime, version } = operator;
  if (runtime === 'dynamo') {
    return [dynamoGraphController(world, version), dynamoComponentController(world), dynamoAdapterController(world)];
  }
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const events = major > 1 || minor >= 7 ? 'timed' : 'counted';
  return [rayServiceController(world, ray, version, events), rayClusterController(world, events)];
}

const isUp = (deployment: KubernetesObject | undefined): deployment is KubernetesObject =>
  deployment !== undefined && !isDeleting(deployment) && (numberAt(deployment, 'status', 'availableReplicas') ?? 0) > 0;

/**
 * What an operator's pods do: its controllers run while its Kubernetes Deployment is available, and only then. Dynamo's
 * bring its CRDs when they start.
 */
export function operatorProcesses(
  world: World,
  played: readonly Runtime[],
  ray: RayServe,
  log: (line: string) => void,
): { readonly controller: Controller; busy(): boolean; stop(): void } {
  const running = new Map<
    Runtime,
    { readonly key: string; readonly version: string; readonly parts: readonly Running[] }
  >();
  const end = (runtime: Runtime) => {
    for (const part of running.get(runtime)?.parts ?? []) part.stop();
    running.delete(runtime);
  };
  const controller: Controller = {
    name: 'operators',
    workers: 1,
    watches: [{ resource: deployments, keys: (deployment) => (operatorIn(deployment) ? [keyOf(deployment)] : []) }],
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const deployment = world.cache(deployments).get(namespace, name);
      const operator = isUp(deployment) ? operatorIn(deployment) : undefined;
      for (const [runtime, process] of running) {
        if (process.key === key && process.version !== operator?.version) end(runtime);
      }
      if (operator === undefined || running.has(operator.runtime)) return undefined;
      if (!played.includes(operator.runtime)) return undefined;
      // Those that are there came with the release, or are the real ones.
      if (operator.runtime === 'dynamo')
        for (const crd of dynamoCrds(operator.version)) await world.create(crd, 'crd-apply');
      log(`${operator.runtime} operator ${operator.version} runs in ${namespace}`);
      const parts = operatorControllers(world, ray, operator).map((each) => startController(each, world, log));
      running.set(operator.runtime, { key, version: operator.version, parts });
      return undefined;
    },
  };
  return {
    controller,
    busy: () => [...running.values()].some(({ parts }) => parts.some((part) => part.busy)),
    stop: () => {
      for (const runtime of [...running.keys()]) end(runtime);
    },
  };
}
