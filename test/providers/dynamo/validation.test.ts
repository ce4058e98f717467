import { describe, expect, test } from 'vitest';
import { dynamo } from '../../../src/providers/dynamo/provider.ts';
import { cluster, operator, wanted } from './fixtures.ts';

const { validate } = dynamo.deploying;
const problems = (fields: Record<string, unknown>, facts = cluster('1.5.0')) => validate(wanted(fields), facts);
const node = (name: string, gpus: number) => ({ name, gpus, ready: true, schedulable: true });

test('a plain wish has no problems', () => {
  expect(problems({})).toEqual([]);
  expect(
    problems({ mode: 'disaggregated', prefillReplicas: 2, decodeReplicas: 4, router: 'kv', engine: 'sglang' }),
  ).toEqual([]);
});

describe('names', () => {
  test('have a limit that shrinks with the namespace', () => {
    expect(dynamo.nameLimit('models')).toBe(46);
    expect(dynamo.nameLimit('n'.repeat(30))).toBe(32);
    expect(problems({ name: 'n'.repeat(46) })).toEqual([]);
    expect(problems({ name: 'n'.repeat(47) })).toMatchObject([
      { path: 'name', code: 'INPUT_INVALID', message: expect.stringContaining('46') },
    ]);
  });

  test.each(['../x', '--server=evil', 'a;rm', 'Größe', 'UPPER', '8b', 'dotted.name', ''])('%j is none', (name) => {
    expect(validate({ ...wanted(), name }, cluster('1.5.0'))).toMatchObject([{ path: 'name', code: 'INPUT_INVALID' }]);
  });
});

describe('engine arguments', () => {
  const about = (engineArgs: object, fields: object = {}) => problems({ engine: 'vllm', ...fields, engineArgs });

  test('that the engine does not have are refused with what was probably meant', () => {
    expect(about({ 'max-num-seq': 4 })).toMatchObject([
      { path: 'engineArgs.max-num-seq', code: 'INVALID_FOR_RUNTIME', hint: expect.stringContaining('max-num-seqs') },
    ]);
    expect(about({ 'mem-fraction-static': 0.8 })).toMatchObject([{ code: 'INVALID_FOR_RUNTIME' }]);
    expect(about({ 'mem-fraction-static': 0.8 }, { engine: 'sglang' })).toEqual([]);
    expect(about({ xyzzy: 1 })[0]?.allowed).toContain('gpu-memory-utilization');
  });

  test.each([
    ['tensor-parallel-size', 'gpus'],
    ['tp', 'gpus'],
    ['--max-model-len', 'contextLength'],
    ['max_model_len', 'contextLength'],
    ['quantization', 'quantization'],
    ['trust-remote-code', 'trustRemoteCode'],
    ['served-model-name', 'servedModelName'],
    ['disaggregation-mode', 'mode'],
    ['kv-transfer-config', 'mode'],
    ['kv-events-config', 'router'],
    ['data-parallel-size', 'replicas'],
  ])('%s follows from a field, which the refusal names: %s', (name, field) => {
    expect(about({ [name]: 1 })).toMatchObject([{ code: 'INVALID_FOR_RUNTIME', hint: expect.stringContaining(field) }]);
  });

  test('of the wrong kind, given twice, or set by the mode are refused', () => {
    expect(about({ 'enforce-eager': 'yes' })).toMatchObject([{ message: expect.stringContaining('true or false') }]);
    expect(about({ 'max-num-seqs': true })).toMatchObject([{ message: expect.stringContaining('a value') }]);
    expect(about({ 'max-num-seqs': 4, max_num_seqs: 8 })).toMatchObject([
      { message: expect.stringContaining('twice') },
    ]);
    const override = { 'override-engine-args': '{"enable_chunked_prefill":true}' };
    expect(about(override, { engine: 'trtllm' })).toEqual([]);
    expect(about(override, { engine: 'trtllm', mode: 'disaggregated' })).toMatchObject([
      { message: expect.stringContaining('disaggregated') },
    ]);
  });

  test.each(['port', 'host', 'chat-template', 'download-dir', 'custom-sigquit-handler'])(
    '%s is not passed on: it reaches beyond the engine',
    (name) => {
      for (const engine of dynamo.engines)
        expect(about({ [name]: 'x' }, { engine })).toMatchObject([{ code: 'INVALID_FOR_RUNTIME' }]);
    },
  );
});

