import type { KubernetesObject } from '../../kubernetes.ts';
import type { Have, Query, ReadResource, Snapshot } from '../provider.ts';
import { graphLabel } from './labels.ts';

/**
 * What belongs to a deployment, beside the deployment itself. Services have no common label under Grove. Of Events
 * nothing is needed: quota and admission stand on the Deployment for as long as they last, the rest on pods.
 */
export const resources: readonly (ReadResource & { readonly labelled: boolean })[] = [
  { group: '', kind: 'Pod', plural: 'pods', labelled: true },
  { group: '', kind: 'Service', plural: 'services', labelled: false },
  { group: 'nvidia.com', kind: 'DynamoComponentDeployment', plural: 'dynamocomponentdeployments', labelled: true },
  { group: 'apps', kind: 'Deployment', plural: 'deployments', labelled: true },
];

/** Longest value of a label; the name of a longer one is not to be found in any. */
const longestLabel = 63;

/** Four requests for any number of deployments, all at once. */
export function reads(primaries: readonly KubernetesObject[], have: Have): readonly Query[] {
  const [first] = primaries;
  if (!first) return [];
  const asked = new Set([...have.answered, ...have.failed.map(({ query }) => query)].map(({ kind }) => kind));
  const namespaces = new Set(primaries.map(({ metadata }) => metadata.namespace));
  const namespace = namespaces.size === 1 ? first.metadata.namespace : undefined;
  const { name } = first.metadata;
  const labelSelector = primaries.length === 1 && name.length <= longestLabel ? `${graphLabel}=${name}` : graphLabel;
  return resources
    .filter(({ kind }) => !asked.has(kind))
    .map(({ group, kind, labelled }) => ({
      group,
      kind,
      namespace,
      labelSelector: labelled ? labelSelector : undefined,
    }));
}

const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;

/** The name of the deployment that an object belongs to: its label, else its owner. */
function graphOf({ metadata }: KubernetesObject): string | undefined {
  const label = metadata.labels?.[graphLabel];
  if (typeof label === 'string') return label;
  const owners = Array.isArray(metadata.ownerReferences) ? metadata.ownerReferences : [];
  return owners.find((owner) => owner?.kind === 'DynamoGraphDeployment')?.name;
}

/** One snapshot per primary, in one pass over the objects. */
export function snapshots(primaries: readonly KubernetesObject[], have: Have, now: Date): readonly Snapshot[] {
  const belongings = new Map<string, KubernetesObject[]>();
  for (const object of have.objects) {
    const graph = graphOf(object);
    if (graph === undefined) continue;
    const key = keyOf(object.metadata.namespace, graph);
    const found = belongings.get(key);
    if (found) found.push(object);
    else belongings.set(key, [object]);
  }
  return primaries.map((primary) => {
    const { namespace, name } = primary.metadata;
    return {
      primary,
      objects: belongings.get(keyOf(namespace, name)) ?? [],
      unread: have.failed.filter(({ query }) => query.namespace === undefined || query.namespace === namespace),
      now,
    };
  });
}
