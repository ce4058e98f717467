import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { runtimeIds } from '../../src/foundry/spec.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { getDeployment } from '../../src/tools/get-deployment.ts';
import { startApiProxy } from '../support/api-proxy.ts';
import { connectAssistant } from './assistant.ts';
import { createNamespace, soon } from './fixtures.ts';
import type { World } from './world.ts';

const smallest = 'Qwen/Qwen3-0.6B';
const small = 'Qwen/Qwen3-4B';
const large = 'Qwen/Qwen3-8B';

/** What was planned is written: the plan's dry-run is past. */
const writing = /^PATCH \S+\/chat\?(?!.*dryRun=)/;

/** Two people who deploy the same name at the same time: as if one had done so after the other. */
export function describeAtOnce(world: () => World): void {
  describe.each(runtimeIds)('while a deployment is written on %s, another person', (runtime) => {
    /** The first one's call is on its way to the server when the second one's is carried out. */
    async function race(more: { readonly model?: string; readonly replace?: boolean } = {}, existing?: string) {
      const proxy = await startApiProxy(world().kubeconfig);
      onTestFinished(() => proxy.stop());
      const namespace = await createNamespace(world());
      const nodeSelector = { 'example.com/no-such-node': 'true' };
      const spec = { name: 'chat', namespace, runtime, nodeSelector } as const;
      const [first, second] = await Promise.all([
        connectAssistant({ ...world(), kubeconfig: proxy.kubeconfig }),
        connectAssistant(world()),
      ]);
      if (existing !== undefined) await second.call(deployModel, { ...spec, model: existing });
      const proceed = proxy.hold(writing);
      const { replace = false } = more;
      const held = first.send('deploy_model', { ...spec, model: large, replace });
      await vi.waitFor(() => expect(proxy.requests).toContainEqual(expect.stringMatching(writing)), soon);
      const done = await second.call(deployModel, { ...spec, model: small, ...more });
      proceed();
      const [late, { deployment }] = [await held, await second.call(getDeployment, { name: 'chat', namespace })];
      return { done, late, model: deployment.model };
    }

    test('creates it: nothing is overwritten, and the refusal tells what is there', async () => {
      const { done, late, model } = await race();
      expect(done.change).toBe('created');
      expect(late.code).toBe('ALREADY_EXISTS');
      expect(late.text).toMatch(/chat exists already, and differs: /);
      expect(late.text).toContain(small);
      expect(late.text).toContain('replace: true');
      expect(model).toBe(small);
    });

    test('creates the same: it is unchanged', async () => {
      const { late } = await race({ model: large });
      expect(late.data).toMatchObject({ change: 'unchanged' });
    });

    test('replaces it: what that person made is replaced, and told', async () => {
      const { done, late, model } = await race({ replace: true }, smallest);
      const differs = (from: string, to: string) => expect.objectContaining({ from, to });
      expect(done.diff).toContainEqual(differs(smallest, small));
      expect(late.data).toMatchObject({ change: 'updated', diff: expect.arrayContaining([differs(small, large)]) });
      expect(model).toBe(large);
    });
  });
}
