import { type KubernetesObject, numberAt, textAt } from '../../../kubernetes.ts';
import type { Again, Controller } from '../controller.ts';
import { createRecorder } from '../events.ts';
import { controllerOf, isDeleting, labelOf, owned, ownedBy, splitKey, timestamp } from '../objects.ts';
import type { World } from '../world.ts';
import { appliedHash, componentDeployment, finalizer, scalingAdapter } from './children.ts';
import { type Component, componentsOf, isWorker, modelOf, workerHash } from './components.ts';
import {
  componentCounts,
  failedStatus,
  graphStatus,
  type Outcome,
  outcomeOf,
  rollingUpdateOf,
} from './graph-status.ts';
import { type Restart, restartMark, restartOf } from './restart.ts';
import { type Part, plan } from './rollout.ts';

const manager = 'dynamographdeployment';
const group = 'nvidia.com';
const graphs = { group, kind: 'DynamoGraphDeployment' };
const components = { group, kind: 'DynamoComponentDeployment' };
const adapters = { group, kind: 'DynamoGraphDeploymentScalingAdapter' };
const deployments = { group: 'apps', kind: 'Deployment' };
const accounts = { group: '', kind: 'ServiceAccount' };
const currentHash = 'nvidia.com/current-worker-hash-v2';

/** Why the graph cannot be reconciled at all, if so. */
function refusal(parts: readonly Component[], failed: boolean): Outcome | undefined {
  const state = 'failed';
  if (parts.some(({ multinode }) => multinode)) {
    return { state, reason: 'no_multinode_orchestrator_available', message: 'no multinode orchestrator available' };
  }
  if (!failed) return undefined;
  return {
    state,
    reason: 'failed_to_reconcile_the_resources',
    message: `failed to reconcile Dynamo components deployments: failed to sync the DynamoComponentDeployment: admission webhook "vdynamocomponentdeployment.kb.io" denied the request: ${parts[0]?.name}: Internal error occurred`,
  };
}

