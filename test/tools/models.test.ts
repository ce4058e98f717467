import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openHub } from '../../src/hub/hub.ts';
import { findModels } from '../../src/tools/find-models.ts';
import { planDeployment } from '../../src/tools/plan-deployment.ts';
import { type ModelHub, startModelHub } from '../support/model-hub.ts';
import { startWorkbench, type Workbench } from '../support/sandbox.ts';

const attention = { num_hidden_layers: 32, num_attention_heads: 32, num_key_value_heads: 8, head_dim: 128 };
const config = { architectures: ['LlamaForCausalLM'], max_position_embeddings: 32_768, ...attention };
const token = 'hf_readerofeverything';

const repositories = [
  { id: 'acme/coder-8b', licence: 'mit', tensors: { BF16: 8_000_000_000 }, config },
  {
    id: 'acme/coder-8b-awq',
    tensors: { I32: 1_000_000_000, F16: 600_000_000 },
    config: { ...config, quantization_config: { quant_method: 'awq' } },
  },
  { id: 'acme/coder-closed', gated: 'manual', tensors: { BF16: 8_000_000_000 }, config },
  { id: 'acme/coder-odd', licence: 'x\u202e\u001b[31m', config: { architectures: ['OddForCausalLM'] } },
  { id: 'acme/coder-giant', tensors: { BF16: 2_000_000_000_000 }, config: { ...config, num_attention_heads: 64 } },
] as const;

let modelHub: ModelHub;
let bench: Workbench;
let stranger: Workbench;
beforeAll(async () => {
  modelHub = await startModelHub(repositories, [token]);
  [bench, stranger] = await Promise.all([
    startWorkbench({ hub: openHub({ endpoint: `${modelHub.url}/`, token, deadline: 500 }) }),
    startWorkbench({ hub: openHub({ endpoint: modelHub.url }) }),
  ]);
}, 60_000);
afterAll(() => Promise.all([bench.stop(), stranger.stop(), modelHub.stop()]));
beforeEach(() => {
  modelHub.requests.length = 0;
});
afterEach(() => {
  modelHub.failure = undefined;
});

const find = async (
  input: Parameters<typeof bench.data<typeof findModels.input, typeof findModels.output>>[1],
  on = bench,
) => on.data(findModels, input);
const byId = ({ models }: Awaited<ReturnType<typeof find>>, id: string) => models.find((model) => model.id === id);

describe('without a query', () => {
  test('what fits here, the largest first, without asking the hub, for at most 1,000 tokens', async () => {
    const result = await bench.call(findModels, {});
    const { models, total } = findModels.output.parse(result.ok && result.data);
    expect(models).toHaveLength(10);
    expect(total).toBeGreaterThanOrEqual(20);
    expect(models[0]).toMatchObject({ source: 'catalogue', fits: { now: true } });
    expect(models.map(({ weights }) => weights)).toEqual(
      models.map(({ weights }) => weights ?? 0).toSorted((a, b) => b - a),
    );
    expect(modelHub.requests).toEqual([]);
    expect(countTokens(result.ok ? result.text : '')).toBeLessThanOrEqual(1_000);
  });

  test('a runtime leaves the engines that it has', async () => {
    const { models } = await find({ runtime: 'kuberay', limit: 50 });
    expect(new Set(models.flatMap(({ engines }) => engines ?? []))).toEqual(new Set(['vllm']));
  });
});

describe('with a query', () => {
  test('the hub tells size, licence and gate, its config.json what it takes, and where that fits', async () => {
    const found = await find({ query: 'coder-8b' });
    expect(found.problems).toEqual([]);
    expect(byId(found, 'acme/coder-8b')).toEqual({
      id: 'acme/coder-8b',
      source: 'hub',
      parameters: 8_000_000_000,
      weights: 16_000_000_000,
      quantization: null,
      contextLength: 32_768,
      licence: 'mit',
      gated: false,
      engines: ['vllm', 'sglang', 'trtllm'],
      fits: { gpus: 1, gpu: 'NVIDIA-L4', now: true },
      canFit: true,
    });
    expect(byId(found, 'acme/coder-8b-awq')).toMatchObject({
      parameters: null,
      weights: 5_200_000_000,
      quantization: 'awq',
    });
    expect(modelHub.requests.every((request) => request.token === token)).toBe(true);
  });

  test('what is not told is unknown, and what others wrote is harmless', async () => {
    const odd = byId(await find({ query: 'coder-odd' }), 'acme/coder-odd');
    expect(odd).toMatchObject({
      weights: null,
      contextLength: null,
      licence: 'x',
      engines: null,
      fits: null,
      canFit: null,
    });
  });

  test('what fits nowhere is no, not unknown', async () => {
    expect(byId(await find({ query: 'coder-giant' }), 'acme/coder-giant')).toMatchObject({ fits: null, canFit: false });
  });

  test('the catalogue comes first, and its word counts', async () => {
    const { models } = await find({ query: 'coder', limit: 5 });
    expect(models.map(({ source }) => source)).toEqual(['catalogue', 'catalogue', 'hub', 'hub', 'hub']);
  });

  test('a limit that the catalogue fills asks nobody', async () => {
    expect((await find({ query: 'qwen3', limit: 2 })).models).toHaveLength(2);
    expect(modelHub.requests).toEqual([]);
  });

  test.each([
    ['does not answer', 'silent', /127\.0\.0\.1:\d+ does not answer\. Only the catalogue was searched\./],
    ['fails', 500, /answers with status 500\. Only the catalogue was searched\./],
  ] as const)('a hub that %s is said; the catalogue still answers', async (_, failure, says) => {
    modelHub.failure = failure;
    const { models, problems } = await find({ query: 'coder' });
    expect(models.map(({ source }) => source)).toEqual(['catalogue', 'catalogue']);
    expect(problems).toEqual([expect.stringMatching(says)]);
  });

  test('INPUT_INVALID: a query that is none reaches no hub', async () => {
    expect(await bench.call(findModels, { query: ' x ' })).toMatchObject({
      ok: false,
      error: { code: 'INPUT_INVALID' },
    });
    expect(modelHub.requests).toEqual([]);
  });
});

