import { expect, test } from 'vitest';
import { dynamo } from '../../src/providers/dynamo/provider.ts';
import { kuberay } from '../../src/providers/kuberay/provider.ts';
import { deploymentSpec } from '../../src/providers/spec.ts';
import { cluster } from './dynamo/fixtures.ts';
import { factsOf } from './kuberay/fixtures.ts';

/** A value for every field that somebody may set or not, whatever the runtime. */
const samples = {
  servedModelName: 'chat',
  replicas: 2,
  gpus: 2,
  contextLength: 8192,
  quantization: 'fp8',
  router: 'kv',
  hfTokenSecret: 'hf-token',
  image: 'registry.example.com/serving:1.5.0',
  nodeSelector: { pool: 'h100' },
  tolerations: [{ key: 'gpu', operator: 'Exists' }],
  cpu: '16',
  memory: '64Gi',
  trustRemoteCode: true,
} as const;

const cases = [
  ...dynamo.engines.map((engine) => ({ provider: dynamo, facts: cluster('1.5.0'), engine })),
  ...kuberay.engines.map((engine) => ({ provider: kuberay, facts: factsOf(), engine })),
];

test.each(cases)(
  '$provider.id with $engine refuses the fields that it has no use for, and no other',
  ({ provider, facts, engine }) => {
    const refused = Object.entries(samples).filter(([field, value]) => {
      const wanted = { name: 'chat', runtime: provider.id, model: 'Qwen/Qwen3-0.6B', engine, [field]: value };
      const problems = provider.deploying.validate({ ...deploymentSpec.parse(wanted), namespace: 'models' }, facts);
      return problems.some(({ severity, path }) => severity === 'error' && path === field);
    });
    expect(refused.map(([field]) => field)).toEqual(provider.unused(engine));
  },
);
