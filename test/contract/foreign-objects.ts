import { describe, expect, test } from 'vitest';
import { runtimeIds } from '../../src/foundry/spec.ts';
import { deleteDeployment } from '../../src/tools/delete-deployment.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { getDeployment } from '../../src/tools/get-deployment.ts';
import { listDeployments } from '../../src/tools/list-deployments.ts';
import { connectAssistant } from './assistant.ts';
import { createByOthers, createNamespace, model, primaries } from './fixtures.ts';
import type { World } from './world.ts';

/** What others made, and what others do to what we made. */
export function describeForeignObjects(world: () => World): void {
  describe.each(runtimeIds)('made by others on %s', (runtime) => {
    const read = (namespace: string) => world().admin.get(primaries[runtime], { namespace, name: 'chat' });

    test('a deployment without our labels is listed and read like ours', async () => {
      const assistant = await connectAssistant(world());
      const namespace = await createNamespace(world());
      await createByOthers(world(), { runtime, namespace, name: 'chat' });
      const { deployments, problems } = await assistant.call(listDeployments, { namespace });
      expect(deployments).toMatchObject([
        { name: 'chat', runtime, model, engine: 'vllm', mode: 'aggregated', gpus: 1, managed: false },
      ]);
      expect(problems).toEqual([]);
      const { deployment } = await assistant.call(getDeployment, { name: 'chat', namespace });
      expect(deployment).toMatchObject({ managed: false, model, replicas: { desired: 1 } });
    });

    test('a deployment is deleted only when the caller says that it is not ours', async () => {
      const assistant = await connectAssistant(world());
      const namespace = await createNamespace(world());
      await createByOthers(world(), { runtime, namespace, name: 'chat' });
      const refused = await assistant.send('delete_deployment', { name: 'chat', namespace });
      expect(refused.code).toBe('NOT_MANAGED');
      expect(refused.text).toContain('unmanaged: true');
      expect(assistant.questions).toEqual([]);
      expect(await read(namespace)).toBeDefined();

      const { gone } = await assistant.call(deleteDeployment, { name: 'chat', namespace, unmanaged: true });
      expect(gone).toContain(`${primaries[runtime].kind} chat`);
      expect(await read(namespace)).toBeUndefined();
    });

    test('a deployment is not taken over by a deploy of its name', async () => {
      const assistant = await connectAssistant(world());
      const namespace = await createNamespace(world());
      const made = await createByOthers(world(), { runtime, namespace, name: 'chat' });
      const spec = { name: 'chat', namespace, model, runtime };
      expect(await assistant.send('deploy_model', spec)).toMatchObject({ code: 'ALREADY_EXISTS' });
      expect(await assistant.send('deploy_model', { ...spec, replace: true })).toMatchObject({ code: 'NOT_MANAGED' });
      expect((await read(namespace))?.metadata).toMatchObject({ uid: made.metadata.uid });
      expect((await read(namespace))?.metadata.labels).toBeUndefined();
    });

    test('a change of a field that we set is a conflict, which names manager and field and forces nothing', async () => {
      const assistant = await connectAssistant(world());
      const namespace = await createNamespace(world());
      const spec = { name: 'chat', namespace, model, runtime };
      await assistant.call(deployModel, spec);
      const first = await read(namespace);
      const scaled = JSON.parse(JSON.stringify(first?.spec).replaceAll('"replicas":1', '"replicas":3'));
      const place = { namespace, name: 'chat' };
      await world().admin.patch(primaries[runtime], place, { spec: scaled }, { fieldManager: 'autoscaler' });
      const changed = await read(namespace);

      const { code, text } = await assistant.send('deploy_model', { ...spec, replicas: 2, replace: true });
      expect(code).toBe('CONFLICT');
      expect(text).toMatch(/autoscaler owns \.spec\.\S*(replicas|workerGroupSpecs)/);
      expect((await read(namespace))?.spec).toEqual(changed?.spec);
      const planned = await assistant.send('plan_deployment', { ...spec, replicas: 2, replace: true });
      expect(planned.text).toContain('autoscaler');
    });
  });
}
