/** Labels that the operator puts on what it makes (constants of ai-dynamo/dynamo 1.5.0). */
export const graphLabel = 'nvidia.com/dynamo-graph-deployment-name';
export const componentLabel = 'nvidia.com/dynamo-component';
export const componentTypeLabel = 'nvidia.com/dynamo-component-type';

/** Labels that tell which pods make up one multinode replica: Grove's scaling groups, LeaderWorkerSet's groups. */
export const replicaLabels = [
  'grove.io/podcliqueset-replica-index',
  'grove.io/podcliquescalinggroup',
  'grove.io/podcliquescalinggroup-replica-index',
  'leaderworkerset.sh/name',
  'leaderworkerset.sh/group-index',
];

export const modelAnnotation = 'kubefoundry.io/model';
export const engineAnnotation = 'kubefoundry.io/engine';
export const modeAnnotation = 'kubefoundry.io/mode';

/** Labels of everything that we create for a deployment, pod templates included (design §4). */
export const ourLabels = (name: string): Readonly<Record<string, string>> => ({
  'app.kubernetes.io/managed-by': 'kubefoundry',
  'app.kubernetes.io/instance': name,
  'kubefoundry.io/provider': 'dynamo',
});
