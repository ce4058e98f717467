import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { listAt, textAt, valueAt } from '../../../src/kubernetes.ts';
import { kuberay } from '../../../src/providers/kuberay/provider.ts';
import { factsOf, specOf } from './fixtures.ts';

const build = (fields: object) => kuberay.deploying.build(specOf(fields), factsOf()).primary;
const clusterOf = (fields: object) => valueAt(build(fields), 'spec', 'rayClusterConfig');
const headOf = (fields: object) => valueAt(clusterOf(fields), 'headGroupSpec', 'template', 'spec');
const groupsOf = (fields: object) => listAt(clusterOf(fields), 'workerGroupSpecs');
const workerOf = (fields: object) => valueAt(groupsOf(fields)[0], 'template', 'spec');
const containerOf = (pod: unknown) => valueAt(pod, 'containers', 0);
const serveConfigOf = (fields: object): unknown => parse(textAt(build(fields), 'spec', 'serveConfigV2') ?? '');
const llmOf = (fields: object) => valueAt(serveConfigOf(fields), 'applications', 0, 'args', 'llm_configs', 0);

const labels = {
  'app.kubernetes.io/managed-by': 'kubefoundry',
  'app.kubernetes.io/instance': 'qwen',
  'kubefoundry.io/provider': 'kuberay',
};

test('the smallest spec gives one replica on one GPU and nothing that was not asked for', () => {
  expect(build({}).metadata).toEqual({
    name: 'qwen',
    namespace: 'models',
    labels,
    annotations: {
      'kubefoundry.io/model': 'Qwen/Qwen3-8B',
      'kubefoundry.io/engine': 'vllm',
      'kubefoundry.io/mode': 'aggregated',
    },
  });
  expect(serveConfigOf({})).toEqual({
    applications: [
      {
        name: 'llms',
        import_path: 'ray.serve.llm:build_openai_app',
        route_prefix: '/',
        args: {
          llm_configs: [
            {
              model_loading_config: { model_id: 'Qwen/Qwen3-8B', model_source: 'Qwen/Qwen3-8B' },
              engine_kwargs: { tensor_parallel_size: 1 },
              deployment_config: { num_replicas: 1 },
            },
          ],
        },
      },
    ],
  });
  expect(JSON.stringify(build({}))).not.toMatch(/HF_TOKEN|suspend|accelerator|autoscal|nodeSelector/);
});

test('the manifest fills in what the operator would, so that applying it again never conflicts', () => {
  expect(groupsOf({})[0]).toMatchObject({ scaleStrategy: {}, template: { metadata: { labels } }, rayStartParams: {} });
  expect(clusterOf({})).toMatchObject({ headGroupSpec: { template: { metadata: { labels } } } });
});

test('the head tells Ray of no CPUs or GPUs and names the ports that the operator looks for', () => {
  expect(clusterOf({})).toMatchObject({ headGroupSpec: { rayStartParams: { 'num-cpus': '0', 'num-gpus': '0' } } });
  expect(listAt(containerOf(headOf({})), 'ports').map((port) => textAt(port, 'name'))).toEqual([
    'gcs-server',
    'dashboard',
    'client',
    'serve',
    'metrics',
  ]);
});

test('tensor parallelism, CPUs and memory follow the GPUs, and the image says the Ray version', () => {
  expect(llmOf({ gpus: 4 })).toMatchObject({ engine_kwargs: { tensor_parallel_size: 4 } });
  expect(containerOf(workerOf({ gpus: 4 }))).toMatchObject({
    image: 'rayproject/ray-llm:2.58.0-py312-cu130',
    resources: { limits: { cpu: '7', memory: '128Gi', 'nvidia.com/gpu': '4' } },
  });
  expect(clusterOf({})).toMatchObject({ rayVersion: '2.58.0' });
  expect(clusterOf({ image: 'registry.example.com/ml/ray-llm:2.56.0-py312-cu130' })).toMatchObject({
    rayVersion: '2.56.0',
  });
  expect(clusterOf({ image: 'registry.example.com/serving/runtime:1.5.1' })).toMatchObject({ rayVersion: '2.58.0' });
});

test('replicas are written to the config and to the group, without room to grow', () => {
  expect(llmOf({ replicas: 3 })).toMatchObject({ deployment_config: { num_replicas: 3 } });
  expect(groupsOf({ replicas: 3 })[0]).toMatchObject({ replicas: 3, minReplicas: 3, maxReplicas: 3, numOfHosts: 1 });
});

test('no replicas suspends the RayService, which keeps one to come back with', () => {
  expect(build({ replicas: 0 }).spec).toMatchObject({ suspend: true });
  expect(groupsOf({ replicas: 0 })[0]).toMatchObject({ replicas: 1 });
});

test('prefill and decode get groups of their own and transfer the cache over NIXL in both directions', () => {
  const spec = { mode: 'disaggregated', prefillReplicas: 1, decodeReplicas: 2, contextLength: 8192 };
  expect(groupsOf(spec)).toMatchObject([
    { groupName: 'prefill', replicas: 1 },
    { groupName: 'decode', replicas: 2 },
  ]);
  const config = (replicas: number) => ({
    engine_kwargs: { max_model_len: 8192, kv_transfer_config: { kv_connector: 'NixlConnector', kv_role: 'kv_both' } },
    deployment_config: { num_replicas: replicas },
  });
  expect(serveConfigOf(spec)).toMatchObject({
    applications: [
      {
        import_path: 'ray.serve.llm:build_pd_openai_app',
        args: { prefill_config: config(1), decode_config: config(2) },
      },
    ],
  });
  expect(textAt(build(spec), 'spec', 'serveConfigV2')).not.toMatch(/[&*]/);
});

test('the token is asked for by workers and head, from the Secret that was named', () => {
  const env = [{ name: 'HF_TOKEN', valueFrom: { secretKeyRef: { name: 'my-token', key: 'HF_TOKEN' } } }];
  for (const pod of [headOf({ hfTokenSecret: 'my-token' }), workerOf({ hfTokenSecret: 'my-token' })])
    expect(containerOf(pod)).toMatchObject({ env });
});

test('every other wish ends where the engine or the scheduler reads it', () => {
  const spec = {
    servedModelName: 'chat',
    quantization: 'fp8',
    trustRemoteCode: true,
    engineArgs: { '--max-num-seqs': '64', 'enforce-eager': true, hf_overrides: '{"rope_theta": 1}', dtype: 'bfloat16' },
    nodeSelector: { pool: 'h100' },
    tolerations: [{ key: 'team', operator: 'Exists' }],
    cpu: '16',
    memory: '200Gi',
  };
  expect(llmOf(spec)).toMatchObject({
    model_loading_config: { model_id: 'chat', model_source: 'Qwen/Qwen3-8B' },
    engine_kwargs: {
      quantization: 'fp8',
      trust_remote_code: true,
      max_num_seqs: 64,
      enforce_eager: true,
      hf_overrides: { rope_theta: 1 },
      dtype: 'bfloat16',
    },
  });
  expect(workerOf(spec)).toMatchObject({
    nodeSelector: { pool: 'h100' },
    tolerations: [{ key: 'nvidia.com/gpu' }, { key: 'team' }],
    containers: [{ resources: { requests: { cpu: '16', memory: '200Gi' } } }],
  });
  expect(headOf(spec)).toMatchObject({ tolerations: [{ key: 'team' }] });
});

test('text that would break out of hand-made YAML stays a value', () => {
  const chat_template = 'x"\n  import_path: evil\n# {{ a }}';
  expect(llmOf({ engineArgs: { chat_template } })).toMatchObject({ engine_kwargs: { chat_template } });
});
