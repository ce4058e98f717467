import { describe, expect, test } from 'vitest';
import { dynamo } from '../../../src/providers/dynamo/provider.ts';
import { component, graph, withComponents } from './fixtures.ts';

const { parse } = dynamo.deploying;
const main = (container: object, fields: object = {}) => ({
  ...fields,
  podTemplate: {
    spec: {
      containers: [
        { name: 'side', args: ['--model', 'no/no'] },
        { name: 'main', ...container },
      ],
    },
  },
});
const worker = (container: object, type = 'worker') => withComponents(component('w', type, main(container)));
const vllm = ['python3', '-m', 'dynamo.vllm'];

describe('a graph made by others', () => {
  test.each([
    ['separate words', { command: vllm, args: ['--model', 'Qwen/Qwen3-0.6B'] }],
    ['one word', { command: vllm, args: ['--model=Qwen/Qwen3-0.6B'] }],
    [
      'a shell text',
      { command: ['/bin/sh', '-c'], args: ['python3 -m dynamo.vllm --model "Qwen/Qwen3-0.6B" --seed 1'] },
    ],
    ['a shell text over lines', { command: ['sh', '-c', 'exec python3 -m dynamo.vllm \\\n  --model Qwen/Qwen3-0.6B'] }],
    [
      'a variable',
      { command: vllm, args: ['--model', '$(MODEL)'], env: [{ name: 'MODEL', value: 'Qwen/Qwen3-0.6B' }] },
    ],
    ['a variable with a default', { command: ['sh', '-c', `python3 -m dynamo.vllm --model \${M:-Qwen/Qwen3-0.6B}`] }],
    ['nothing but the environment', { command: vllm, env: [{ name: 'MODEL_PATH', value: 'Qwen/Qwen3-0.6B' }] }],
  ])('says its model in %s', (_, container) => {
    expect(parse(worker(container))).toMatchObject({ model: 'Qwen/Qwen3-0.6B', engine: 'vllm', mode: 'aggregated' });
  });

  test('that does not say its model has none, rather than a guess', () => {
    const unknown = { model: null, servedModelName: null };
    expect(parse(worker({ command: vllm, args: ['--model', '$UNKNOWN'] }))).toMatchObject(unknown);
    expect(parse(worker({ command: vllm, args: ['--kv-transfer-config', '{"a": "--model x"}'] }))).toMatchObject(
      unknown,
    );
    expect(parse(worker({ command: vllm, args: ['--model'] }))).toMatchObject(unknown);
    expect(parse(worker({}))).toMatchObject({ ...unknown, engine: null });
  });

  test('may serve it under another name', () => {
    const args = ['--model-path', '/models/qwen', '--served-model-name', 'chat'];
    expect(parse(worker({ command: ['python3', '-m', 'dynamo.sglang'], args }))).toMatchObject({
      model: '/models/qwen',
      servedModelName: 'chat',
      engine: 'sglang',
    });
    const mocked = ['--model-path', 'Qwen/Qwen3-0.6B', '--model-name', 'chat'];
    expect(parse(worker({ command: ['python3', '-m', 'dynamo.mocker'], args: mocked }))).toMatchObject({
      model: 'Qwen/Qwen3-0.6B',
      servedModelName: 'chat',
    });
  });

  test.each([
    [
      'its framework',
      graph({ spec: { backendFramework: 'trtllm', components: [component('w', 'worker')] } }),
      'trtllm',
    ],
    ['its command', worker({ command: ['python3', '-m', 'dynamo.trtllm'] }), 'trtllm'],
    [
      'its directory',
      worker({ args: ['python3', 'components/main.py'], workingDir: '/workspace/components/backends/sglang' }),
      'sglang',
    ],
    ['its image', worker({ image: 'nvcr.io/nvidia/ai-dynamo/tensorrtllm-runtime:1.5.0' }), 'trtllm'],
    ['nothing', worker({ image: 'registry.example.com/own:1.0.0' }), null],
  ])('names its engine by %s', (_, primary, engine) => {
    expect(parse(primary).engine).toBe(engine);
  });

  test.each([
    ['types of their own', ['prefill', {}], ['decode', {}]],
    [
      'flags',
      ['worker', main({ args: ['--disaggregation-mode', 'prefill'] })],
      ['worker', main({ args: ['--disaggregation-mode=decode'] })],
    ],
    ['a flag on one of them', ['worker', main({ args: ['--is-prefill-worker'] })], ['worker', {}]],
  ] as const)('is disaggregated when its workers have %s', (_, [oneType, one], [otherType, other]) => {
    const primary = withComponents(component('p', oneType, one), component('d', otherType, other));
    expect(parse(primary).mode).toBe('disaggregated');
    const roles = dynamo.reading.status({ primary, objects: [], unread: [], now: new Date(0) }).roles;
    expect(roles.map(({ role }) => role)).toEqual(['prefill', 'decode']);
  });

  test('counts the GPUs of everything, over replicas and nodes', () => {
    const gpus = (count: unknown) => main({ resources: { limits: { 'nvidia.com/gpu': count } } });
    const parts = [
      component('Frontend', 'frontend'),
      component('prefill', 'prefill', { ...gpus('2'), replicas: 3 }),
      component('decode', 'decode', { ...gpus('4'), replicas: 1, multinode: { nodeCount: 2 } }),
    ];
    expect(parse(withComponents(...parts)).gpus).toBe(3 * 2 + 4 * 2);
    expect(parse(withComponents(component('w', 'worker', gpus('half')))).gpus).toBeNull();
  });
});

