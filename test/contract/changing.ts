import { describe, expect, test, vi } from 'vitest';
import { type RuntimeId, runtimeIds } from '../../src/foundry/spec.ts';
import { textAt } from '../../src/kubernetes.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { getDeployment } from '../../src/tools/get-deployment.ts';
import { planDeployment } from '../../src/tools/plan-deployment.ts';
import { restartDeployment } from '../../src/tools/restart-deployment.ts';
import { scaleDeployment } from '../../src/tools/scale-deployment.ts';
import { type Assistant, connectAssistant } from './assistant.ts';
import { createNamespace, model, primaries, soon } from './fixtures.ts';
import type { World } from './world.ts';

const podsOf = async (assistant: Assistant, ref: { readonly name: string; readonly namespace: string }) =>
  (await assistant.call(getDeployment, ref)).deployment.pods.map(({ name }) => name);

/** Scaling and restarting a deployment on both runtimes, which have to be installed. */
export function describeChanging(world: () => World): void {
  /** `spec.suspend` of RayServices came with KubeRay 1.7. */
  const canStop = (runtime: RuntimeId) => runtime === 'dynamo' || !world().releases.kuberay.version.startsWith('1.6');

  describe.each(runtimeIds)('a living deployment on %s', (runtime) => {
    const deployed = async (more: object = {}) => {
      const assistant = await connectAssistant(world());
      const namespace = await createNamespace(world());
      const spec = { name: 'chat', namespace, model, runtime, ...more };
      await assistant.call(deployModel, { ...spec, wait: true });
      return { assistant, spec, ref: { name: 'chat', namespace } };
    };

    test('is scaled up and down at once, and deploy_model tells truly what it would change', async () => {
      const { assistant, spec, ref } = await deployed();
      const up = await assistant.call(scaleDeployment, { ...ref, replicas: 3, wait: true });
      expect(up).toMatchObject({
        changed: true,
        summary: 'worker 1 → 3',
        deployment: {
          apiVersion: world().releases[runtime].apiVersion,
          phase: 'Running',
          replicas: { desired: 3, ready: 3 },
        },
      });
      expect(await assistant.call(scaleDeployment, { ...ref, replicas: 3 })).toMatchObject({ changed: false });
      expect(await assistant.call(deployModel, { ...spec, replicas: 3 })).toMatchObject({ change: 'unchanged' });
      const other = await assistant.send('deploy_model', spec);
      expect(other.code).toBe('ALREADY_EXISTS');
      expect(other.text).toMatch(/replicas: 3 → 1/);

      const down = await assistant.call(scaleDeployment, { ...ref, replicas: 1, wait: true });
      expect(down.deployment).toMatchObject({ phase: 'Running', replicas: { desired: 1, ready: 1 } });
      await vi.waitFor(async () => expect(await podsOf(assistant, ref)).toHaveLength(2), soon);
      expect(await assistant.call(planDeployment, spec)).toMatchObject({ change: 'unchanged', diff: [] });
      const events = await world().admin.list({ group: '', kind: 'Event' }, { namespace: ref.namespace });
      const ours = events.filter((event) => textAt(event, 'reportingComponent') === 'kubefoundry');
      expect(ours.map((event) => textAt(event, 'message')).sort()).toEqual([
        expect.stringMatching(/^Deployed /),
        expect.stringMatching(/^Scaled \(worker 1 → 3\) by mcp contract/),
        expect.stringMatching(/^Scaled \(worker 3 → 1\) by mcp contract/),
      ]);
    });

    test('is stopped by 0 and started by another number, where the runtime can', async () => {
      const { assistant, spec, ref } = await deployed();
      if (!canStop(runtime)) {
        const { code, text } = await assistant.send('scale_deployment', { ...ref, replicas: 0 });
        expect(code).toBe('NOT_SUPPORTED');
        expect(text).toContain('delete_deployment {"name":"chat"');
        return;
      }
      const stopped = await assistant.call(scaleDeployment, { ...ref, replicas: 0, wait: true });
      expect(stopped).toMatchObject({ deployment: { phase: 'Suspended', replicas: { desired: 0 } } });
      expect(stopped.nextSteps.join()).toContain('scale_deployment {"name":"chat"');
      expect((await assistant.send('deploy_model', spec)).text).toMatch(/suspend: true → absent|replicas: 0 → 1/);
      expect(await assistant.send('restart_deployment', ref)).toMatchObject({ code: 'CONFLICT' });
      const started = await assistant.call(scaleDeployment, { ...ref, replicas: 1, wait: true });
      expect(started.deployment).toMatchObject({ phase: 'Running', replicas: { desired: 1, ready: 1 } });
      expect(await assistant.call(planDeployment, spec)).toMatchObject({ change: 'unchanged' });
    });

    test('is restarted pod by pod, as often as one likes, which leaves deploy_model nothing to change', async () => {
      const { assistant, spec, ref } = await deployed();
      for (const _ of ['once', 'twice']) {
        const before = await podsOf(assistant, ref);
        const restarted = await assistant.call(restartDeployment, { ...ref, wait: true });
        expect(restarted).toMatchObject({ changed: true, deployment: { phase: 'Running', upgrading: false } });
        await vi.waitFor(async () => {
          const left = (await podsOf(assistant, ref)).filter((name) => before.includes(name));
          expect(left).toEqual([]);
        }, soon);
        expect(await assistant.call(deployModel, spec)).toMatchObject({ change: 'unchanged' });
      }
    });

    test('with prefill and decode apart is scaled by role', async () => {
      const { assistant, spec, ref } = await deployed({ mode: 'disaggregated' });
      const unsaid = await assistant.send('scale_deployment', { ...ref, replicas: 2 });
      expect(unsaid.code).toBe('INPUT_INVALID');
      expect(unsaid.text).toContain('prefill and decode, which are scaled apart');
      const unknown = await assistant.send('scale_deployment', { ...ref, replicas: 2, role: 'worker' });
      expect(unknown.code).toBe('INPUT_INVALID');
      expect(unknown.text).toContain('no worker; it has prefill and decode');
      const { deployment } = await assistant.call(scaleDeployment, { ...ref, replicas: 2, role: 'decode', wait: true });
      expect(deployment.roles).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ role: 'prefill', desired: 1, ready: 1 }),
          expect.objectContaining({ role: 'decode', desired: 2, ready: 2 }),
        ]),
      );
      expect(await assistant.call(planDeployment, { ...spec, decodeReplicas: 2 })).toMatchObject({ diff: [] });
      if (!canStop(runtime)) return;
      await assistant.call(scaleDeployment, { ...ref, replicas: 0, wait: true });
      const started = await assistant.call(scaleDeployment, { ...ref, replicas: 1, wait: true });
      expect(started.deployment).toMatchObject({ phase: 'Running', replicas: { desired: 2, ready: 2 } });
      expect(await assistant.call(planDeployment, spec)).toMatchObject({ diff: [] });
    });

    test('that somebody else scaled is not scaled over their head', async () => {
      const { assistant, ref } = await deployed();
      const place = { namespace: ref.namespace, name: 'chat' };
      const { spec } = (await world().admin.get(primaries[runtime], place)) ?? {};
      const scaled = JSON.parse(JSON.stringify(spec).replaceAll('"replicas":1', '"replicas":2'));
      await world().admin.patch(primaries[runtime], place, { spec: scaled }, { fieldManager: 'autoscaler' });
      const { code, text } = await assistant.send('scale_deployment', { ...ref, replicas: 3 });
      expect(code).toBe('CONFLICT');
      expect(text).toContain('autoscaler owns .spec.');
    });
  });
}
