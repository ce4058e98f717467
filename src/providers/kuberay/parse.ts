import { booleanAt, type KubernetesObject, listAt, numberAt, textAt, valueAt } from '../../kubernetes.ts';
import { gpusOf } from '../pods.ts';
import type { ParsedManifest } from '../provider.ts';
import { serveConfigOf } from './serve-config.ts';

/** A group of pods as a RayService or a RayCluster holds it. */
export interface PodGroup {
  readonly name: string;
  /** Pods that the group holds: replicas (between its bounds) × hosts. */
  readonly pods: number;
  /** GPUs of one of its pods. */
  readonly gpus: number;
}

/** The worker groups below a RayClusterSpec. The defaults are those of the CRD; the operator keeps replicas between the bounds. */
export function workerGroups(cluster: unknown): readonly PodGroup[] {
  return listAt(cluster, 'workerGroupSpecs').map((group) => {
    const floor = numberAt(group, 'minReplicas') ?? 0;
    const ceiling = numberAt(group, 'maxReplicas') ?? Number.MAX_SAFE_INTEGER;
    const replicas = Math.min(Math.max(numberAt(group, 'replicas') ?? 0, floor), ceiling);
    return {
      name: textAt(group, 'groupName') ?? '',
      pods: booleanAt(group, 'suspend') === true ? 0 : replicas * (numberAt(group, 'numOfHosts') ?? 1),
      gpus: gpusOf(valueAt(group, 'template', 'spec', 'containers', 0)) ?? 0,
    };
  });
}

/** The head as a group; a head that tells Ray of no GPUs (`num-gpus: "0"`) offers none. */
export function headGroup(cluster: unknown): PodGroup {
  const head = valueAt(cluster, 'headGroupSpec');
  const hidden = textAt(head, 'rayStartParams', 'num-gpus') === '0';
  const gpus = hidden ? 0 : (gpusOf(valueAt(head, 'template', 'spec', 'containers', 0)) ?? 0);
  return { name: 'headgroup', pods: 1, gpus };
}

/** Whether the spec itself asks for no replica: suspended as a whole, or only its cluster. */
export const asksForNothing = (rayService: KubernetesObject): boolean =>
  booleanAt(rayService, 'spec', 'suspend') === true ||
  booleanAt(rayService, 'spec', 'rayClusterConfig', 'suspend') === true;

function imageOf(cluster: unknown): string | null {
  const templates = [...listAt(cluster, 'workerGroupSpecs'), valueAt(cluster, 'headGroupSpec')];
  const images = templates.map((group) => textAt(group, 'template', 'spec', 'containers', 0, 'image'));
  return images.find((image) => image !== undefined) ?? null;
}

/** What a RayService says about its model; of several LLM configs the first one. `null` where the config cannot be read or serves something else. */
export function parse(rayService: KubernetesObject): ParsedManifest {
  const cluster = valueAt(rayService, 'spec', 'rayClusterConfig');
  const config = serveConfigOf(rayService);
  const first = config.parsed ? config.configs[0] : undefined;
  const held = [...workerGroups(cluster), headGroup(cluster)].reduce((sum, group) => sum + group.pods * group.gpus, 0);
  return {
    model: first?.model ?? null,
    servedModelName: first?.modelId ?? null,
    engine: first?.engine ?? null,
    mode: config.parsed ? config.mode : null,
    gpus: cluster === undefined ? null : asksForNothing(rayService) ? 0 : held,
    image: imageOf(cluster),
  };
}
