import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type RuntimeId, runtimeIds } from '../../src/foundry/spec.ts';
import { listAt, textAt } from '../../src/kubernetes.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { diagnoseDeployment } from '../../src/tools/diagnose-deployment.ts';
import { getClusterCapacity } from '../../src/tools/get-cluster-capacity.ts';
import { getDeploymentLogs } from '../../src/tools/get-deployment-logs.ts';
import { planDeployment } from '../../src/tools/plan-deployment.ts';
import { connectAssistant } from './assistant.ts';
import { createNamespace, model, soon } from './fixtures.ts';
import type { World } from './world.ts';

/** The role that answers requests, and what its log says once it does. */
const fronts = {
  dynamo: { role: 'frontend', says: 'Starting HTTP(S) service' },
  kuberay: { role: 'head', says: 'Ray runtime started' },
} as const satisfies Record<RuntimeId, unknown>;

/** Capacity, logs and diagnosis of deployments on runtimes that are installed. */
export function describeObserving(
  world: () => Pick<World, 'kubeconfig' | 'admin' | 'installer' | 'fail'>,
  runtimes: readonly RuntimeId[] = runtimeIds,
): void {
  /** What the pods on nodes ask for, by their own manifests. */
  async function gpusAskedFor(): Promise<number> {
    const pods = await world().admin.list({ group: '', kind: 'Pod' });
    return pods
      .filter((pod) => textAt(pod, 'spec', 'nodeName') !== undefined)
      .flatMap((pod) => listAt(pod, 'spec', 'containers'))
      .map((container) => Number(textAt(container, 'resources', 'limits', 'nvidia.com/gpu') ?? 0))
      .reduce((sum, gpus) => sum + gpus, 0);
  }

  describe.each(runtimes)('what can be seen of a deployment on %s', (runtime) => {
    const prepared = async () => {
      const assistant = await connectAssistant(world());
      const namespace = await createNamespace(world());
      const first = async (ref: { readonly name: string; readonly namespace: string }) => {
        const { findings } = await assistant.call(diagnoseDeployment, ref);
        return findings[0]?.code;
      };
      return { assistant, namespace, first };
    };

    test('is what it uses, what its pods said, and that nothing is wrong with it', async () => {
      const { assistant, namespace } = await prepared();
      const ref = { name: 'chat', namespace };
      await assistant.call(deployModel, { ...ref, model, runtime, gpus: 2, wait: true });
      await vi.waitFor(async () => {
        const before = await gpusAskedFor();
        const { pools } = await assistant.call(getClusterCapacity, {});
        expect(await gpusAskedFor()).toBe(before);
        expect(before).toBeGreaterThanOrEqual(2);
        const sum = (figure: 'total' | 'used' | 'free') => pools?.reduce((all, pool) => all + (pool[figure] ?? 0), 0);
        expect(sum('used')).toBe(before);
        expect(sum('free')).toBe((sum('total') ?? 0) - before);
      }, soon);
      const { fit } = await assistant.call(planDeployment, { ...ref, name: 'many', model, runtime, replicas: 99 });
      expect(fit).toMatchObject({ fits: false, why: expect.stringContaining('of 99 replicas') });

      const logs = await assistant.call(getDeploymentLogs, ref);
      expect(logs).toMatchObject({ complete: true, silent: [], problems: [] });
      const { role, says } = fronts[runtime];
      expect(logs.sources.map((source) => source.role).sort()).toEqual([role, 'worker'].sort());
      expect(logs.lines.map(({ time }) => time)).toEqual(logs.lines.map(({ time }) => time).sort());
      const found = await assistant.call(getDeploymentLogs, { ...ref, role, match: says });
      expect(found.lines).toEqual([expect.objectContaining({ text: expect.stringContaining(says) })]);
      expect(await assistant.call(diagnoseDeployment, ref)).toMatchObject({ findings: [], waiting: null });
    });

    test('is the cause that the log of its last run tells, and the call that mends it', async () => {
      const { assistant, namespace } = await prepared();
      const ref = { name: 'broken', namespace };
      const mend = world().fail(`${namespace}/broken`, 'crash-loop');
      await assistant.call(deployModel, { ...ref, model, runtime });
      const [found] = await vi.waitFor(async () => {
        const { findings } = await assistant.call(diagnoseDeployment, ref);
        expect(findings[0]?.code).toBe('GPU_OUT_OF_MEMORY');
        return findings;
      }, soon);
      expect(found?.evidence.line).toContain('CUDA out of memory');
      await vi.waitFor(async () => {
        const asked = { ...ref, previous: true, match: 'cuda out of memory' };
        expect((await assistant.call(getDeploymentLogs, asked)).lines).not.toEqual([]);
      }, soon);
      mend();
      const fix = /^deploy_model (\{.*\})$/.exec(found?.fix ?? '')?.[1] ?? '';
      const mended = await assistant.send('deploy_model', { ...JSON.parse(fix), wait: true });
      expect(mended.data).toMatchObject({ change: 'updated', deployment: { ...ref, phase: 'Running' } });
    });

    test('is why its pods do not start, and no log', async () => {
      const { assistant, namespace, first } = await prepared();
      const typo = { name: 'typo', namespace };
      const large = { name: 'large', namespace };
      onTestFinished(world().fail(`${namespace}/typo`, 'image-pull'));
      await assistant.call(deployModel, { ...typo, model, runtime });
      await assistant.call(deployModel, { ...large, model, runtime, gpus: 8, replicas: 9 });
      await vi.waitFor(async () => expect(await first(typo)).toBe('IMAGE_NOT_FOUND'), soon);
      await vi.waitFor(async () => expect(await first(large)).toMatch(/^GPUS_/), soon);
      const { lines, silent } = await assistant.call(getDeploymentLogs, { ...typo, role: 'worker' });
      expect(lines).toEqual([]);
      expect(silent).toMatchObject([{ reason: expect.stringMatching(/ImagePull/) }]);
    });
  });
}
