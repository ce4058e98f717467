import { describe, expect, test } from 'vitest';
import { kuberay } from '../../../src/providers/kuberay/provider.ts';
import type { Facts, Problem } from '../../../src/providers/provider.ts';
import { crd16, factsOf, helmOperator, node, specOf } from './fixtures.ts';

const validate = (fields: object, facts: Partial<Facts> = {}): readonly Problem[] =>
  kuberay.deploying.validate(specOf(fields), factsOf(facts));

test('a plain spec has no problem', () => {
  expect(validate({})).toEqual([]);
  expect(validate({ mode: 'disaggregated', replicas: 2, gpus: 8, hfTokenSecret: 'token' })).toEqual([]);
});

describe('what KubeRay cannot do is refused with what it can', () => {
  test.each([
    [{ engine: 'sglang' }, 'engine', ['vllm']],
    [{ engine: 'trtllm' }, 'engine', ['vllm']],
    [{ router: 'kv' }, 'router', []],
    [{ prefillReplicas: 2, decodeReplicas: 2 }, 'prefillReplicas', ['replicas']],
  ])('%j', (fields, path, allowed) => {
    expect(validate(fields)).toMatchObject([{ path, code: 'INVALID_FOR_RUNTIME', severity: 'error', allowed }]);
  });

  test('a name of more than 47 characters', () => {
    expect(validate({ name: 'a'.repeat(47) })).toEqual([]);
    expect(validate({ name: 'a'.repeat(48) })).toMatchObject([{ path: 'name', code: 'INPUT_INVALID' }]);
  });

  test('no replicas, where the CRD cannot suspend', () => {
    expect(validate({ replicas: 0 })).toEqual([]);
    expect(validate({ replicas: 0 }, { crds: [crd16] })).toMatchObject([
      { path: 'replicas', code: 'NOT_SUPPORTED', hint: expect.stringContaining('delete_deployment name=qwen') },
    ]);
    expect(validate({ mode: 'disaggregated', decodeReplicas: 0 })).toMatchObject([
      { path: 'decodeReplicas', code: 'INPUT_INVALID' },
    ]);
  });

  test('a namespace that the operator does not watch', () => {
    const operators = [{ ...helmOperator, args: ['--watch-namespace=ray,prod'] }];
    expect(validate({}, { operators })).toMatchObject([
      { path: 'namespace', code: 'INVALID_FOR_RUNTIME', allowed: ['ray', 'prod'] },
    ]);
  });
});

describe('room', () => {
  test('is told to be too small, or to be there once a node comes back', () => {
    const nodes = [
      node('small', 2),
      node('large', 4),
      node('cordoned', 8, { schedulable: false }),
      node('down', 6, { ready: false }),
    ];
    expect(validate({ gpus: 4 }, { nodes })).toEqual([]);
    expect(validate({ gpus: 8 }, { nodes })).toMatchObject([
      { path: 'gpus', code: 'NO_CAPACITY', severity: 'warning', message: expect.stringContaining('cordoned is') },
    ]);
    expect(validate({ gpus: 9 }, { nodes })).toMatchObject([
      { path: 'gpus', code: 'NO_CAPACITY', severity: 'error', message: expect.stringContaining('cordoned, has 8') },
    ]);
  });

  test('may come later where no node has GPUs now', () => {
    expect(validate({}, { nodes: [node('cpu', 0)] })).toMatchObject([{ path: 'gpus', severity: 'warning' }]);
    expect(validate({}, { nodes: [] })).toEqual([]);
  });

  test('for the replica and the ingress is made of CPUs too', () => {
    expect(validate({ gpus: 4, cpu: '4' })).toMatchObject([{ path: 'cpu', severity: 'error' }]);
    expect(validate({ gpus: 4, cpu: '5500m' })).toMatchObject([{ path: 'cpu', severity: 'warning' }]);
    expect(validate({ gpus: 4, cpu: '7' })).toEqual([]);
  });
});

describe('an image', () => {
  test('of ray-llm is known by its whole tag', () => {
    expect(validate({ image: 'rayproject/ray-llm:2.56.0' })).toMatchObject([
      { severity: 'error', hint: 'Use image=rayproject/ray-llm:2.56.0-py312-cu130.' },
    ]);
  });

  test('whose tag hides its Ray version is taken with a warning', () => {
    expect(validate({ image: 'registry.example.com/serving/runtime:1.5.1' })).toMatchObject([
      { path: 'image', severity: 'warning' },
    ]);
  });
});

describe('an engine argument', () => {
  test('that vLLM does not know is refused with the near ones', () => {
    expect(validate({ engineArgs: { 'max-num-seq': 4 } })).toMatchObject([
      {
        path: 'engineArgs.max-num-seq',
        code: 'INVALID_FOR_RUNTIME',
        hint: 'Did you mean max_num_seqs?',
        allowed: ['max_num_seqs'],
      },
    ]);
    const [far] = validate({ engineArgs: { zzzzzzzz: 1 } });
    expect(far?.allowed).toContain('gpu_memory_utilization');
    expect(validate({ engineArgs: { constructor: 'x' } })).toMatchObject([{ code: 'INVALID_FOR_RUNTIME' }]);
  });

  test('that has a field of its own is refused with that field', () => {
    const hints = (name: string) => validate({ engineArgs: { [name]: 2 } }).map(({ hint }) => hint);
    expect(hints('tensor_parallel_size')).toEqual(['Instead: use gpus: tensor parallelism follows it.']);
    expect(hints('max-model-len')).toEqual(['Instead: use contextLength.']);
  });

  test('takes values of its type only, and once', () => {
    const codes = (engineArgs: object) => validate({ engineArgs }).map(({ code }) => code);
    expect(codes({ seed: 'seven' })).toEqual(['INPUT_INVALID']);
    expect(codes({ enforce_eager: 'yes' })).toEqual(['INPUT_INVALID']);
    expect(codes({ speculative_config: '{broken' })).toEqual(['INPUT_INVALID']);
    expect(codes({ dtype: 16 })).toEqual(['INPUT_INVALID']);
    expect(codes({ 'max-num-seqs': 1, max_num_seqs: 2 })).toEqual(['INPUT_INVALID']);
    expect(codes({ seed: '7', enforce_eager: 'true', speculative_config: '{"method": "ngram"}' })).toEqual([]);
  });
});

test('a place that pods would be refused for is refused here: the CRD takes it', () => {
  expect(validate({ tolerations: [{ effect: 'NoSchedule' }] })).toMatchObject([
    { path: 'tolerations[0]', code: 'INPUT_INVALID', severity: 'error' },
  ]);
});

test('a served name with a colon is warned of: Ray Serve looks for an adapter behind it', () => {
  expect(validate({ servedModelName: 'chat:latest' })).toMatchObject([
    { path: 'servedModelName', severity: 'warning' },
  ]);
  expect(validate({ servedModelName: 'team/chat' })).toEqual([]);
});
