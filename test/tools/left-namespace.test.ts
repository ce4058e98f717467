import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataOf, type Lab, namespace, startLab } from '../support/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
  await lab.apply(namespace('theirs'));
});
afterAll(() => lab.stop());

const wanted = { model: 'Qwen/Qwen3-8B', runtime: 'kuberay' };
const deploy = async (name: string, where: string) =>
  dataOf(await lab.call('deploy_model', { ...wanted, name, namespace: where }));
const remove = async (name: string, as?: string) => dataOf(await lab.call('delete_deployment', { name }, { as }));

test('a namespace that a deployment brought stays after the last one, which is said with what removes it', async () => {
  await deploy('one', 'nowhere');
  await deploy('two', 'nowhere');
  expect(await remove('one')).toMatchObject({ gone: ['RayService one'], warnings: [] });
  expect(await remove('two')).toMatchObject({
    gone: ['RayService two'],
    warnings: [
      'The namespace nowhere, which KubeFoundry created, stays, without a deployment in it. What removes it with all that others put there: kubectl --context kubefoundry-sandbox delete namespace nowhere',
    ],
  });
  await lab.read(namespace('nowhere'));
});

test('nothing is said of a namespace of others, nor of one with an operator in it', async () => {
  await deploy('guest', 'theirs');
  expect(await remove('guest')).toMatchObject({ warnings: [] });
  const labels = { 'app.kubernetes.io/managed-by': 'kubefoundry' };
  await lab.apply({ ...namespace('kuberay-system'), metadata: { name: 'kuberay-system', labels } });
  await deploy('beside', 'kuberay-system');
  expect(await remove('beside')).toMatchObject({ warnings: [] });
});

test('who may not read namespaces deletes without a word on them', async () => {
  await deploy('blind', 'nowhere');
  const verbs = ['get', 'list', 'delete'];
  await lab.allow('blind', [
    {
      apiGroups: ['ray.io', 'nvidia.com', '', 'apps'],
      resources: ['rayservices', 'rayclusters', 'dynamographdeployments', 'pods', 'services', 'events', 'deployments'],
      verbs,
    },
  ]);
  expect(await remove('blind', 'blind')).toMatchObject({ gone: ['RayService blind'], warnings: [] });
});
