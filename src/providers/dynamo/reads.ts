import type { KubernetesObject } from '../../kubernetes.ts';
import { snapshotsBy } from '../filing.ts';
import { conditions, metadata, podFields } from '../kept.ts';
import type { Filing, Have, HaveRead, KeptResource, Query, Snapshot } from '../provider.ts';
import { componentLabel, componentTypeLabel, graphLabel, replicaLabels } from './labels.ts';

const graphKind = 'DynamoGraphDeployment';
const kept = metadata([graphLabel, componentLabel], graphKind);

/**
 * What belongs to a deployment, beside the deployment itself. Services have no common label under Grove. Of Events
 * nothing is needed: quota and admission stand on the Deployment for as long as they last, the rest on pods.
 */
export const resources: readonly (KeptResource & { readonly labelled: boolean })[] = [
  {
    group: '',
    kind: 'Pod',
    plural: 'pods',
    labelled: true,
    keeps: { ...podFields, metadata: metadata([graphLabel, componentLabel, ...replicaLabels], graphKind) },
  },
  {
    group: '',
    kind: 'Service',
    plural: 'services',
    labelled: false,
    keeps: {
      metadata: kept,
      spec: {
        selector: { [componentLabel]: true, [componentTypeLabel]: true },
        ports: { name: true, port: true },
      },
    },
  },
  {
    group: 'nvidia.com',
    kind: 'DynamoComponentDeployment',
    plural: 'dynamocomponentdeployments',
    labelled: true,
    keeps: { metadata: kept, status: { conditions: conditions('Available') } },
  },
  {
    group: 'apps',
    kind: 'Deployment',
    plural: 'deployments',
    labelled: true,
    keeps: { metadata: kept, status: { conditions: conditions('ReplicaFailure') } },
  },
];

/** Longest value of a label; the name of a longer one is not to be found in any. */
const longestLabel = 63;

/** Four requests for any number of deployments, all at once. */
export function reads(primaries: readonly KubernetesObject[], have: HaveRead): readonly Query[] {
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

const keyOf = (namespace: string | undefined, name: string): string => [namespace ?? '', name].join('/');

/** The name of the deployment that an object belongs to: its label, else its owner. */
function graphOf({ metadata }: KubernetesObject): string | undefined {
  const label = metadata.labels?.[graphLabel];
  if (typeof label === 'string') return label;
  const owners = Array.isArray(metadata.ownerReferences) ? metadata.ownerReferences : [];
  return owners.find((owner) => owner?.kind === graphKind)?.name;
}

/** One file for everything of a deployment. */
export const filing: Filing = {
  fileOf(object) {
    const graph = graphOf(object);
    return graph === undefined ? undefined : keyOf(object.metadata.namespace, graph);
  },
  gather: ({ metadata: { namespace, name } }, file) => file(keyOf(namespace, name)),
};

export const snapshots = (primaries: readonly KubernetesObject[], have: Have, now: Date): readonly Snapshot[] =>
  snapshotsBy(filing, primaries, have, now);
