import { isDeepStrictEqual } from 'node:util';
import { type KubernetesObject, textAt, valueAt } from '../../kubernetes.ts';

/** The only field of a RayService that may not change (CRD rule of 1.6.2 and 1.7.0). */
export function refusals(existing: KubernetesObject, wanted: KubernetesObject): readonly string[] {
  const before = textAt(existing, 'spec', 'managedBy');
  const after = textAt(wanted, 'spec', 'managedBy');
  return before === undefined || after === undefined || before === after
    ? []
    : [`spec.managedBy is immutable: it is ${before} and would become ${after}.`];
}

/** Fields that the operator leaves out when it compares clusters (1.6.2, 1.7.0): editing them changes nothing that runs. */
const ignored: ReadonlySet<string> = new Set([
  'replicas',
  'minReplicas',
  'maxReplicas',
  'scaleStrategy',
  'tolerations',
  'schedulingGates',
]);

/** What the API server fills in where a manifest says nothing; it makes no difference. */
const isDefault = (key: string, value: unknown): boolean => key === 'protocol' && value === 'TCP';

const without = (value: unknown, leftOut: ReadonlySet<string>): unknown =>
  JSON.parse(
    JSON.stringify(value ?? null, (key, field: unknown) =>
      leftOut.has(key) || isDefault(key, field) ? undefined : field,
    ),
  );

const nothing: ReadonlySet<string> = new Set();

const clusterOf = (rayService: KubernetesObject): unknown => valueAt(rayService, 'spec', 'rayClusterConfig');

const ignoresClusters = (rayService: KubernetesObject): boolean =>
  textAt(rayService, 'spec', 'upgradeStrategy', 'type') === 'None';

const clusterDiffers = (existing: KubernetesObject, wanted: KubernetesObject): boolean =>
  !isDeepStrictEqual(without(clusterOf(existing), ignored), without(clusterOf(wanted), ignored));

/** Whether the operator makes a new cluster of the change, which takes over. */
export const clusterIsReplaced = (existing: KubernetesObject, wanted: KubernetesObject): boolean =>
  !ignoresClusters(wanted) && clusterDiffers(existing, wanted);

/** What changing a live RayService costs or leaves undone, besides the change itself; `wanted` as written or as the server's dry run returns it. */
export function consequences(existing: KubernetesObject, wanted: KubernetesObject): readonly string[] {
  if (clusterDiffers(existing, wanted) && ignoresClusters(wanted))
    return ['Its upgradeStrategy None makes KubeRay ignore this change of the cluster.'];
  if (clusterDiffers(existing, wanted))
    return [
      'A second RayCluster is made and takes over once it serves: until then the deployment needs its GPUs twice.',
    ];
  if (!isDeepStrictEqual(without(clusterOf(existing), nothing), without(clusterOf(wanted), nothing)))
    return [
      'KubeRay does not carry replicas and tolerations of worker groups over to a live RayCluster: more replicas find no workers until scale_deployment has scaled the RayCluster too.',
    ];
  return [];
}
