import { expect, test } from 'vitest';
import { dynamo } from '../../src/providers/dynamo/provider.ts';
import { kuberay } from '../../src/providers/kuberay/provider.ts';
import type { Facts, Provider } from '../../src/providers/provider.ts';
import { type DeploymentSpec, deploymentSpec } from '../../src/providers/spec.ts';
import { pairwise } from '../support/pairwise.ts';
import { cluster, component, crd, withComponents } from './dynamo/fixtures.ts';
import { factsOf } from './kuberay/fixtures.ts';

const alpha: Facts = cluster('1.1.0', { crds: [{ ...crd, served: ['v1alpha1'], storage: 'v1alpha1' }] });
const targets: readonly { readonly provider: Provider; readonly facts: Facts }[] = [
  { provider: dynamo, facts: cluster('1.5.0') },
  { provider: dynamo, facts: alpha },
  { provider: kuberay, facts: factsOf() },
];

const engineArgs = {
  vllm: { dtype: 'bfloat16', seed: 7, 'enable-prefix-caching': false, 'enforce-eager': true },
  sglang: { 'mem-fraction-static': 0.8, 'disable-radix-cache': true },
  trtllm: { 'max-batch-size': 32 },
} as const;

const placed = {
  nodeSelector: { 'example.com/pool': 'h100' },
  tolerations: [
    { key: 'example.com/team', operator: 'Equal', value: 'research', effect: 'NoExecute' },
    { operator: 'Exists' },
  ],
  hfTokenSecret: 'hf-token',
  cpu: '16',
  memory: '128Gi',
} as const;

const cases = pairwise({
  target: targets,
  engine: ['vllm', 'sglang', 'trtllm'],
  counts: [
    { mode: 'aggregated', replicas: 3 },
    { mode: 'aggregated', replicas: 0 },
    { mode: 'disaggregated', prefillReplicas: 2, decodeReplicas: 1 },
  ],
  gpus: [1, 4],
  router: [undefined, 'kv'],
  contextLength: [undefined, 8192],
  served: [{}, { servedModelName: 'chat' }],
  quantization: [undefined, 'fp8'],
  trustRemoteCode: [undefined, true],
  image: [undefined, 'registry.example.com:5000/serving/runtime:1.5.1-custom'],
  pods: [{}, placed],
  hasArguments: [true, false],
}).map(({ target: { provider, facts }, engine: wished, counts, served, pods, hasArguments, ...more }) => {
  const engine = provider.engines.includes(wished) ? wished : 'vllm';
  const all = { ...more, ...counts, ...served, ...pods, ...(hasArguments && { engineArgs: engineArgs[engine] }) };
  const given = Object.entries(all).filter(
    ([field, value]) => value !== undefined && !provider.unused(engine).some((unused) => unused === field),
  );
  const fields = { name: 'chat', runtime: provider.id, model: 'Qwen/Qwen3-0.6B', engine, ...Object.fromEntries(given) };
  const spec: DeploymentSpec = { ...deploymentSpec.parse(fields), namespace: 'models' };
  return { provider, facts, spec };
});

test.each(cases)(
  'what a manifest was asked with can be read from it: $provider.id $facts.crds.0.storage $spec',
  ({ provider, facts, spec }) => {
    expect(provider.deploying.validate(spec, facts).filter(({ severity }) => severity === 'error')).toEqual([]);
    const { primary } = provider.deploying.build(spec, facts);
    const asked = provider.deploying.asked(primary);
    const again = { name: spec.name, namespace: spec.namespace, runtime: spec.runtime, model: '', ...asked };
    expect(provider.deploying.build(again, facts).primary).toEqual(primary);
    expect(provider.deploying.asked({ ...primary, spec: reordered(primary.spec) })).toEqual(asked);
  },
);

/** As servers and operators write objects back: with the same fields in an order of their own. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, child]) => [key, reordered(child)] as const)
      .toSorted(([one], [other]) => one.localeCompare(other)),
  );
}

test('of what others wrote, that which no spec can say is left out', () => {
  const worker = component('VllmWorker', 'worker', {
    podTemplate: {
      spec: {
        tolerations: [
          { key: 'spot', operator: 'Exists', tolerationSeconds: 30 },
          { key: 'gpu', operator: 'Exists' },
        ],
        containers: [
          {
            name: 'main',
            image: 'vllm-runtime:dev',
            command: ['sh', '-c'],
            args: ['python3 -m dynamo.vllm --model Qwen/Qwen3-8B --max-num-seqs 8 --port 9000 --enforce-eager'],
            resources: { limits: { 'nvidia.com/gpu': '2' } },
          },
        ],
      },
    },
  });
  expect(dynamo.deploying.asked(withComponents(component('Frontend', 'frontend'), worker))).toEqual({
    model: 'Qwen/Qwen3-8B',
    engine: 'vllm',
    mode: 'aggregated',
    gpus: 2,
    replicas: 1,
    image: 'vllm-runtime:dev',
    tolerations: [{ key: 'gpu', operator: 'Exists' }],
    engineArgs: { 'max-num-seqs': 8, 'enforce-eager': true },
  });
  expect(dynamo.deploying.asked({ ...withComponents(), spec: 'broken' })).toEqual({});
  expect(kuberay.deploying.asked({ ...withComponents(), spec: { serveConfigV2: ': [' } })).toEqual({ gpus: 1 });
});
