import { isDeepStrictEqual } from 'node:util';
import { type KubernetesObject, listAt, numberAt, textAt, valueAt } from '../../kubernetes.ts';
import { type AskedSpec, askable } from '../asked.ts';
import { engineArgsIn } from './engine-arguments.ts';
import { gpuToleration, workerCpus, workerMemory } from './manifest.ts';
import { asksForNothing, parse } from './parse.ts';
import { defaultImage } from './releases.ts';
import { serveConfigOf } from './serve-config.ts';

/** What to ask for to get such a RayService again. The first LLM config, or that which decodes, speaks for all. */
export function asked(rayService: KubernetesObject): AskedSpec {
  const { model, servedModelName, engine, mode, image } = parse(rayService);
  const config = serveConfigOf(rayService);
  const configs = config.parsed ? config.configs : [];
  const of = (role: (typeof configs)[number]['role']) => configs.find((one) => one.role === role);
  const main = of('worker') ?? of('decode') ?? configs[0];
  const replicasOf = (role: Parameters<typeof of>[0]) => (asksForNothing(rayService) ? 0 : of(role)?.replicas);
  const own = main?.engineArguments;
  const gpus = main?.gpus ?? 1;
  return askable({
    model,
    engine,
    mode,
    servedModelName: servedModelName === model ? undefined : servedModelName,
    gpus,
    ...(mode === 'disaggregated'
      ? { prefillReplicas: replicasOf('prefill'), decodeReplicas: replicasOf('decode') }
      : { replicas: replicasOf('worker') }),
    contextLength: numberAt(own, 'max_model_len'),
    quantization: textAt(own, 'quantization'),
    trustRemoteCode: valueAt(own, 'trust_remote_code'),
    engineArgs: engineArgsIn(own),
    image: image === defaultImage ? undefined : image,
    ...podOf(rayService, gpus),
  });
}

/** What the first group of workers says of its pods, without what stands there unasked. */
function podOf(rayService: KubernetesObject, gpus: number) {
  const pod = valueAt(rayService, 'spec', 'rayClusterConfig', 'workerGroupSpecs', 0, 'template', 'spec');
  const container = valueAt(pod, 'containers', 0);
  const limits = valueAt(container, 'resources', 'limits');
  const cpu = valueAt(limits, 'cpu');
  const memory = valueAt(limits, 'memory');
  const token = listAt(container, 'env').find((variable) => textAt(variable, 'name') === 'HF_TOKEN');
  const [first, ...others] = listAt(pod, 'tolerations');
  const isOurs = isDeepStrictEqual(first, gpuToleration);
  return {
    cpu: cpu === String(workerCpus(gpus)) ? undefined : cpu,
    memory: memory === workerMemory(gpus) ? undefined : memory,
    nodeSelector: valueAt(pod, 'nodeSelector'),
    tolerations: isOurs ? others : listAt(pod, 'tolerations'),
    hfTokenSecret: textAt(token, 'valueFrom', 'secretKeyRef', 'name'),
  };
}