describe('a plan asks about its model', () => {
  const plan = (model: string, more = {}, on = bench) =>
    on.data(planDeployment, { name: 'coder', runtime: 'kuberay', model, ...more });

  test('and tells what each GPU has to hold', async () => {
    const { fit, warnings } = await plan('acme/coder-8b', { contextLength: 8_192 });
    expect(fit).toMatchObject({
      fits: true,
      need: { tokens: 8_192, weights: 14.9, kvCache: 1, overhead: 2, total: 17.9 },
    });
    expect(warnings).toEqual([]);
  });

  test('where the scheduler could take GPUs that are too small, with what keeps it off', async () => {
    const small = /may land on NVIDIA-L4, NVIDIA-L40S, where it does not fit\. nodeSelector (\{.*\}) keeps it off\.$/;
    const { warnings } = await plan('Qwen/Qwen3-32B', { quantization: 'fp8' });
    expect(warnings).toEqual([expect.stringMatching(small)]);
    const nodeSelector = JSON.parse(small.exec(warnings[0] ?? '')?.[1] ?? '');
    expect((await plan('Qwen/Qwen3-32B', { quantization: 'fp8', nodeSelector })).warnings).toEqual([]);
  });

  test('nothing of the hub where the catalogue knows it', async () => {
    await plan('Qwen/Qwen3-0.6B');
    expect(modelHub.requests).toEqual([]);
  });

  test('gated: without a Secret the download will be refused', async () => {
    const { change, warnings } = await plan('acme/coder-closed', { contextLength: 8_192 });
    expect(change).toBe('create');
    expect(warnings).toEqual([
      expect.stringMatching(
        /acme\/coder-closed is gated: its files need a token\. Name a Secret with key HF_TOKEN as hfTokenSecret\.$/,
      ),
    ]);
  });

  test('gated: a token with access is enough, one without is said', async () => {
    expect((await plan('acme/coder-closed', { contextLength: 8_192, hfTokenSecret: 'hub' })).warnings).toEqual([]);
    expect(
      (await plan('acme/coder-closed', { contextLength: 8_192, hfTokenSecret: 'hub' }, stranger)).warnings,
    ).toEqual([expect.stringMatching(/HF_TOKEN of this program has no access to it: accept its terms on the hub/)]);
  });

  test('a model that does not exist is a warning: the cluster may use another hub', async () => {
    const { change, warnings, fit } = await plan('acme/no-such-model');
    expect(change).toBe('create');
    expect(warnings).toEqual([expect.stringContaining('has nothing of that name. Check its name with find_models')]);
    expect(fit).toMatchObject({ fits: null, need: null });
  });

  test.each([
    ['does not answer', 'silent', /does not answer\.$/],
    ['fails', 500, /answers with status 500\.$/],
    ['takes no token', 403, /refuses the token of HF_TOKEN\.$/],
  ] as const)(
    'a hub that %s leaves the need unknown, which is said with why, and hinders nothing',
    async (_, failure, why) => {
      modelHub.failure = failure;
      const { change, warnings, fit } = await plan('acme/coder-8b');
      expect(change).toBe('create');
      expect(warnings).toEqual([expect.stringMatching(why)]);
      expect(warnings[0]).toMatch(
        /^model: acme\/coder-8b is not in the catalogue, and whether it exists and how large it is was not checked: 127/,
      );
      expect(fit).toMatchObject({ need: null });
      expect((await plan('Qwen/Qwen3-0.6')).warnings).toEqual([
        expect.stringMatching(/Did you mean Qwen\/Qwen3-0\.6B\?$/),
      ]);
    },
  );
});

test('INPUT_INVALID: HF_ENDPOINT that is no URL', () => {
  expect(() => openHub({ endpoint: 'hub' })).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
});
