import { describe, expect, test } from 'vitest';
import { listAt, textAt, valueAt } from '../../../src/kubernetes.ts';
import { dynamo } from '../../../src/providers/dynamo/provider.ts';
import type { CrdFact } from '../../../src/providers/provider.ts';
import { cluster, crd, operator, wanted } from './fixtures.ts';

const built = (fields: Record<string, unknown> = {}, facts = cluster('1.5.0')) =>
  dynamo.deploying.build(wanted(fields), facts);
const componentsOf = (...of: Parameters<typeof built>) => listAt(built(...of).primary, 'spec', 'components');
const container = (component: unknown) => listAt(component, 'podTemplate', 'spec', 'containers')[0];
const argsOf = (component: unknown) => listAt(container(component), 'args');
const withCrd = (fields: Partial<CrdFact>) => cluster('1.5.0', { crds: [{ ...crd, ...fields }] });

describe('the smallest deployment', () => {
  test('says nothing that was not asked for', () => {
    const { primary, extra, warnings } = built();
    expect({ extra, warnings }).toEqual({ extra: [], warnings: [] });
    expect(primary.spec).toEqual({
      backendFramework: 'vllm',
      components: [
        {
          name: 'Frontend',
          type: 'frontend',
          replicas: 1,
          podTemplate: {
            metadata: { labels: primary.metadata.labels, annotations: primary.metadata.annotations },
            spec: { containers: [{ name: 'main', image: 'nvcr.io/nvidia/ai-dynamo/vllm-runtime:1.5.0' }] },
          },
        },
        {
          name: 'worker',
          type: 'worker',
          replicas: 1,
          podTemplate: {
            metadata: { labels: primary.metadata.labels, annotations: primary.metadata.annotations },
            spec: {
              containers: [
                {
                  name: 'main',
                  image: 'nvcr.io/nvidia/ai-dynamo/vllm-runtime:1.5.0',
                  command: ['python3', '-m', 'dynamo.vllm'],
                  args: ['--model', 'Qwen/Qwen3-0.6B'],
                  resources: { limits: { 'nvidia.com/gpu': '1' } },
                },
              ],
            },
          },
        },
      ],
    });
  });

  test('carries our labels and annotations', () => {
    expect(built().primary.metadata).toEqual({
      name: 'chat',
      namespace: 'models',
      labels: {
        'app.kubernetes.io/managed-by': 'kubefoundry',
        'app.kubernetes.io/instance': 'chat',
        'kubefoundry.io/provider': 'dynamo',
      },
      annotations: {
        'kubefoundry.io/model': 'Qwen/Qwen3-0.6B',
        'kubefoundry.io/engine': 'vllm',
        'kubefoundry.io/mode': 'aggregated',
      },
    });
  });
});

describe('what is installed decides', () => {
  test.each([
    ['it is stored', {}, 'v1beta1'],
    ['it is stored, even without conversion', { conversion: 'None' }, 'v1beta1'],
    ['a configured webhook converts it', { storage: 'v1alpha1' }, 'v1beta1'],
    ['a webhook without a CA cannot convert it', { storage: 'v1alpha1', conversionCa: false }, 'v1alpha1'],
    ['nothing converts it', { storage: 'v1alpha1', conversion: 'None' }, 'v1alpha1'],
    ['only it is served', { served: ['v1beta1'], storage: undefined }, 'v1beta1'],
    ['which version is stored is not known', { storage: undefined, conversion: undefined }, 'v1alpha1'],
    ['only the older one is served', { served: ['v1alpha1'], storage: 'v1alpha1' }, 'v1alpha1'],
  ] as const)('the API version: v1beta1 or not, where %s', (_, fields, version) => {
    expect(built({}, withCrd(fields)).primary.apiVersion).toBe(`nvidia.com/${version}`);
  });

  test('the image: the installed operator’s version, not our default', () => {
    for (const version of ['1.1.1', '1.5.1', '1.7.0']) {
      const image = textAt(container(componentsOf({ engine: 'sglang' }, cluster(version))[1]), 'image');
      expect(image).toBe(`nvcr.io/nvidia/ai-dynamo/sglang-runtime:${version}`);
    }
  });

  test('an image of one’s own needs the runtime’s version where its tag does not say it, from 1.4 on', () => {
    const override = (image: string, version: string) =>
      componentsOf({ image }, cluster(version)).map((component) => valueAt(component, 'runtimeVersionOverride'));
    expect(override('registry.example.com/own:latest', '1.4.2')).toEqual(['1.4.2', '1.4.2']);
    expect(override('registry.example.com/own:latest', '1.3.1')).toEqual([undefined, undefined]);
    expect(override('registry.example.com:5000/own:v1.4.0-cuda13', '1.4.2')).toEqual([undefined, undefined]);
    expect(override(`registry.example.com/own@sha256:${'0'.repeat(64)}`, '1.5.0')).toEqual(['1.5.0', '1.5.0']);
  });

  test('without a known version the default stands in, with a warning', () => {
    const unknown = cluster('1.5.0', {
      operators: [operator('main', { images: ['registry.example.com/op:main'], args: [] })],
    });
    const { primary, warnings } = built({}, unknown);
    expect(JSON.stringify(primary)).toContain('vllm-runtime:1.6.1');
    expect(warnings).toEqual([expect.stringContaining("operator's version is not known")]);
  });
});

