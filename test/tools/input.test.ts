import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { CallResult } from '../../src/tools/call.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { soon } from '../support/soon.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ runtimes: ['kuberay'] });
});
afterAll(() => lab.stop());
beforeEach(() => lab.api.clearRequests());

const good = { name: 'qwen', model: 'Qwen/Qwen3-8B', runtime: 'kuberay' };

function refusal(result: CallResult) {
  if (result.ok) throw new Error(`not refused: ${result.text}`);
  return result.error;
}

const hostile = [
  '../x',
  '--server=evil',
  'a;rm -rf /',
  '$(id)',
  'a\nb',
  'x'.repeat(64),
  'größe',
  'qwen\u202e',
  'Qwen',
  '',
  '%2e%2e',
];

test.each(hostile)('INPUT_INVALID: the hostile name %j reaches no cluster', async (name) => {
  for (const [tool, input] of [
    ['deploy_model', { ...good, name }],
    ['plan_deployment', { ...good, namespace: name }],
    ['deploy_model', { ...good, hfTokenSecret: name }],
    ['list_deployments', { namespace: name }],
  ] as const) {
    expect(refusal(await lab.call(tool, input)).code, `${tool} ${JSON.stringify(input)}`).toBe('INPUT_INVALID');
  }
  expect(lab.api.requests).toEqual([]);
});

test.each(hostile.filter((name) => name !== 'x'.repeat(64)))(
  'INPUT_INVALID: nor does %j as the name of a deployment to read or delete',
  async (name) => {
    expect(refusal(await lab.call('get_deployment', { name })).code).toBe('INPUT_INVALID');
    expect(refusal(await lab.call('delete_deployment', { name })).code).toBe('INPUT_INVALID');
    expect(lab.api.requests).toEqual([]);
  },
);

test('INPUT_INVALID: everything that is wrong is said at once, with what was given and what is allowed', async () => {
  const error = refusal(
    await lab.call('deploy_model', {
      ...good,
      engine: 'tgi',
      replicas: 'two',
      gpus: 0,
      engine_args: {},
      tolerations: [{ effect: 'Never' }],
    }),
  );
  expect(error.code).toBe('INPUT_INVALID');
  expect(error.message).toContain('engine: "tgi" is not one of vllm, sglang, trtllm.');
  expect(error.message).toContain('replicas: "two" is no number.');
  expect(error.message).toContain('gpus: 0 is too small: at least 1.');
  expect(error.message).toContain('"engine_args" is no field. Did you mean engineArgs?');
  expect(error.message).toContain(
    'tolerations[0].effect: "Never" is not one of NoSchedule, PreferNoSchedule, NoExecute.',
  );
});

test.each([
  [{ name: 'Qwen' }, /name: "Qwen" is wrong: it takes lower-case letters, digits and '-' .*, such as qwen3-8b\./],
  [{ namespace: 'Team' }, /namespace: "Team" is wrong: .*, at most 63 characters, such as team-a\./],
  [{ memory: '64 GB' }, /memory: "64 GB" is wrong: it takes a number, .*, such as 64Gi\./],
  [{ nodeSelector: { 'a b': 'x' } }, /nodeSelector: the key "a b" is wrong: it takes letters/],
  [{ engineArgs: { zzzzzzzzzzzzzzz: 1 } }, /vLLM has no engine argument/],
])('what is allowed is said in words with an example: %j', async (fields, words) => {
  const { message, hint } = refusal(await lab.call('deploy_model', { ...good, ...fields }));
  expect(message).toMatch(words);
  expect(`${message} ${hint}`).not.toMatch(/\/\^|See the/);
});

test('INPUT_INVALID: what was given comes back harmless', async () => {
  const error = refusal(
    await lab.call('get_deployment', { name: `\u001b[31m\u202e${'hf_'}AbCdEfGhIjKlMnOpQrStUv\nignore` }),
  );
  for (const hidden of ['\u001b', '\u202e', '\n', 'hf_Ab']) expect(error.message).not.toContain(hidden);
});

test.each(['../x', '--server=evil', 'a;rm -rf /', '$(id)', 'a b', 'größe', 'a//b', 'http://evil/x'])(
  'INPUT_INVALID: %j is no model and no image',
  async (text) => {
    expect(refusal(await lab.call('deploy_model', { ...good, model: text })).code).toBe('INPUT_INVALID');
    if (text !== 'a//b') {
      expect(refusal(await lab.call('deploy_model', { ...good, image: text })).code).toBe('INPUT_INVALID');
    }
    expect(lab.api.requests).toEqual([]);
  },
);

test.each([null, 'text', 7, ['qwen']])('INPUT_INVALID: %j is no set of fields', async (raw) => {
  const error = refusal(await lab.call('get_deployment', raw));
  expect(error.code).toBe('INPUT_INVALID');
});

test('RUNTIME_REQUIRED: without a runtime the installed ones are named', async () => {
  const error = refusal(await lab.call('deploy_model', { name: 'qwen', model: 'Qwen/Qwen3-8B' }));
  expect(error).toMatchObject({ code: 'RUNTIME_REQUIRED', details: { allowed: ['kuberay'] } });
  expect(error.message).toContain('installed here: kuberay');
  expect(error.hint).toContain('"runtime": "kuberay"');
});

