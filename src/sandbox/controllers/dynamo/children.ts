import { createHash } from 'node:crypto';
import { type KubernetesObject, listAt, textAt } from '../../../kubernetes.ts';
import { isMap, ownedBy, textsAt } from '../objects.ts';
import { type Component, isV1alpha1 } from './components.ts';

type Fields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Fields => (isMap(value) ? value : {});

export const finalizer = 'nvidia.com/finalizer';
export const hashLabel = 'nvidia.com/dynamo-worker-hash';
export const graphLabel = 'nvidia.com/dynamo-graph-deployment-name';
export const componentLabel = 'nvidia.com/dynamo-component';
/** On pods: the restart that they were made for (constants of ai-dynamo/dynamo 1.5.0). */
export const restartAnnotation = 'nvidia.com/restartAt';
export const appliedHash = 'nvidia.com/last-applied-hash';

/** Dynamo's own name of a graph's processes: `<namespace>-<graph>`. */
export const runtimeNamespace = ({ metadata }: KubernetesObject): string =>
  `${metadata.namespace}-${metadata.name.replaceAll('.', '-')}`;

export const childName = (graph: KubernetesObject, component: string, hash: string | undefined): string =>
  `${graph.metadata.name}-${component.toLowerCase()}${hash === undefined ? '' : `-${hash}`}`;

/** The object with the annotation by which the operator sees whether it has applied this before. */
export function stamped(object: KubernetesObject): KubernetesObject {
  const hash = createHash('sha256').update(JSON.stringify(object.spec)).digest('hex');
  const annotations = { ...object.metadata.annotations, [appliedHash]: hash };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** The DynamoComponentDeployment of one component, in the version of its graph; its pods are marked with the restart that they are made for. */
export function componentDeployment(
  graph: KubernetesObject,
  component: Component,
  replicas: number,
  hash: string | undefined,
  restart: string | undefined,
): KubernetesObject {
  const mark = restart === undefined ? {} : { [restartAnnotation]: restart };
  const metadata = {
    name: childName(graph, component.name, hash),
    namespace: graph.metadata.namespace,
    labels: {
      ...textsAt(graph, 'spec', 'labels'),
      [componentLabel]: component.name,
      [graphLabel]: graph.metadata.name,
      'nvidia.com/dynamo-namespace': runtimeNamespace(graph),
      ...(hash === undefined ? {} : { [hashLabel]: hash }),
    },
    finalizers: [finalizer],
    ownerReferences: ownedBy(graph),
  };
  const framework = textAt(graph, 'spec', 'backendFramework');
  const shared = { ...(framework === undefined ? {} : { backendFramework: framework }), replicas };
  const template = fields(component.podTemplate.metadata);
  const spec = isV1alpha1(graph)
    ? {
        ...component.own,
        ...shared,
        serviceName: component.name,
        envs: [...listAt(graph, 'spec', 'envs'), ...listAt(component.own, 'envs')],
        ...(hash === undefined ? {} : { labels: { ...textsAt(component.own, 'labels'), [hashLabel]: hash } }),
        ...(restart === undefined ? {} : { annotations: { ...textsAt(component.own, 'annotations'), ...mark } }),
      }
    : {
        ...component.own,
        ...shared,
        podTemplate: {
          ...component.podTemplate,
          metadata: {
            ...template,
            annotations: { ...textsAt(graph, 'spec', 'annotations'), ...textsAt(template, 'annotations'), ...mark },
            labels: {
              ...textsAt(graph, 'spec', 'labels'),
              ...textsAt(template, 'labels'),
              ...(hash === undefined ? {} : { [hashLabel]: hash }),
            },
          },
        },
      };
  return stamped({ apiVersion: graph.apiVersion, kind: 'DynamoComponentDeployment', metadata, spec });
}

/** The scaling adapter of a component that opted in to one. */
export function scalingAdapter(graph: KubernetesObject, component: Component): KubernetesObject {
  return {
    apiVersion: graph.apiVersion,
    kind: 'DynamoGraphDeploymentScalingAdapter',
    metadata: {
      name: childName(graph, component.name, undefined),
      namespace: graph.metadata.namespace,
      labels: { [componentLabel]: component.name, [graphLabel]: graph.metadata.name },
      ownerReferences: ownedBy(graph),
    },
    spec: {
      replicas: component.replicas,
      dgdRef: { name: graph.metadata.name, [isV1alpha1(graph) ? 'serviceName' : 'componentName']: component.name },
    },
  };
}