describe('what the mode or the engine cannot do', () => {
  test('replicas per role need mode disaggregated', () => {
    expect(problems({ prefillReplicas: 1 })).toMatchObject([{ path: 'prefillReplicas', code: 'INVALID_FOR_RUNTIME' }]);
    expect(problems({ decodeReplicas: 2, mode: 'aggregated' })).toMatchObject([{ path: 'decodeReplicas' }]);
  });

  test('prefill without decode answers nothing; nothing at all is a pause', () => {
    const roles = (prefillReplicas: number, decodeReplicas: number) =>
      problems({ mode: 'disaggregated', prefillReplicas, decodeReplicas });
    expect(roles(1, 0)).toMatchObject([{ path: 'decodeReplicas', code: 'INPUT_INVALID' }]);
    expect(roles(0, 1)).toEqual([]);
    expect(roles(0, 0)).toEqual([]);
  });

  test('TensorRT-LLM takes its quantization from the checkpoint', () => {
    expect(problems({ engine: 'trtllm', quantization: 'fp8' })).toMatchObject([
      { path: 'quantization', code: 'INVALID_FOR_RUNTIME' },
    ]);
  });
});

describe('what the cluster cannot do', () => {
  const nodes = (...found: ReturnType<typeof node>[]) => cluster('1.5.0', { nodes: found });

  test('a replica does not fit on any node: refused, naming the largest', () => {
    expect(problems({ gpus: 16 }, nodes(node('small', 4), node('big', 8)))).toMatchObject([
      { path: 'gpus', code: 'NO_CAPACITY', severity: 'error', message: expect.stringMatching(/big, has 8/) },
    ]);
    expect(problems({ gpus: 8 }, nodes(node('small', 4), node('big', 8)))).toEqual([]);
  });

  test('CPUs and memory have to be on a node with its GPUs; what a node does not tell is enough', () => {
    const told = [
      { ...node('many-cpus', 0), cpus: 256, memory: 2 ** 41 },
      { ...node('small', 4), cpus: 64, memory: 2 ** 38 },
      { ...node('big', 8), cpus: 96, memory: 2 ** 39 },
    ];
    const fits = { gpus: 4, cpu: '96', memory: '512Gi' };
    expect(problems(fits, nodes(...told))).toEqual([]);
    expect(problems({ ...fits, cpu: '96500m', memory: '513Gi' }, nodes(...told))).toMatchObject([
      { path: 'cpu', code: 'NO_CAPACITY', severity: 'warning', message: expect.stringMatching(/big, has 96 CPUs/) },
      { path: 'memory', code: 'NO_CAPACITY', severity: 'warning', message: expect.stringMatching(/big, has 512 GiB/) },
    ]);
    expect(problems({ ...fits, cpu: '999' }, nodes(...told, node('untold', 4)))).toEqual([]);
    expect(problems({ gpus: 16, cpu: '999' }, nodes(...told))).toMatchObject([{ path: 'gpus' }]);
  });

  test('no GPU node is a warning, since one may come; unknown nodes are nothing', () => {
    expect(problems({}, nodes(node('cpu', 0)))).toMatchObject([{ severity: 'warning', code: 'NO_CAPACITY' }]);
    expect(problems({ gpus: 16 }, nodes())).toEqual([]);
  });

  test('an operator that watches one namespace serves no other', () => {
    const restricted = operator('1.5.0', { args: ['--operator-version=1.5.0', '--restrictedNamespace=team'] });
    expect(problems({}, cluster('1.5.0', { operators: [restricted] }))).toMatchObject([
      { path: 'namespace', code: 'INVALID_FOR_RUNTIME', allowed: ['team'] },
    ]);
  });

  test('an operator before 1.0 takes other manifests', () => {
    expect(problems({}, cluster('0.9.1'))).toMatchObject([
      { code: 'NOT_SUPPORTED', message: expect.stringContaining('0.9.1') },
    ]);
  });
});

describe('images', () => {
  test('without a version in their tag need the operator’s, which stands in', () => {
    const unknown = cluster('1.5.0', { operators: [operator('dev', { args: [] })] });
    expect(problems({ image: 'registry.example.com/own:latest' })).toEqual([]);
    expect(problems({ image: 'registry.example.com/own:latest' }, unknown)).toMatchObject([
      { path: 'image', code: 'INVALID_FOR_RUNTIME' },
    ]);
    expect(problems({ image: 'registry.example.com/own:1.5.0-mine' }, unknown)).toEqual([]);
  });
});

test('a place that pods would be refused for is refused here', () => {
  expect(problems({ tolerations: [{ effect: 'NoSchedule' }] })).toMatchObject([{ path: 'tolerations[0]' }]);
});
