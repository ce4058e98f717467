import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../../src/kubernetes.ts';
import { kuberay } from '../../../src/providers/kuberay/provider.ts';
import { factsOf, specOf } from './fixtures.ts';

const foreign = (serveConfigV2: unknown, spec: object = {}): KubernetesObject => ({
  apiVersion: 'ray.io/v1',
  kind: 'RayService',
  metadata: { name: 'theirs', namespace: 'ml' },
  spec: { serveConfigV2, ...spec },
});

const parse = (serveConfigV2: unknown, spec: object = {}) => kuberay.deploying.parse(foreign(serveConfigV2, spec));

test('a manifest of ours tells all that was asked', () => {
  const spec = specOf({ mode: 'disaggregated', servedModelName: 'chat', gpus: 2, replicas: 3 });
  expect(kuberay.deploying.parse(kuberay.deploying.build(spec, factsOf()).primary)).toEqual({
    model: 'Qwen/Qwen3-8B',
    servedModelName: 'chat',
    engine: 'vllm',
    mode: 'disaggregated',
    gpus: 12,
    image: 'rayproject/ray-llm:2.58.0-py312-cu130',
  });
});

describe('a manifest that others wrote', () => {
  test('tells the first LLM config of several applications', () => {
    const text = `
applications:
- name: fruit
  import_path: fruit.deployment_graph
- name: llms
  import_path: my.module:build_openai_app
  args:
    llm_configs:
    - model_loading_config: {model_id: first, model_source: org/First}
    - model_loading_config: {model_id: second}
`;
    expect(parse(text)).toMatchObject({
      model: 'org/First',
      servedModelName: 'first',
      engine: 'vllm',
      mode: 'aggregated',
    });
  });

  test('names its model by the id where the weights lie in a bucket or are not named', () => {
    const config = (loading: string) => `applications: [{args: {llm_configs: [{model_loading_config: ${loading}}]}}]`;
    expect(parse(config('{model_id: llama, model_source: {bucket_uri: "s3://models/llama"}}')).model).toBe('llama');
    expect(parse(config('{model_id: org/Llama}'))).toMatchObject({ model: 'org/Llama', servedModelName: 'org/Llama' });
  });

  test('may be JSON, use anchors, or name another engine', () => {
    const json = JSON.stringify({
      applications: [{ args: { decode_config: { llm_engine: 'SGLang', model_loading_config: { model_id: 'a' } } } }],
    });
    expect(parse(json)).toMatchObject({ model: 'a', engine: 'sglang', mode: 'disaggregated' });
    const anchors =
      'applications:\n- args:\n    prefill_config: &c {model_loading_config: {model_id: a}}\n    decode_config: *c\n';
    expect(parse(anchors)).toMatchObject({ model: 'a', mode: 'disaggregated' });
    expect(parse('applications: [{args: {llm_configs: [{llm_engine: mine}]}}]').engine).toBeNull();
  });

  test('is read as the operator reads it: with merge keys, and without pedantry', () => {
    const merged = `
applications:
- args:
    prefill_config: &base
      model_loading_config: {model_id: "a"}# the same for both
    decode_config:
      <<: *base
      deployment_config: {num_replicas: 2}
`;
    expect(parse(merged)).toMatchObject({ model: 'a', mode: 'disaggregated' });
    expect(parse(merged.replace('prefill_config', 'other')).model).toBe('a');
  });

  test('may have one LLM config that is no list', () => {
    const text = 'applications: [{args: {llm_config: {model_loading_config: {model_id: a, model_source: org/A}}}}]';
    expect(parse(text)).toMatchObject({ model: 'org/A', servedModelName: 'a', mode: 'aggregated' });
  });

  test.each([
    ['a graph of deployments', 'applications: [{name: fruit, import_path: fruit:app, deployments: [{name: Mango}]}]'],
    ['broken YAML', 'applications:\n- name: llms\n  args: {llm_configs: [\n'],
    ['a text', 'hello'],
    ['paths of files', 'applications: [{args: {llm_configs: [models/llama.yaml]}}]'],
    ['nothing', ''],
    ['a number', 7],
    ['no config', undefined],
  ])('that holds %s has no model', (_, text) => {
    expect(parse(text)).toMatchObject({ model: null, servedModelName: null });
  });

  test('asks for the GPUs of all its groups, and for none while it is suspended', () => {
    const group = (gpus: string, fields: object) => ({
      template: { spec: { containers: [{ image: 'theirs:1', resources: { limits: { 'nvidia.com/gpu': gpus } } }] } },
      ...fields,
    });
    const rayClusterConfig = {
      workerGroupSpecs: [
        group('8', { replicas: 2, numOfHosts: 2, maxReplicas: 9 }),
        group('1', { replicas: 0, minReplicas: 3 }),
      ],
    };
    expect(parse('', { rayClusterConfig })).toMatchObject({ gpus: 35, image: 'theirs:1' });
    expect(parse('', { rayClusterConfig, suspend: true }).gpus).toBe(0);
    expect(parse('').gpus).toBeNull();
  });
});
