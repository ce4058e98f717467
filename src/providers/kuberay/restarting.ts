import { FoundryError } from '../../errors.ts';
import { type KubernetesObject, textAt } from '../../kubernetes.ts';
import type { Changes, Snapshot } from '../provider.ts';
import { titleOf } from '../scaling.ts';
import type { Role } from '../spec.ts';
import { clusterIsReplaced } from './edits.ts';
import { rolesIn } from './replicas.ts';

/** An annotation of the head's pods that only we write. */
const restartAnnotation = 'kubefoundry.io/restart';

const annotationPath = ['spec', 'rayClusterConfig', 'headGroupSpec', 'template', 'metadata', 'annotations'];

/**
 * An annotation of the head pod, which makes it another cluster to the operator: it builds a new one and switches when that
 * serves. The generation makes it one that was not there before.
 */
export function restart({ primary }: Snapshot): Changes {
  if (textAt(primary, 'spec', 'upgradeStrategy', 'type') === 'None') {
    throw new FoundryError(
      'NOT_SUPPORTED',
      `${titleOf(primary)} cannot be restarted: its upgradeStrategy None makes KubeRay ignore changes of the cluster.`,
      'Delete the pods one by one with kubectl, or deploy it anew.',
    );
  }
  const value = String(primary.metadata.generation ?? 1);
  return {
    summary: 'a second RayCluster takes over once it serves',
    edits: [{ object: primary, changes: [{ path: [...annotationPath, restartAnnotation], value }] }],
    warnings: ['Until the new RayCluster serves the deployment needs its GPUs twice.'],
  };
}

/** A change of the cluster replaces all of it, one of serveConfigV2 alone no pod. */
export const restarts = (existing: KubernetesObject, wanted: KubernetesObject): readonly Role[] =>
  clusterIsReplaced(existing, wanted) ? ['head', ...rolesIn(wanted)] : [];
