import { stringify } from 'yaml';
import type { KubernetesObject } from '../../kubernetes.ts';

type Engine = 'vllm' | 'sglang' | 'trtllm';

/** A deployment of a scenario, as someone asked for it. */
export interface Wanted {
  readonly name: string;
  readonly namespace: string;
  readonly model: string;
  readonly engine?: Engine;
  readonly replicas?: number;
  readonly gpus?: number;
  readonly mode?: 'aggregated' | 'disaggregated';
  /** Whether it carries KubeFoundry's labels; others wrote it otherwise. */
  readonly managed?: boolean;
  readonly tag?: string;
  readonly suspend?: boolean;
  readonly finalizers?: readonly string[];
}

const images = { vllm: 'vllm-runtime', sglang: 'sglang-runtime', trtllm: 'tensorrtllm-runtime' } as const;
const modelFlags = { vllm: '--model', sglang: '--model-path', trtllm: '--model-path' } as const;
const parallelFlags = { vllm: '--tensor-parallel-size', sglang: '--tp', trtllm: '--tensor-parallel-size' } as const;

function metadata(wanted: Wanted, runtime: 'dynamo' | 'kuberay'): KubernetesObject['metadata'] {
  const { name, namespace, model, engine = 'vllm', mode = 'aggregated', managed = false, finalizers } = wanted;
  const held = finalizers === undefined ? {} : { finalizers };
  if (!managed) return { name, namespace, ...held };
  return {
    name,
    namespace,
    ...held,
    labels: labelsOf(wanted, runtime),
    annotations: { 'kubefoundry.io/model': model, 'kubefoundry.io/engine': engine, 'kubefoundry.io/mode': mode },
  };
}

function labelsOf({ name, managed = false }: Wanted, runtime: string): Readonly<Record<string, string>> {
  if (!managed) return {};
  return {
    'app.kubernetes.io/managed-by': 'kubefoundry',
    'app.kubernetes.io/instance': name,
    'kubefoundry.io/provider': runtime,
  };
}

/** A DynamoGraphDeployment in v1beta1. */
export function graph(wanted: Wanted): KubernetesObject {
  const {
    engine = 'vllm',
    gpus = 1,
    model,
    mode = 'aggregated',
    managed = false,
    tag = '1.6.1',
    replicas = 1,
  } = wanted;
  const image = `nvcr.io/nvidia/ai-dynamo/${images[engine]}:${tag}`;
  const template = (container: Readonly<Record<string, unknown>>) => ({
    ...(managed ? { metadata: { labels: labelsOf(wanted, 'dynamo') } } : {}),
    spec: { containers: [{ name: 'main', image, ...container }] },
  });
  const worker = (name: string, type: string, more: readonly string[]) => ({
    name,
    type,
    replicas,
    podTemplate: template({
      command: ['python3', '-m', `dynamo.${engine}`],
      args: [modelFlags[engine], model, ...(gpus > 1 ? [parallelFlags[engine], String(gpus)] : []), ...more],
      resources: { limits: { 'nvidia.com/gpu': String(gpus) } },
    }),
  });
  const apart = (phase: string) => worker(phase, phase, ['--disaggregation-mode', phase]);
  return {
    apiVersion: 'nvidia.com/v1beta1',
    kind: 'DynamoGraphDeployment',
    metadata: metadata(wanted, 'dynamo'),
    spec: {
      backendFramework: engine,
      components: [
        { name: 'Frontend', type: 'frontend', replicas: 1, podTemplate: template({}) },
        ...(mode === 'aggregated'
          ? [worker(managed ? 'worker' : 'VllmDecodeWorker', 'worker', [])]
          : [apart('prefill'), apart('decode')]),
      ],
    },
  };
}