describe('engines', () => {
  test.each([
    [
      'vllm',
      [
        '--model',
        'Qwen/Qwen3-0.6B',
        '--tensor-parallel-size',
        '4',
        '--max-model-len',
        '8192',
        '--quantization',
        'fp8',
        '--trust-remote-code',
      ],
    ],
    [
      'sglang',
      [
        '--model-path',
        'Qwen/Qwen3-0.6B',
        '--tensor-parallel-size',
        '4',
        '--context-length',
        '8192',
        '--quantization',
        'fp8',
        '--trust-remote-code',
      ],
    ],
    [
      'trtllm',
      [
        '--model-path',
        'Qwen/Qwen3-0.6B',
        '--tensor-parallel-size',
        '4',
        '--max-seq-len',
        '8192',
        '--override-engine-args',
        '{"trust_remote_code":true}',
      ],
    ],
  ])('%s is told the same in its own flags', (engine, args) => {
    const quantization = engine === 'trtllm' ? undefined : 'fp8';
    const [, worker] = componentsOf({ engine, gpus: 4, contextLength: 8192, quantization, trustRemoteCode: true });
    expect(argsOf(worker)).toEqual(args);
    expect(valueAt(container(worker), 'command')).toEqual(['python3', '-m', `dynamo.${engine}`]);
    expect(valueAt(container(worker), 'resources')).toEqual({ limits: { 'nvidia.com/gpu': '4' } });
  });

  test('engine arguments are passed as single words, switches bare, toggles turned off by name', () => {
    const flags = (engine: string, engineArgs: object) => argsOf(componentsOf({ engine, engineArgs })[1]).slice(2);
    expect(
      flags('vllm', { max_num_seqs: 64, 'enforce-eager': true, 'enable-prefix-caching': false, dtype: '--evil' }),
    ).toEqual(['--max-num-seqs=64', '--enforce-eager', '--no-enable-prefix-caching', '--dtype=--evil']);
    expect(flags('sglang', { 'disable-radix-cache': true, 'disable-cuda-graph': false })).toEqual([
      '--disable-radix-cache',
    ]);
  });

  test('disaggregated: each half is told its work, and how the cache travels', () => {
    const halves = (engine: string) => componentsOf({ engine, mode: 'disaggregated' }).slice(1).map(argsOf);
    const nixl = '{"kv_connector":"NixlConnector","kv_role":"kv_both"}';
    expect(halves('vllm')).toEqual([
      ['--model', 'Qwen/Qwen3-0.6B', '--disaggregation-mode', 'prefill', '--kv-transfer-config', nixl],
      ['--model', 'Qwen/Qwen3-0.6B', '--disaggregation-mode', 'decode', '--kv-transfer-config', nixl],
    ]);
    expect(halves('sglang')[0]).toEqual(expect.arrayContaining(['--disaggregation-transfer-backend', 'nixl']));
    expect(halves('trtllm')[0]).toContain(
      '{"cache_transceiver_config":{"backend":"DEFAULT"},"disable_overlap_scheduler":true}',
    );
    expect(halves('trtllm')[1]).toContain('{"cache_transceiver_config":{"backend":"DEFAULT"}}');
  });

  test('disaggregated vLLM before 1.1 has other flags, and before 1.2 needs its address', () => {
    const decode = (version: string) => componentsOf({ mode: 'disaggregated' }, cluster(version))[2];
    expect(argsOf(decode('1.0.2'))).toEqual(['--model', 'Qwen/Qwen3-0.6B', '--is-decode-worker']);
    const address = { name: 'VLLM_NIXL_SIDE_CHANNEL_HOST', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } };
    expect(valueAt(container(decode('1.1.1')), 'env')).toEqual([address]);
    expect(valueAt(container(decode('1.2.1')), 'env')).toBeUndefined();
  });

  test('the KV router is told to the frontend, and events are published where tokens are prefilled', () => {
    const publishing = (fields: object) =>
      componentsOf({ router: 'kv', ...fields }).map((component) =>
        argsOf(component).some((word) => String(word).includes('events')),
      );
    for (const engine of ['vllm', 'sglang', 'trtllm']) {
      expect(publishing({ engine })).toEqual([false, true]);
      expect(publishing({ engine, mode: 'disaggregated' })).toEqual([false, true, false]);
    }
    const [frontend] = componentsOf({ router: 'round-robin' });
    expect(valueAt(container(frontend), 'env')).toEqual([{ name: 'DYN_ROUTER_MODE', value: 'round-robin' }]);
    expect(argsOf(componentsOf({ router: 'round-robin' })[1])).toEqual(argsOf(componentsOf()[1]));
  });
});

