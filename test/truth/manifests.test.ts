import { describe, expect, test } from 'vitest';
import type { Facts, Problem, Provider } from '../../src/providers/provider.ts';
import {
  type DeploymentSpec,
  deploymentSpec,
  type Engine,
  modes,
  type RuntimeId,
  runtimeIds,
} from '../../src/providers/spec.ts';
import { schemaOf } from '../support/crd-schema.ts';
import { crdFact, factsOf, recordedOperator, releasesOf } from '../support/facts.ts';
import { pairwise } from '../support/pairwise.ts';
import { loadProvider } from '../support/providers.ts';

const engineArguments = {
  vllm: { dtype: 'bfloat16', seed: 7 },
  sglang: { dtype: 'bfloat16', 'mem-fraction-static': 0.8 },
  trtllm: { 'max-batch-size': 32 },
} as const;

const placement: Partial<DeploymentSpec> = {
  nodeSelector: { 'example.com/pool': 'h100', 'kubernetes.io/arch': 'amd64' },
  tolerations: [
    { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' },
    { key: 'example.com/team', operator: 'Equal', value: 'research', effect: 'NoExecute' },
  ],
};

const everything: Partial<DeploymentSpec> = {
  ...placement,
  servedModelName: 'team/chat:latest',
  contextLength: 32_768,
  hfTokenSecret: 'hf-token-secret',
  image: 'registry.example.com:5000/serving/runtime:1.5.1-custom.2',
  cpu: '16',
  memory: '128Gi',
  trustRemoteCode: true,
};

interface Variation {
  readonly title: string;
  readonly fields: (engine: Engine) => Partial<DeploymentSpec>;
}

/** What a spec may say besides; each is tried with everything else. */
const variations: readonly Variation[] = [
  { title: 'nothing more', fields: () => ({}) },
  { title: 'quantization', fields: () => ({ quantization: 'fp8' }) },
  { title: 'context length', fields: () => ({ contextLength: 8192 }) },
  { title: 'engine arguments', fields: (engine) => ({ engineArgs: engineArguments[engine] }) },
  { title: 'image', fields: () => ({ image: 'registry.example.com/serving/runtime:1.5.1' }) },
  { title: 'node selector', fields: () => ({ nodeSelector: { 'example.com/pool': 'h100' } }) },
  { title: 'tolerations', fields: () => ({ tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists' }] }) },
  { title: 'token secret', fields: () => ({ hfTokenSecret: 'hf-token-secret' }) },
  { title: 'cpu', fields: () => ({ cpu: '8' }) },
  { title: 'memory', fields: () => ({ memory: '64Gi' }) },
  { title: 'remote code', fields: () => ({ trustRemoteCode: true }) },
  { title: 'served name', fields: () => ({ servedModelName: 'chat' }) },
  { title: 'node selector and tolerations', fields: () => placement },
  { title: 'cpu and memory', fields: () => ({ cpu: '12500m', memory: '96.5Gi' }) },
  { title: 'everything', fields: (engine) => ({ ...everything, engineArgs: engineArguments[engine] }) },
  { title: 'replicas per role', fields: () => ({ prefillReplicas: 2, decodeReplicas: 3 }) },
];

/** Combinations that a runtime cannot run, and the code of the refusal; everything else must build. */
const impossible: readonly {
  readonly runtime: RuntimeId;
  readonly code: Problem['code'];
  readonly when: (spec: DeploymentSpec, specFields: readonly string[]) => boolean;
}[] = [
  {
    runtime: 'dynamo',
    code: 'INVALID_FOR_RUNTIME',
    when: (spec) => spec.engine === 'trtllm' && spec.quantization !== undefined,
  },
  {
    runtime: 'dynamo',
    code: 'INVALID_FOR_RUNTIME',
    when: (spec) => spec.mode === 'aggregated' && spec.prefillReplicas !== undefined,
  },
  {
    runtime: 'kuberay',
    code: 'INVALID_FOR_RUNTIME',
    when: (spec) => spec.mode === 'aggregated' && spec.prefillReplicas !== undefined,
  },
  {
    runtime: 'kuberay',
    code: 'NOT_SUPPORTED',
    when: (spec, specFields) => desiredReplicas(spec) === 0 && !specFields.includes('suspend'),
  },
];

function desiredReplicas({ mode, replicas = 1, prefillReplicas, decodeReplicas }: DeploymentSpec): number {
  return mode === 'disaggregated' ? (prefillReplicas ?? replicas) + (decodeReplicas ?? replicas) : replicas;
}

/** One release's CRDs, narrowed to one of the versions that they serve. */
interface Target {
  readonly title: string;
  readonly version: string;
  readonly facts: Facts;
  readonly specFields: readonly string[];
  readonly complaints: ReturnType<typeof schemaOf>;
}

function targetsOf(provider: Provider): readonly Target[] {
  const operator = recordedOperator(provider);
  return releasesOf(provider).flatMap(({ title, definitions, primary }) => {
    const complaints = schemaOf(primary);
    const fact = crdFact(primary);
    const others = definitions.filter((definition) => definition !== primary);
    const versions = fact.served.filter((version) => provider.versions.includes(version));
    return versions.map((version): Target => {
      const facts = factsOf(others, operator);
      const narrowed = { ...fact, served: [version], storage: version };
      const specFields = fact.specFields?.[version] ?? [];
      return { title, version, facts: { ...facts, crds: [narrowed, ...facts.crds] }, specFields, complaints };
    });
  });
}

const namespace = 'models';

function specsOf(provider: Provider, targets: readonly Target[]) {
  const cases = pairwise({
    target: targets,
    engine: provider.engines,
    mode: modes.filter((mode) => provider.modes.includes(mode)),
    router: [undefined, ...provider.routers],
    replicas: [0, 1, 3],
    gpus: [1, 4],
    variation: variations,
  });
  return cases.map(({ target, variation, ...fields }) => {
    const extra = variation.fields(fields.engine);
    const wanted = { name: 'qwen3', runtime: provider.id, model: 'Qwen/Qwen3-0.6B', ...fields, ...extra };
    const spec: DeploymentSpec = { ...deploymentSpec.parse(wanted), namespace };
    return { target, spec, title: `${target.title} ${target.version} ${variation.title} ${JSON.stringify(fields)}` };
  });
}

const errorsOf = (problems: readonly Problem[]) => problems.filter((problem) => problem.severity === 'error');

/** Every tensor parallel size that a manifest hands to an engine, whether as flags, JSON or YAML text. */
function tensorParallelSizes(manifest: unknown): readonly number[] {
  const text = JSON.stringify(manifest).replaceAll('\\', '');
  return [...text.matchAll(/tensor[-_]parallel[-_]size\W+(\d+)/g)].map(([, size]) => Number(size));
}

const suites = await Promise.all(
  runtimeIds.map(async (runtime) => {
    const provider = await loadProvider[runtime]();
    const targets = targetsOf(provider);
    const specs = specsOf(provider, targets).map((one) => ({
      ...one,
      refusal: impossible.find((rule) => rule.runtime === runtime && rule.when(one.spec, one.target.specFields)),
    }));
    const possible = specs.filter(({ refusal }) => refusal === undefined);
    const refused = specs.filter(({ refusal }) => refusal !== undefined);
    return { runtime, provider, targets, possible, refused };
  }),
);

test('eighty manifests and more are built', () => {
  expect(suites.flatMap(({ possible }) => possible).length).toBeGreaterThanOrEqual(80);
});

describe.each(suites)('manifests for the $runtime operator', ({ runtime, provider, targets, possible, refused }) => {
  test('come in every version that a CRD serves and we know', () => {
    expect(new Set(possible.map(({ target }) => target.version))).toEqual(new Set(provider.versions));
    expect(refused.length).toBeGreaterThan(0);
  });

  test.each(possible)('$title is taken by the real CRD as it stands', ({ target, spec }) => {
    expect(errorsOf(provider.deploying.validate(spec, target.facts))).toEqual([]);
    const { primary, extra } = provider.deploying.build(spec, target.facts);
    expect(target.complaints(primary)).toEqual([]);
    expect(primary).toMatchObject({
      apiVersion: `${provider.group}/${target.version}`,
      kind: provider.kind,
      metadata: {
        name: spec.name,
        namespace,
        labels: {
          'app.kubernetes.io/managed-by': 'kubefoundry',
          'app.kubernetes.io/instance': spec.name,
          'kubefoundry.io/provider': runtime,
        },
      },
    });
    for (const object of extra) expect(object.metadata.namespace).toBe(namespace);
    for (const size of tensorParallelSizes(primary)) expect(size).toBe(spec.gpus);
    if (spec.gpus !== 1) expect(tensorParallelSizes(primary)).not.toEqual([]);
    expect(provider.deploying.parse(primary)).toMatchObject({
      model: spec.model,
      engine: spec.engine,
      mode: spec.mode,
    });

    const have = { answered: [], failed: [], objects: [] };
    const [snapshot] = provider.reading.snapshots([primary], have, new Date(0));
    const status = snapshot && provider.reading.status(snapshot);
    if (desiredReplicas(spec) === 0) expect(status?.phase).toBe('Suspended');
    else expect(status).toMatchObject({ phase: 'Pending', replicas: { desired: desiredReplicas(spec) } });
  });

  test.each(refused)('$title is refused before anything is sent', ({ target, spec, refusal }) => {
    const problems = errorsOf(provider.deploying.validate(spec, target.facts));
    expect(problems.map((problem) => problem.code)).toEqual([refusal?.code]);
    expect(problems[0]?.message).not.toBe('');
    expect(problems[0]?.hint).not.toBe('');
  });

  test.each(targets)(
    '$title $version takes a name of the longest length and refuses a longer one',
    ({ facts, complaints }) => {
      const limit = provider.nameLimit(namespace);
      const spec = (length: number): DeploymentSpec => ({
        ...deploymentSpec.parse({ name: 'a'.repeat(length), runtime, model: 'Qwen/Qwen3-0.6B' }),
        namespace,
      });
      expect(errorsOf(provider.deploying.validate(spec(limit), facts))).toEqual([]);
      expect(complaints(provider.deploying.build(spec(limit), facts).primary)).toEqual([]);
      const [tooLong] = errorsOf(provider.deploying.validate(spec(limit + 1), facts));
      expect(tooLong).toMatchObject({ path: 'name' });
      expect(tooLong?.message).toContain(String(limit));
    },
  );
});
