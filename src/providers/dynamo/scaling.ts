import { type KubernetesObject, listAt, textAt, valueAt } from '../../kubernetes.ts';
import type { Changes, Edit, FieldChange, ReadResource, Scale, Snapshot } from '../provider.ts';
import { cannotScale, rolesMeant } from '../scaling.ts';
import type { WorkerRole } from '../spec.ts';
import { type GraphComponent, readGraph } from './graph.ts';
import { isModelRole } from './roles.ts';

const adapterKind = 'DynamoGraphDeploymentScalingAdapter';

/** What scaling changes beside the graph. */
export const scaledResources: readonly ReadResource[] = [
  { group: 'nvidia.com', kind: adapterKind, plural: 'dynamographdeploymentscalingadapters' },
];

/** Where the replicas of a component stand in its graph, in either API version. */
function replicasPath(graph: KubernetesObject, name: string): FieldChange['path'] {
  if (valueAt(graph, 'spec', 'components') === undefined) return ['spec', 'services', name, 'replicas'];
  const index = listAt(graph, 'spec', 'components').findIndex((component) => textAt(component, 'name') === name);
  return ['spec', 'components', index, 'replicas'];
}

/** The scaling adapter of a component: its webhook lets nobody else change the replicas (operator 1.5). */
function adapterEdit({ apiVersion, metadata }: KubernetesObject, { name }: GraphComponent, replicas: number): Edit {
  const { namespace } = metadata;
  return {
    object: {
      apiVersion,
      kind: adapterKind,
      metadata: { name: `${metadata.name}-${name.toLowerCase()}`, namespace },
      spec: { replicas: 0 },
    },
    changes: [{ path: ['spec', 'replicas'], value: replicas }],
  };
}

/** The one component of a role; a number cannot be divided among several. */
function componentsFor(
  primary: KubernetesObject,
  workers: readonly GraphComponent[],
  role: WorkerRole,
  replicas: number,
): readonly GraphComponent[] {
  const own = workers.filter((component) => component.role === role);
  if (own.length === 1 || replicas === 0) return own;
  const names = own.map(({ name }) => name).join(', ');
  throw cannotScale(
    primary,
    `several components are its ${role}: ${names}.`,
    `Scale each by itself: kubectl edit dynamographdeployment ${primary.metadata.name} -n ${primary.metadata.namespace}`,
  );
}

/** Replicas of Dynamo's worker components, or of their scaling adapters. */
export function scale({ primary }: Snapshot, wanted: Scale): Changes {
  const { components } = readGraph(primary);
  const planner = components.find(({ type }) => type === 'planner');
  if (planner) {
    throw cannotScale(
      primary,
      `its planner (component ${planner.name}) decides how many replicas run, and would undo it.`,
      'Change the bounds in the arguments of the planner, or remove the planner.',
    );
  }
  const workers = components.filter(({ role }) => isModelRole(role));
  const has = [...new Set(workers.map(({ role }) => role).filter(isModelRole))];
  const { replicas } = wanted;
  const stopped = workers.every((component) => component.replicas === 0);
  const meant = rolesMeant(primary, has, wanted, stopped).flatMap((role) =>
    componentsFor(primary, workers, role, replicas).map((component) => ({ role, component })),
  );
  const changed = meant.filter(({ component }) => component.replicas !== replicas);
  const own = changed.filter(({ component }) => !component.scaled);
  const changes = own.map(({ component: { name } }) => ({ path: replicasPath(primary, name), value: replicas }));
  const adapted = changed.filter(({ component }) => component.scaled);
  return {
    summary: meant.map(({ role, component }) => `${role} ${component.replicas ?? '?'} → ${replicas}`).join(', '),
    edits: [
      ...(changes.length === 0 ? [] : [{ object: primary, changes }]),
      ...adapted.map(({ component }) => adapterEdit(primary, component, replicas)),
    ],
    warnings: adapted.map(
      ({ component: { name } }) =>
        `The replicas of component ${name} belong to its scaling adapter: an autoscaler that drives it may change them again.`,
    ),
  };
}