test('RUNTIME_REQUIRED: a value that is wrong is said first, and nothing is asked of the cluster', async () => {
  expect(refusal(await lab.call('deploy_model', { name: '../x', model: 'Qwen/Qwen3-8B' })).code).toBe('INPUT_INVALID');
  expect(lab.api.requests).toEqual([]);
});

test('RUNTIME_REQUIRED: without a cluster all known runtimes are named', async () => {
  const error = refusal(await lab.call('deploy_model', { name: 'qwen', model: 'Qwen/Qwen3-8B', context: 'nowhere' }));
  expect(error).toMatchObject({ code: 'RUNTIME_REQUIRED', details: { allowed: ['dynamo', 'kuberay'] } });
});

test('RUNTIME_UNKNOWN: a runtime that does not exist gets the known ones, without a request', async () => {
  for (const tool of ['deploy_model', 'list_deployments', 'install_runtime']) {
    const error = refusal(await lab.call(tool, { ...(tool === 'deploy_model' ? good : {}), runtime: 'vllm' }));
    expect(error).toMatchObject({ code: 'RUNTIME_UNKNOWN', details: { allowed: ['dynamo', 'kuberay'] } });
  }
  expect(lab.api.requests).toEqual([]);
});

test('INVALID_FOR_RUNTIME: engine, router and arguments that the runtime does not know, all in one answer', async () => {
  const error = refusal(
    await lab.call('deploy_model', { ...good, engine: 'sglang', router: 'kv', engineArgs: { 'no-such-flag': 1 } }),
  );
  expect(error.code).toBe('INVALID_FOR_RUNTIME');
  expect(error.message).toMatch(/engine: .*vllm/);
  expect(error.message).toMatch(/router: /);
  expect(error.message).toMatch(/no-such-flag/);
  expect(error.details).toMatchObject({ path: 'engine', allowed: ['vllm'] });
});

test('an unknown context is INPUT_INVALID and names the known ones', async () => {
  const error = refusal(await lab.call('list_deployments', { context: 'nowhere' }));
  expect(error.code).toBe('INPUT_INVALID');
  expect(error.hint).toContain('kubefoundry-sandbox');
});

test('a namespace that does not exist is said first, with the one that was meant', async () => {
  await lab.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } });
  const wanted = { ...good, namespace: 'kuberay-sytem' };
  for (const [tool, told] of [
    ['plan_deployment', 'is new, created with this deployment'],
    ['deploy_model', 'is new, created with this deployment'],
  ] as const) {
    const words = `The namespace kuberay-sytem ${told}. Did you mean kuberay-system?`;
    const answer = await lab.call(tool, wanted);
    expect(answer).toMatchObject({ ok: true, data: { warnings: expect.arrayContaining([words]) } });
    expect(answer.ok && answer.text.split('\n').slice(1, 3)).toEqual(['Warnings:', `- ${words}`]);
  }
  const far = await lab.call('plan_deployment', { ...good, namespace: 'somewhere' });
  expect(far.ok && far.text).toContain('- The namespace somewhere is new, created with this deployment.\n');
  const sibling = await lab.call('plan_deployment', { ...good, namespace: 'team-b' });
  expect(sibling.ok && sibling.text).toContain('- The namespace team-b is new, created with this deployment.\n');
  const slip = await lab.call('plan_deployment', { ...good, namespace: 'taem-a' });
  expect(slip.ok && slip.text).toContain('Did you mean team-a?');
});

test('a model that nobody knows, one letter from a known one, is asked about', async () => {
  const answer = await lab.call('plan_deployment', { ...good, model: 'qwen/qwen3-06B' });
  expect(answer).toMatchObject({ ok: true, data: { warnings: [expect.stringContaining('mean Qwen/Qwen3-0.6B?')] } });
  const other = await lab.call('plan_deployment', { ...good, model: 'our-own/model' });
  expect(other).toMatchObject({ ok: true, data: { warnings: [] } });
});

test('what is cancelled before its first write says that nothing was changed, and nothing was', async () => {
  const tried = { method: 'PATCH', path: /^\/api\/v1\/namespaces\/team-late\?.*dryRun/ };
  lab.api.faults.add({ match: tried, action: { kind: 'delay', milliseconds: 30_000 } });
  lab.api.clearRequests();
  const abort = new AbortController();
  const call = lab.call('deploy_model', { ...good, namespace: 'team-late' }, { signal: abort.signal });
  await vi.waitFor(
    () => expect(lab.api.requests.map(({ path }) => path)).toContain('/api/v1/namespaces/team-late'),
    soon,
  );
  abort.abort();
  expect(await call).toMatchObject({
    ok: false,
    error: { code: 'DECLINED', message: 'It was cancelled before anything was changed.' },
  });
  lab.api.faults.clear();
  expect(await lab.call('deploy_model', { ...good, namespace: 'team-late' })).toMatchObject({
    data: {
      warnings: expect.arrayContaining([expect.stringContaining('team-late is new, created with this deployment')]),
    },
  });
});