/** A DynamoGraphDeployment in v1alpha1, as operators before 1.5 keep it. */
export function oldGraph(wanted: Wanted): KubernetesObject {
  const { engine = 'vllm', gpus = 1, model, mode = 'aggregated', tag = '1.1.1', replicas = 1 } = wanted;
  const image = `nvcr.io/nvidia/ai-dynamo/${images[engine]}:${tag}`;
  const worker = (more: readonly string[], phase?: string) => ({
    componentType: 'worker',
    ...(phase === undefined ? {} : { subComponentType: phase }),
    envFromSecret: 'hf-token-secret',
    replicas,
    resources: { limits: { gpu: String(gpus) } },
    extraPodSpec: {
      mainContainer: {
        image,
        workingDir: `/workspace/examples/backends/${engine}`,
        command: ['python3', '-m', `dynamo.${engine}`],
        args: [modelFlags[engine], model, ...more],
      },
    },
  });
  return {
    apiVersion: 'nvidia.com/v1alpha1',
    kind: 'DynamoGraphDeployment',
    metadata: metadata(wanted, 'dynamo'),
    spec: {
      backendFramework: engine,
      services: {
        Frontend: { componentType: 'frontend', replicas: 1, extraPodSpec: { mainContainer: { image } } },
        ...(mode === 'aggregated'
          ? { VllmDecodeWorker: worker([]) }
          : {
              VllmPrefillWorker: worker(['--is-prefill-worker'], 'prefill'),
              VllmDecodeWorker: worker(['--is-decode-worker'], 'decode'),
            }),
      },
    },
  };
}

/** A RayService that serves with `ray.serve.llm`. */
export function rayService(wanted: Wanted): KubernetesObject {
  const { gpus = 1, model, managed = false, tag = '2.58.0-py312-cu130', replicas = 1, suspend } = wanted;
  const image = `rayproject/ray-llm:${tag}`;
  const resources = (cpu: string, memory: string) => {
    const amounts = { cpu, memory };
    return { requests: amounts, limits: amounts };
  };
  const template = (container: Readonly<Record<string, unknown>>) => ({
    metadata: managed ? { labels: labelsOf(wanted, 'kuberay') } : {},
    spec: { containers: [{ image, ...container }] },
  });
  const serveConfigV2 = stringify({
    applications: [
      {
        name: 'llms',
        import_path: 'ray.serve.llm:build_openai_app',
        route_prefix: '/',
        args: {
          llm_configs: [
            {
              model_loading_config: { model_id: model, model_source: model },
              engine_kwargs: { tensor_parallel_size: gpus },
              deployment_config: { num_replicas: replicas },
            },
          ],
        },
      },
    ],
  });
  return {
    apiVersion: 'ray.io/v1',
    kind: 'RayService',
    metadata: metadata(wanted, 'kuberay'),
    spec: {
      ...(suspend === undefined ? {} : { suspend }),
      excludeHeadPodFromServeSvc: true,
      serveConfigV2,
      rayClusterConfig: {
        rayVersion: tag.split('-')[0],
        headGroupSpec: {
          rayStartParams: { 'dashboard-host': '0.0.0.0', 'num-cpus': '0', 'num-gpus': '0' },
          template: template({ name: 'ray-head', resources: resources('2', '8Gi') }),
        },
        workerGroupSpecs: [
          {
            groupName: 'gpu',
            replicas,
            minReplicas: replicas,
            maxReplicas: replicas,
            numOfHosts: 1,
            rayStartParams: {},
            ...(managed ? { scaleStrategy: {} } : {}),
            template: template({
              name: 'ray-worker',
              resources: {
                requests: { ...resources('8', '32Gi').requests, 'nvidia.com/gpu': String(gpus) },
                limits: { ...resources('8', '32Gi').limits, 'nvidia.com/gpu': String(gpus) },
              },
            }),
          },
        ],
      },
    },
  };
}

export const namespace = (name: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
});

/** The token that workers of old graphs take from a Secret of this name, in each namespace. */
export const oldToken = (where: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'hf-token-secret', namespace: where },
  data: { HF_TOKEN: Buffer.from('none').toString('base64') },
});