describe('replicas, places and secrets', () => {
  const replicas = (fields: Record<string, unknown>) =>
    componentsOf(fields).map((component) => valueAt(component, 'replicas'));

  test('0 means 0; in disaggregated mode replicas stands for each role that is not named', () => {
    expect(replicas({ replicas: 0 })).toEqual([1, 0]);
    expect(replicas({ mode: 'disaggregated', replicas: 3 })).toEqual([1, 3, 3]);
    expect(replicas({ mode: 'disaggregated', prefillReplicas: 2, decodeReplicas: 4 })).toEqual([1, 2, 4]);
    expect(replicas({ mode: 'disaggregated', prefillReplicas: 2 })).toEqual([1, 2, 1]);
  });

  test('a token Secret reaches every component, only when one is named', () => {
    const secrets = (fields: Record<string, unknown>) =>
      componentsOf(fields).map((component) => valueAt(container(component), 'envFrom'));
    const from = [{ secretRef: { name: 'hf-token' } }];
    expect(secrets({ hfTokenSecret: 'hf-token' })).toEqual([from, from]);
    expect(secrets({})).toEqual([undefined, undefined]);
  });

  test('selectors and tolerations place every pod; CPU and memory are the workers’', () => {
    const tolerations = [{ key: 'nvidia.com/gpu', operator: 'Exists' }];
    const components = componentsOf({ nodeSelector: { pool: 'h100' }, tolerations, cpu: '8', memory: '64Gi' });
    for (const component of components) {
      expect(valueAt(component, 'podTemplate', 'spec')).toMatchObject({ nodeSelector: { pool: 'h100' }, tolerations });
    }
    expect(components.map((component) => valueAt(container(component), 'resources'))).toEqual([
      undefined,
      { requests: { cpu: '8', memory: '64Gi' }, limits: { cpu: '8', memory: '64Gi', 'nvidia.com/gpu': '1' } },
    ]);
  });
});

test('v1alpha1 says the same in its own shape', () => {
  const old = withCrd({ served: ['v1alpha1'], storage: 'v1alpha1' });
  const fields = {
    mode: 'disaggregated',
    gpus: 2,
    cpu: '8',
    hfTokenSecret: 'hf-token',
    router: 'kv',
    nodeSelector: { pool: 'h100' },
  };
  const { primary } = built(fields, old);
  const shared = {
    envFromSecret: 'hf-token',
    extraPodMetadata: { labels: primary.metadata.labels, annotations: primary.metadata.annotations },
  };
  expect(valueAt(primary, 'spec', 'services')).toEqual({
    Frontend: {
      ...shared,
      componentType: 'frontend',
      replicas: 1,
      envs: [{ name: 'DYN_ROUTER_MODE', value: 'kv' }],
      extraPodSpec: { nodeSelector: { pool: 'h100' }, mainContainer: { image: expect.any(String) } },
    },
    prefill: expect.objectContaining({ ...shared, componentType: 'worker', subComponentType: 'prefill' }),
    decode: expect.objectContaining({
      ...shared,
      componentType: 'worker',
      subComponentType: 'decode',
      resources: { requests: { cpu: '8' }, limits: { cpu: '8', gpu: '2' } },
    }),
  });
  const beta = built(fields).primary;
  expect(dynamo.deploying.parse(primary)).toEqual(dynamo.deploying.parse(beta));
  expect(dynamo.deploying.refusals(primary, beta)).toEqual([]);
});
