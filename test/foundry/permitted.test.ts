import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listDeployments } from '../../src/tools/list-deployments.ts';
import { dataOf, type Lab, namespace, startLab } from '../support/lab.ts';

let lab: Lab;
const crowd = Array.from({ length: 110 }, (_, index) => `crowd-${String(index).padStart(3, '0')}`);
beforeAll(async () => {
  lab = await startLab({ runtimes: ['kuberay'] });
  await lab.apply(...crowd.map(namespace));
  for (const where of ['kuberay-system', 'crowd-109'])
    dataOf(
      await lab.call('deploy_model', { name: 'chat', namespace: where, runtime: 'kuberay', model: 'Qwen/Qwen3-8B' }),
    );
  const all = ['*'];
  await lab.allow('eva', [{ apiGroups: all, resources: all, verbs: all }], ['kuberay-system', 'crowd-109']);
  const looking = { apiGroups: [''], resources: ['namespaces'], verbs: ['list'] };
  await lab.allow('eva', [looking]);
});
afterAll(() => lab.stop());

describe('in a cluster with more namespaces than are tried one by one', () => {
  const list = async (input: object) =>
    listDeployments.output.parse(dataOf(await lab.call('list_deployments', input, { as: 'eva' })));

  test('those that are known by name come first, and what was left out is told', async () => {
    const { deployments, problems } = await list({ runtime: 'kuberay' });
    expect(deployments.map(({ namespace }) => namespace)).toEqual(['kuberay-system']);
    expect(problems).toEqual([
      expect.objectContaining({
        code: 'FORBIDDEN',
        message: expect.stringMatching(
          /in all namespaces\. Only what is in kuberay-system was read; 1\d of the namespaces were not tried\.$/,
        ),
        hint: expect.stringContaining('Name a namespace that you may read (--namespaces a,b names several for good)'),
      }),
    ]);
  });

  test('one that is asked for is read, wherever it stands among them', async () => {
    expect((await list({ namespace: 'crowd-109' })).deployments).toMatchObject([{ namespace: 'crowd-109' }]);
  });
});
