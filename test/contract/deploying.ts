import { describe, expect, test, vi } from 'vitest';
import { type RuntimeId, runtimeIds } from '../../src/foundry/spec.ts';
import { listAt, textAt } from '../../src/kubernetes.ts';
import { deleteDeployment } from '../../src/tools/delete-deployment.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { getDeployment } from '../../src/tools/get-deployment.ts';
import { getRuntimesStatus } from '../../src/tools/get-runtimes-status.ts';
import { listDeployments } from '../../src/tools/list-deployments.ts';
import { planDeployment } from '../../src/tools/plan-deployment.ts';
import { connectAssistant } from './assistant.ts';
import { createNamespace, model, otherThan, primaries, soon } from './fixtures.ts';
import type { World } from './world.ts';

const rolesOf = {
  dynamo: { aggregated: ['frontend', 'worker'], disaggregated: ['decode', 'frontend', 'prefill'] },
  kuberay: { aggregated: ['head', 'worker'], disaggregated: ['decode', 'head', 'prefill'] },
} as const satisfies Record<RuntimeId, unknown>;

/** The life of a deployment on both runtimes, which have to be installed. */
export function describeDeploying(world: () => World): void {
  describe.each(runtimeIds)('a deployment on %s', (runtime) => {
    const read = (namespace: string, name: string) => world().admin.get(primaries[runtime], { namespace, name });

    test('is tried by plan_deployment, which changes nothing', async () => {
      const assistant = await connectAssistant(world());
      const namespace = await createNamespace(world());
      const planned = await assistant.call(planDeployment, { name: 'chat', namespace, model, runtime });
      expect(planned).toMatchObject({
        change: 'create',
        problems: [],
        dryRun: { accepted: true },
        fit: { fits: true },
      });
      expect(planned.manifests).toContain(`apiVersion: ${world().releases[runtime].apiVersion}`);
      expect(planned.manifests).toContain(model);
      expect(await read(namespace, 'chat')).toBeUndefined();
    });

    test('reaches Running, and every tool says the same of it', async () => {
      const assistant = await connectAssistant(world());
      const namespace = await createNamespace(world());
      const deployed = await assistant.call(deployModel, { name: 'chat', namespace, model, runtime, wait: true });
      expect(deployed.change).toBe('created');
      expect(deployed.deployment).toMatchObject({
        name: 'chat',
        namespace,
        runtime,
        kind: primaries[runtime].kind,
        apiVersion: world().releases[runtime].apiVersion,
        phase: 'Running',
        managed: true,
        stale: false,
        model,
        engine: 'vllm',
        mode: 'aggregated',
        replicas: { desired: 1, ready: 1 },
        gpus: 1,
        endpoint: { namespace, port: 8000 },
      });

      // The operator's own words may follow the pods that they are about.
      const { reason: _, message: __, ...facts } = deployed.deployment;
      const listed = await assistant.call(listDeployments, { namespace });
      expect(listed).toMatchObject({ deployments: [facts], total: 1, problems: [] });
      const { deployment } = await assistant.call(getDeployment, { name: 'chat', namespace, detail: true });
      expect(deployment).toMatchObject(facts);
      expect(deployment.pods.map(({ role }) => role).sort()).toEqual(rolesOf[runtime].aggregated);
      expect(deployment.pods.every(({ ready }) => ready)).toBe(true);
      expect(deployment.manifest).toContain('app.kubernetes.io/managed-by: kubefoundry');
      // Deployments of earlier tests may be on their way out, so that both can change between two calls.
      await vi.waitFor(async () => {
        const { total } = await assistant.call(listDeployments, { runtime });
        const { runtimes } = await assistant.call(getRuntimesStatus, { runtime });
        expect(runtimes).toMatchObject([{ id: runtime, deployments: total }]);
      }, soon);
    });

    test('carries an Event that says who deployed it', async () => {
      const assistant = await connectAssistant(world());
      const namespace = await createNamespace(world());
      await assistant.call(deployModel, { name: 'chat', namespace, model, runtime });
      const events = await world().admin.list({ group: '', kind: 'Event' }, { namespace });
      const ours = events.filter((event) => textAt(event, 'reportingComponent') === 'kubefoundry');
      expect(ours).toMatchObject([
        { reason: 'Deployed', involvedObject: { kind: primaries[runtime].kind, name: 'chat' } },
      ]);
      expect(textAt(ours[0], 'message')).toContain('by mcp contract 1.0.0');
    });

    test('reaches Running with prefill and decode apart', async () => {
      const assistant = await connectAssistant(world());
      const namespace = await createNamespace(world());
      const spec = { name: 'chat', namespace, model, runtime, mode: 'disaggregated' } as const;
      const { deployment } = await assistant.call(deployModel, { ...spec, wait: true });
      expect(deployment).toMatchObject({ phase: 'Running', mode: 'disaggregated', replicas: { desired: 2, ready: 2 } });
      expect(deployment.roles.map(({ role }) => role).sort()).toEqual(rolesOf[runtime].disaggregated);
    });

    test('asked for again is unchanged, also after the operator took fields of its own', async () => {
      const assistant = await connectAssistant(world());
      const namespace = await createNamespace(world());
      const spec = { name: 'chat', namespace, model, runtime };
      await assistant.call(deployModel, { ...spec, wait: true });
      const first = await read(namespace, 'chat');
      expect(new Set(managersOf(first))).not.toEqual(new Set(['kubefoundry']));

      expect(await assistant.call(deployModel, spec)).toMatchObject({ change: 'unchanged' });
      expect(await assistant.call(deployModel, { ...spec, replace: true })).toMatchObject({ change: 'unchanged' });
      expect(await assistant.call(planDeployment, spec)).toMatchObject({ change: 'unchanged', diff: [], steps: [] });
      expect((await read(namespace, 'chat'))?.metadata.generation).toBe(first?.metadata.generation);
    });

    test('asked for otherwise is refused with the differences, and replaced when that is wanted', async () => {
      const assistant = await connectAssistant(world());
      const namespace = await createNamespace(world());
      const spec = { name: 'chat', namespace, model, runtime, contextLength: 4096 };
      await assistant.call(deployModel, { ...spec, wait: true });
      const first = await read(namespace, 'chat');
      const other = { ...spec, contextLength: 8192 };

      const refused = await assistant.send('deploy_model', other);
      expect(refused.code).toBe('ALREADY_EXISTS');
      expect(refused.text).toContain('8192');
      expect(refused.text).toContain('replace: true');
      expect((await read(namespace, 'chat'))?.metadata.generation).toBe(first?.metadata.generation);

      const planned = await assistant.call(planDeployment, { ...other, replace: true });
      expect(planned).toMatchObject({ change: 'update', dryRun: { accepted: true } });
      expect(planned.diff.length).toBeGreaterThan(0);
      const replaced = await assistant.call(deployModel, { ...other, replace: true, wait: true });
      expect(replaced).toMatchObject({ change: 'updated', deployment: { phase: 'Running', upgrading: false } });
      expect(await assistant.call(deployModel, other)).toMatchObject({ change: 'unchanged' });
    });

    test('makes its namespace when that is missing, and says so before', async () => {
      const assistant = await connectAssistant(world());
      const namespace = await createNamespace(world());
      const missing = `${namespace}-new`;
      const { warnings } = await assistant.call(planDeployment, { name: 'chat', namespace: missing, model, runtime });
      expect(warnings.join(' ')).toContain(`The namespace ${missing} is new, created with this deployment`);
      await assistant.call(deployModel, { name: 'chat', namespace: missing, model, runtime });
      expect(await read(missing, 'chat')).toBeDefined();
      await world().admin.delete({ group: '', kind: 'Namespace' }, { name: missing });
    });

    test('is refused while the other runtime has its name, before anything is created', async () => {
      const assistant = await connectAssistant(world());
      const namespace = await createNamespace(world());
      await assistant.call(deployModel, { name: 'chat', namespace, model, runtime: otherThan(runtime) });
      const { code, text } = await assistant.send('deploy_model', { name: 'chat', namespace, model, runtime });
      expect(code).toBe('ALREADY_EXISTS');
      expect(text).toContain('nothing was created');
      expect(await read(namespace, 'chat')).toBeUndefined();
    });

    test('is deleted once a human agreed to the plan, and tells what is gone', async () => {
      const assistant = await connectAssistant(world());
      const namespace = await createNamespace(world());
      await assistant.call(deployModel, { name: 'chat', namespace, model, runtime, wait: true });
      const deleted = await assistant.call(deleteDeployment, { name: 'chat', namespace });
      expect(deleted.gone).toContain(`${primaries[runtime].kind} chat`);
      expect(assistant.questions).toEqual([expect.stringContaining(`${primaries[runtime].kind} ${namespace}/chat`)]);
      expect(assistant.questions[0]).toContain(model);
      expect(await read(namespace, 'chat')).toBeUndefined();
      expect(await assistant.send('get_deployment', { name: 'chat', namespace })).toMatchObject({ code: 'NOT_FOUND' });
    });

    test('that was replaced while the human thought is not deleted before the human has seen the new plan', async () => {
      const namespace = await createNamespace(world());
      const spec = { name: 'chat', namespace, model, runtime };
      const colleague = await connectAssistant(world());
      await colleague.call(deployModel, spec);
      const assistant = await connectAssistant(world(), {
        async meanwhile() {
          await colleague.call(deleteDeployment, { name: 'chat', namespace });
          await colleague.call(deployModel, { ...spec, model: 'Qwen/Qwen3-8B' });
        },
      });
      await assistant.call(deleteDeployment, { name: 'chat', namespace });
      expect(assistant.questions).toEqual([expect.stringContaining(model), expect.stringContaining('Qwen/Qwen3-8B')]);
    });
  });
}

const managersOf = (object: unknown): readonly (string | undefined)[] =>
  listAt(object, 'metadata', 'managedFields').map((entry) => textAt(entry, 'manager'));