/** Reconciles graphs into component deployments, as the operator of chart 1.5 does without Grove. */
export function dynamoGraphController(world: World, operatorVersion: string): Controller {
  const record = createRecorder(world, manager);

  const release = async (graph: KubernetesObject) => {
    const finalizers = (graph.metadata.finalizers ?? []).filter((held) => held !== finalizer);
    if (finalizers.length === graph.metadata.finalizers?.length) return;
    await world.patch(graph, { metadata: { finalizers } }, manager);
  };

  /** What the operator and its webhook write on a graph that they see first. */
  const adopt = (graph: KubernetesObject, hash: string) =>
    world.patch(
      graph,
      {
        metadata: {
          finalizers: [...(graph.metadata.finalizers ?? []), finalizer],
          annotations: {
            'nvidia.com/dynamo-operator-origin-version': operatorVersion,
            'nvidia.com/workload-provider': 'component',
            [currentHash]: hash,
          },
        },
      },
      manager,
    );

  const ensureAccount = async (graph: KubernetesObject) => {
    const metadata = {
      name: `${graph.metadata.name}-k8s-service-discovery`,
      namespace: graph.metadata.namespace,
      ownerReferences: ownedBy(graph),
    };
    if (world.cache(accounts).get(metadata.namespace ?? '', metadata.name) !== undefined) return;
    await world.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata }, manager);
  };

  const ensurePart = async (graph: KubernetesObject, { name, component, replicas, hash }: Part, restart: Restart) => {
    const existing = world.cache(components).get(graph.metadata.namespace ?? '', name);
    const mark = restart.markOf(component.name) ?? restartMark(existing);
    const wanted = componentDeployment(graph, component, replicas, hash, mark);
    if (existing === undefined) {
      const created = await world.create(wanted, manager);
      if (created === undefined) return;
      const message = `Created DynamoComponentDeployment ${graph.metadata.namespace}`;
      const reason = 'CreateDynamoComponentDeployment';
      await record({ about: created, type: 'Normal', reason, message, action: 'Create' });
    } else if (existing.metadata.annotations?.[appliedHash] !== wanted.metadata.annotations?.[appliedHash]) {
      const { annotations, labels } = wanted.metadata;
      await world.patch(existing, { metadata: { annotations, labels }, spec: wanted.spec }, manager);
    }
    const adapter = scalingAdapter(graph, component);
    const { namespace = '' } = adapter.metadata;
    if (component.scalingAdapter && world.cache(adapters).get(namespace, adapter.metadata.name) === undefined) {
      await world.create(adapter, manager);
    }
  };

  const fail = async (graph: KubernetesObject, outcome: Outcome) => {
    await world.setStatus(graph, failedStatus(graph, outcome, world.clock.now()), manager);
    await record({
      about: graph,
      type: 'Warning',
      reason: 'ReconcileError',
      message: `Failed to reconcile DynamoGraphDeployment: ${outcome.message}`,
      action: 'Reconcile',
    });
  };

  const reconcile = async (graph: KubernetesObject): Promise<Again | undefined> => {
    const { namespace = '', name } = graph.metadata;
    const wanted = componentsOf(graph);
    const hash = workerHash(wanted);
    world.failures.learn(namespace, name, modelOf(wanted) ?? '');
    if (!graph.metadata.finalizers?.includes(finalizer)) {
      await adopt(graph, hash);
      return undefined;
    }
    const refused = refusal(wanted, world.failures.of(namespace, name)?.kind === 'failed-reconcile');
    if (refused !== undefined) {
      await fail(graph, refused);
      return { after: 30, background: true };
    }
    await ensureAccount(graph);
    const current = graph.metadata.annotations?.[currentHash] ?? hash;
    const existing = owned(world.cache(components).list(namespace), graph).filter((part) => !isDeleting(part));
    const { parts, old, over, inProgress } = plan(graph, wanted, current, hash, existing);
    const about = graph;
    const action = 'RollingUpdate';
    if (inProgress && textAt(graph, 'status', 'rollingUpdate', 'phase') !== 'InProgress') {
      const message = `Starting rolling update to worker hash ${hash}`;
      await record({ about, type: 'Normal', reason: 'RollingUpdateStarted', message, action });
    }
    const restart = restartOf(graph, wanted, existing, inProgress);
    for (const part of parts) await ensurePart(graph, part, restart);
    for (const { part, replicas } of old) {
      if (numberAt(part, 'spec', 'replicas') === replicas) continue;
      await world.patch(part, { metadata: { annotations: { [appliedHash]: null } }, spec: { replicas } }, manager);
    }
    for (const part of over) await world.remove(part);
    if (!inProgress && current !== hash) {
      await world.patch(graph, { metadata: { annotations: { [currentHash]: hash } } }, manager);
      const message = `Rolling update completed, worker hash ${hash}`;
      await record({ about, type: 'Normal', reason: 'RollingUpdateCompleted', message, action });
    }

    const now = world.clock.now();
    const running = world
      .cache(deployments)
      .list(namespace)
      .filter((each) => labelOf(each, 'nvidia.com/dynamo-graph-deployment-name') === name && !isDeleting(each));
    const outcome = outcomeOf(
      parts.map((part) => part.name),
      running,
      inProgress,
    );
    const counts = componentCounts(graph, wanted, running, hash, inProgress ? current : hash);
    const updated = wanted.filter(isWorker).map((component) => component.name);
    const rolling = rollingUpdateOf(graph, inProgress, updated, timestamp(now));
    const latest = world.cache(graphs).get(namespace, name) ?? graph;
    await world.setStatus(
      latest,
      graphStatus(graph, outcome, counts, { rollingUpdate: rolling, restart: restart.status }, now),
      manager,
    );
    return undefined;
  };

  return {
    name: manager,
    watches: [
      { resource: graphs },
      { resource: accounts, keys: () => [] },
      { resource: adapters, keys: () => [] },
      {
        resource: components,
        keys: (part) => {
          const owner = controllerOf(part);
          return owner?.kind === graphs.kind ? [`${part.metadata.namespace}/${owner.name}`] : [];
        },
      },
      {
        resource: deployments,
        keys: (deployment) => {
          const graph = labelOf(deployment, 'nvidia.com/dynamo-graph-deployment-name');
          return graph === undefined ? [] : [`${deployment.metadata.namespace}/${graph}`];
        },
      },
    ],
    wake: (enqueue) =>
      world.failures.subscribe(() => {
        for (const { metadata } of world.cache(graphs).list()) enqueue(`${metadata.namespace}/${metadata.name}`);
      }),
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const graph = world.cache(graphs).get(namespace, name);
      if (graph === undefined) return undefined;
      if (!isDeleting(graph)) return reconcile(graph);
      await release(graph);
      return undefined;
    },
  };
}
