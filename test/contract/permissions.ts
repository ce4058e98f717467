import { describe, expect, test } from 'vitest';
import { runtimeIds } from '../../src/foundry/spec.ts';
import { deleteDeployment } from '../../src/tools/delete-deployment.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { getDeployment } from '../../src/tools/get-deployment.ts';
import { getRuntimesStatus } from '../../src/tools/get-runtimes-status.ts';
import { listDeployments } from '../../src/tools/list-deployments.ts';
import { connectAssistant } from './assistant.ts';
import { allowOnly, createNamespace, model, otherThan, primaries, rule } from './fixtures.ts';
import type { World } from './world.ts';

const look = 'get list watch';
const primaryRule = (runtime: keyof typeof primaries, verbs: string) =>
  rule(primaries[runtime].group, primaries[runtime].plural, verbs);
const partRules = [
  rule('', 'pods services events', look),
  rule('apps', 'deployments', look),
  rule('ray.io', 'rayclusters', look),
  rule('nvidia.com', 'dynamocomponentdeployments', look),
];
const everything = [primaryRule('dynamo', look), primaryRule('kuberay', look), ...partRules];

/** ServiceAccounts that may do less than everything. */
export function describePermissions(world: () => World): void {
  describe('a ServiceAccount', () => {
    test.each(runtimeIds)('that may not list %s sees the other runtime, and which right is missing', async (hidden) => {
      const shown = otherThan(hidden);
      const namespace = await createNamespace(world());
      const administrator = await connectAssistant(world());
      for (const [index, runtime] of [hidden, shown].entries()) {
        await administrator.call(deployModel, { name: `chat-${index}`, namespace, model, runtime });
      }
      const everywhereElse = [primaryRule(shown, look), rule('', 'namespaces', look), ...partRules];
      const kubeconfig = await allowOnly(world(), namespace, { everywhere: everywhereElse });
      const assistant = await connectAssistant(world(), { kubeconfig });

      const everywhere = await assistant.call(listDeployments, {});
      expect(everywhere.deployments).toContainEqual(expect.objectContaining({ namespace, runtime: shown }));
      expect(everywhere.deployments).not.toContainEqual(expect.objectContaining({ runtime: hidden }));
      const resource = `${primaries[hidden].plural}.${primaries[hidden].group}`;
      expect(everywhere.problems).toMatchObject([
        { runtime: hidden, code: 'FORBIDDEN', message: `Not allowed to list ${resource} in all namespaces.` },
      ]);

      const within = await assistant.call(listDeployments, { namespace });
      expect(within.deployments).toMatchObject([{ runtime: shown }]);
      expect(within.problems).toMatchObject([
        { message: `Not allowed to list ${resource} in namespace ${namespace}.` },
      ]);
      expect(within.problems[0]?.hint).toContain(` create rolebinding NAME -n ${namespace} --clusterrole=`);
    });

    test.each(runtimeIds)('with rights in one namespace finds what is there on %s', async (runtime) => {
      const namespace = await createNamespace(world());
      const administrator = await connectAssistant(world());
      await administrator.call(deployModel, { name: 'chat', namespace, model, runtime, wait: true });
      const kubeconfig = await allowOnly(world(), namespace, { there: everything });
      const assistant = await connectAssistant(world(), { kubeconfig });

      const within = await assistant.call(listDeployments, { namespace });
      expect(within).toMatchObject({
        deployments: [{ name: 'chat', phase: 'Running', replicas: { desired: 1, ready: 1 } }],
        problems: [],
      });
      const { deployment } = await assistant.call(getDeployment, { name: 'chat', namespace });
      expect(deployment).toMatchObject({ phase: 'Running', problems: [] });
    });

    test('that may list namespaces but not the whole cluster gets what its namespaces hold, and is told of the rest', async () => {
      const namespace = await createNamespace(world());
      const administrator = await connectAssistant(world());
      for (const runtime of runtimeIds)
        await administrator.call(deployModel, { name: `chat-${runtime}`, namespace, model, runtime });
      const everywhere = [rule('', 'namespaces', look)];
      const kubeconfig = await allowOnly(world(), namespace, { there: everything, everywhere });
      const assistant = await connectAssistant(world(), { kubeconfig });
      const { deployments, problems } = await assistant.call(listDeployments, {});
      expect(deployments.map(({ name }) => name)).toEqual(['chat-dynamo', 'chat-kuberay']);
      expect(problems).toMatchObject(runtimeIds.map((runtime) => ({ runtime, code: 'FORBIDDEN' })));
    });

    test('that may not even list namespaces gets what the namespaces of the runtimes hold', async () => {
      const administrator = await connectAssistant(world());
      const { deployment } = await administrator.call(deployModel, { name: 'chat', model, runtime: 'dynamo' });
      const { namespace } = deployment;
      const kubeconfig = await allowOnly(world(), namespace, { there: everything });
      const assistant = await connectAssistant(world(), { kubeconfig });
      const { deployments, problems } = await assistant.call(listDeployments, {});
      expect(deployments).toMatchObject([{ name: 'chat', namespace, runtime: 'dynamo' }]);
      expect(problems).toMatchObject(runtimeIds.map((runtime) => ({ runtime, code: 'FORBIDDEN' })));
      await administrator.call(deleteDeployment, { name: 'chat', namespace });
    });

    test('that may read neither CRDs nor operators is told that nobody knows what is installed', async () => {
      const namespace = await createNamespace(world());
      const kubeconfig = await allowOnly(world(), namespace, { there: [rule('', 'pods', look)] });
      const assistant = await connectAssistant(world(), { kubeconfig });
      const { runtimes, problems } = await assistant.call(getRuntimesStatus, {});
      expect(runtimes).toMatchObject(
        runtimeIds.map((id) => ({ id, state: 'unknown', installed: null, healthy: null, deployments: null })),
      );
      expect(problems.map(({ runtime, code }) => `${runtime} ${code}`)).toEqual(
        expect.arrayContaining(runtimeIds.map((runtime) => `${runtime} FORBIDDEN`)),
      );
    });

    test.each(runtimeIds)(
      'that may not create is refused on %s with the right it lacks, and nothing is made',
      async (runtime) => {
        const namespace = await createNamespace(world());
        const kubeconfig = await allowOnly(world(), namespace, { everywhere: everything });
        const assistant = await connectAssistant(world(), { kubeconfig });
        const { code, text } = await assistant.send('deploy_model', { name: 'chat', namespace, model, runtime });
        expect(code).toBe('FORBIDDEN');
        expect(text).toContain('patch');
        expect(text).toContain(primaries[runtime].plural);
        expect(text).toContain(namespace);
        expect(await world().admin.get(primaries[runtime], { namespace, name: 'chat' })).toBeUndefined();
      },
    );

    test.each(runtimeIds)('that may deploy on %s but write no Events deploys all the same', async (runtime) => {
      const namespace = await createNamespace(world());
      const there = [...everything, primaryRule(runtime, 'create patch')];
      const everywhere = [rule('apiextensions.k8s.io', 'customresourcedefinitions', 'get')];
      const kubeconfig = await allowOnly(world(), namespace, { there, everywhere });
      const assistant = await connectAssistant(world(), { kubeconfig });
      const { change } = await assistant.call(deployModel, { name: 'chat', namespace, model, runtime });
      expect(change).toBe('created');
      const events = await world().admin.list({ group: '', kind: 'Event' }, { namespace });
      expect(events.filter(({ reportingComponent }) => reportingComponent === 'kubefoundry')).toEqual([]);
    });
  });
}
