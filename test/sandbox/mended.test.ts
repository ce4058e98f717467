import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type * as z from 'zod';
import type { RuntimeId } from '../../src/foundry/spec.ts';
import type { CauseCode } from '../../src/providers/causes.ts';
import type { FailureKind } from '../../src/sandbox/failures.ts';
import { deleteDeployment } from '../../src/tools/delete-deployment.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { diagnoseDeployment } from '../../src/tools/diagnose-deployment.ts';
import { startWorkbench, type Workbench } from '../support/sandbox.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await startWorkbench({ speed: 200 });
  const { cluster } = await bench.foundry.site(undefined);
  for (const namespace of ['dynamo-system', 'kuberay-system']) {
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'hf-token', namespace },
      data: { HF_TOKEN: 'eA==' },
    });
  }
});
afterAll(() => bench.stop());

type Asked = Partial<z.input<typeof deployModel.input>> & { readonly name: string; readonly runtime: RuntimeId };

/** Deploys what cannot start, and makes the call that the first finding names as its fix. */
async function cured(asked: Asked) {
  await bench.data(deployModel, { model: 'Qwen/Qwen3-8B', ...asked });
  await bench.sandbox.settled();
  const { findings } = await bench.data(diagnoseDeployment, { name: asked.name });
  const [finding] = findings;
  const [, call = ''] = /^deploy_model (\{.*\})$/.exec(finding?.fix ?? '') ?? [];
  const after = await bench.data(deployModel, { ...JSON.parse(call), wait: true });
  await bench.data(deleteDeployment, { name: asked.name });
  return { code: finding?.code, phase: after.deployment.phase };
}

describe.each(['dynamo', 'kuberay'] as const)('on %s', (runtime) => {
  test.each([
    ['kv-cache-too-small', 'KV_CACHE_TOO_SMALL'],
    ['code-untrusted', 'MODEL_CODE_UNTRUSTED'],
    ['model-gated', 'MODEL_GATED'],
    ['gpu-out-of-memory', 'GPU_OUT_OF_MEMORY'],
    ['out-of-memory', 'OUT_OF_MEMORY'],
  ] as const satisfies readonly (readonly [FailureKind, CauseCode])[])(
    'the fix for %s, made as it is given, brings the deployment up',
    async (kind, code) => {
      const name = `${kind}-${runtime}`;
      bench.sandbox.fail(name, kind);
      expect(await cured({ name, runtime })).toEqual({ code, phase: 'Running' });
    },
  );

  test('so does the one for a tag that the registry does not have', async () => {
    const name = `typo-${runtime}`;
    const image = 'registry.example.com/engine:does-not-exist';
    expect(await cured({ name, runtime, image })).toEqual({ code: 'IMAGE_NOT_FOUND', phase: 'Running' });
  });
});
