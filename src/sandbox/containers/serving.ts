import { type KubernetesObject, listAt, textAt } from '../../kubernetes.ts';
import { isReady, labelOf, matchesLabels } from '../controllers/objects.ts';
import { containersOf, identify } from '../controllers/pods.ts';
import type { RayServe } from './ray-serve.ts';

/** The words of the first container's command line. */
const wordsOf = (pod: KubernetesObject): readonly string[] =>
  [...listAt(containersOf(pod)[0], 'command'), ...listAt(containersOf(pod)[0], 'args')].flatMap((word) =>
    typeof word === 'string' ? word.split(/\s+|=/) : [],
  );

/** The value after the first of these flags on the command line. */
export function flagOf(pod: KubernetesObject, ...flags: readonly string[]): string | undefined {
  const words = wordsOf(pod);
  for (const flag of flags) {
    const at = words.indexOf(flag);
    if (at >= 0) return words[at + 1];
  }
  return undefined;
}

export const hasFlag = (pod: KubernetesObject, flag: string): boolean => wordsOf(pod).includes(flag);

/** The engine that a Dynamo worker runs. */
export const engineOf = (pod: KubernetesObject): string =>
  /dynamo\.(vllm|sglang|trtllm)/.exec(JSON.stringify(pod.spec))?.[1] ?? 'vllm';

/** The model that a Dynamo worker loads. */
export const modelOf = (pod: KubernetesObject): string => flagOf(pod, '--model', '--model-path') ?? 'model';

/**
 * The names of the models that a pod answers for on its HTTP port: a Dynamo frontend for the ready workers of its
 * graph, a pod of a RayService for the applications that run on its cluster.
 */
export function modelsServedBy(
  pod: KubernetesObject,
  pods: readonly KubernetesObject[],
  ray: RayServe,
): readonly string[] {
  const { namespace } = pod.metadata;
  const { rayCluster } = identify(pod);
  if (rayCluster !== undefined) {
    const cluster = `${namespace}/${rayCluster}`;
    return ray.serves(cluster) ? ray.models(cluster) : [];
  }
  const graph = { 'nvidia.com/dynamo-namespace': labelOf(pod, 'nvidia.com/dynamo-namespace') ?? '' };
  const workers = pods.filter(
    (other) =>
      other.metadata.namespace === namespace &&
      matchesLabels(other, graph) &&
      identify(other).role === 'model' &&
      isReady(other),
  );
  return [...new Set(workers.map((worker) => flagOf(worker, '--served-model-name') ?? modelOf(worker)))];
}

/** When the first container started, if it runs. */
export function startedAt(pod: KubernetesObject): Date | undefined {
  const text = textAt(listAt(pod, 'status', 'containerStatuses')[0], 'state', 'running', 'startedAt');
  return text === undefined ? undefined : new Date(text);
}
