import { entriesAt, type KubernetesObject, listAt, numberAt, textAt, valueAt } from '../../../kubernetes.ts';
import type { Controller } from '../controller.ts';
import { controllerOf, isDeleting, isMap, splitKey } from '../objects.ts';
import type { World } from '../world.ts';
import { componentsOf, isV1alpha1 } from './components.ts';

const manager = 'dynamographdeploymentscalingadapter';
const group = 'nvidia.com';
const adapters = { group, kind: 'DynamoGraphDeploymentScalingAdapter' };
const graphs = { group, kind: 'DynamoGraphDeployment' };

/** The patch that gives one component of the graph that many replicas. */
function scaled(graph: KubernetesObject, component: string, replicas: number): unknown {
  if (isV1alpha1(graph)) return { spec: { services: { [component]: { replicas } } } };
  const components = listAt(graph, 'spec', 'components').map((each) =>
    textAt(each, 'name') === component && isMap(each) ? { ...each, replicas } : each,
  );
  return { spec: { components } };
}

/** Carries the replicas of a scaling adapter into its graph. */
export function dynamoAdapterController(world: World): Controller {
  return {
    name: manager,
    watches: [
      { resource: adapters },
      {
        resource: graphs,
        keys: (graph) =>
          world
            .cache(adapters)
            .list(graph.metadata.namespace)
            .filter((adapter) => controllerOf(adapter)?.uid === graph.metadata.uid)
            .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
      },
    ],
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const adapter = world.cache(adapters).get(namespace, name);
      const graph = world.cache(graphs).get(namespace, textAt(adapter, 'spec', 'dgdRef', 'name') ?? '');
      if (adapter === undefined || graph === undefined || isDeleting(graph)) return undefined;
      const reference = Object.fromEntries(entriesAt(adapter, 'spec', 'dgdRef'));
      const component = textAt(reference, 'componentName') ?? textAt(reference, 'serviceName') ?? '';
      const replicas = numberAt(adapter, 'spec', 'replicas') ?? 0;
      const before = componentsOf(graph).find((each) => each.name === component)?.replicas;
      const changes = before !== undefined && before !== replicas;
      if (changes) await world.patch(graph, scaled(graph, component, replicas), manager);
      const labels = ['nvidia.com/dynamo-component', 'nvidia.com/dynamo-graph-deployment-name'];
      const lastScaleTime = changes ? world.clock.now().toISOString() : valueAt(adapter, 'status', 'lastScaleTime');
      await world.setStatus(
        adapter,
        {
          replicas,
          selector: labels.map((label) => `${label}=${adapter.metadata.labels?.[label]}`).join(','),
          ...(lastScaleTime === undefined ? {} : { lastScaleTime }),
        },
        manager,
      );
      return undefined;
    },
  };
}
