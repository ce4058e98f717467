import { type KubernetesObject, listAt, textAt, valueAt } from '../../kubernetes.ts';
import { flagOf, hasFlag } from '../containers/serving.ts';
import { containersOf, gpusOf } from '../controllers/pods.ts';
import { quantity } from '../controllers/quantity.ts';
import type { FailureKind } from '../failures.ts';

/** What a model runs with, as far as failures that were wished depend on it. */
interface Settings {
  /** Tokens; 0 = as many as the model takes. */
  readonly contextLength: number;
  readonly trustsCode: boolean;
  readonly hasToken: boolean;
  readonly gpus: number;
  /** Bytes; 0 = without limit. */
  readonly memory: number;
}

/** What ends a failure that was wished, as it would end a real one; others go on whatever is changed. */
const cures: Partial<Record<FailureKind, (settings: Settings) => boolean>> = {
  'kv-cache-too-small': ({ contextLength }) => contextLength > 0 && contextLength <= 53_472,
  'code-untrusted': ({ trustsCode }) => trustsCode,
  'model-gated': ({ hasToken }) => hasToken,
  'gpu-out-of-memory': ({ gpus }) => gpus > 1,
  'out-of-memory': ({ memory }) => memory >= quantity('64Gi'),
};

/** Whether a model pod was given what ends that failure. `engine`: the engine's arguments in Ray's Serve config. */
export function isMended(kind: FailureKind, pod: KubernetesObject, engine?: unknown): boolean {
  const [container] = containersOf(pod);
  return (
    cures[kind]?.({
      contextLength: quantity(
        valueAt(engine, 'max_model_len') ?? flagOf(pod, '--max-model-len', '--context-length', '--max-seq-len'),
      ),
      trustsCode: valueAt(engine, 'trust_remote_code') === true || hasFlag(pod, '--trust-remote-code'),
      hasToken:
        listAt(container, 'env').some((variable) => textAt(variable, 'name') === 'HF_TOKEN') ||
        listAt(container, 'envFrom').some((source) => textAt(source, 'secretRef', 'name') !== undefined),
      gpus: gpusOf(pod),
      memory: quantity(valueAt(container, 'resources', 'limits', 'memory')),
    }) ?? false
  );
}