describe('older layouts', () => {
  const alpha = {
    ...graph({
      spec: {
        backendFramework: 'vllm',
        envs: [{ name: 'MODEL', value: 'Qwen/Qwen3-0.6B' }],
        services: {
          Frontend: { componentType: 'frontend' },
          Prefill: {
            componentType: 'worker',
            subComponentType: 'prefill',
            replicas: 2,
            resources: { limits: { gpu: '2' } },
            extraPodSpec: { mainContainer: { args: ['--model', '$(MODEL)'] } },
          },
          Decode: { componentType: 'worker', subComponentType: 'decode', resources: { requests: { gpu: '1' } } },
        },
      },
    }),
    apiVersion: 'nvidia.com/v1alpha1',
  };

  test('v1alpha1 keeps services in a map, GPUs as text, and the half of a worker’s work beside its type', () => {
    expect(parse(alpha)).toMatchObject({ model: 'Qwen/Qwen3-0.6B', engine: 'vllm', mode: 'disaggregated', gpus: 5 });
    expect(dynamo.reading.status({ primary: alpha, objects: [], unread: [], now: new Date(0) })).toMatchObject({
      replicas: { desired: 3 },
      roles: [{ role: 'frontend' }, { role: 'prefill', desired: 2, gpus: 2 }, { role: 'decode', desired: 1, gpus: 1 }],
    });
  });

  test('before 0.6 the component that takes the requests has type main', () => {
    const oldest = withComponents(
      component('Frontend', 'main', main({ args: ['dynamo', 'run', 'in=http', 'out=dyn'] })),
      component('VllmWorker', 'worker', main({ args: ['python3', 'main.py', '--model', 'Qwen/Qwen3-0.6B'] })),
    );
    const { roles } = dynamo.reading.status({ primary: oldest, objects: [], unread: [], now: new Date(0) });
    expect(roles.map(({ role }) => role)).toEqual(['frontend', 'worker']);
  });

  test('a component without a type works; planners, endpoint pickers and types of the future do not count', () => {
    const primary = withComponents(
      component('w', undefined),
      component('Planner', 'planner', { replicas: 2 }),
      component('Epp', 'epp'),
      component('Later', 'encoder'),
    );
    const status = dynamo.reading.status({ primary, objects: [], unread: [], now: new Date(0) });
    expect(status).toMatchObject({ replicas: { desired: 1 }, roles: [{ role: 'worker' }] });
    expect(status.roles).toHaveLength(1);
  });

  test('a type of v1alpha1 is any word: what holds GPUs works, whatever it is called, but for what is known to serve no model', () => {
    const typed = (componentType: string, gpu: string) => ({ componentType, resources: { limits: { gpu } } });
    const services = {
      Frontend: { componentType: 'Frontend' },
      First: typed('llm', '2'),
      Second: typed('Worker', '0'),
      Third: { componentType: 'default' },
      Planner: typed('planner', '1'),
      Router: typed('router', '1'),
    };
    const primary = { ...graph({ spec: { services } }), apiVersion: 'nvidia.com/v1alpha1' };
    const { roles } = dynamo.reading.status({ primary, objects: [], unread: [], now: new Date(0) });
    expect(roles.map(({ role, desired }) => [role, desired])).toEqual([
      ['frontend', 1],
      ['worker', 3],
    ]);
  });

  test('our own annotation helps where the command does not say the model', () => {
    const primary = graph({ metadata: { annotations: { 'kubefoundry.io/model': 'Qwen/Qwen3-0.6B' } } });
    expect(parse(primary).model).toBe('Qwen/Qwen3-0.6B');
  });
});
