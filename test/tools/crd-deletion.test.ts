import { afterEach, expect, test } from 'vitest';
import { createHelmInstaller } from '../../src/cluster/helm.ts';
import type { Installer } from '../../src/foundry/foundry.ts';
import type { KubernetesObject } from '../../src/kubernetes.ts';
import { kuberayCrds } from '../../src/sandbox/crds/kuberay.ts';
import { dataOf, type Lab, startLab } from '../support/lab.ts';
import { soon } from '../support/soon.ts';

let lab: Lab;
afterEach(() => lab.stop());

const uninstall = { runtime: 'kuberay', deleteCrds: true };
const crd: KubernetesObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'rayclusters.ray.io' },
};
const operator: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'kuberay-operator', namespace: 'kuberay-system' },
};
const rayCluster: KubernetesObject = {
  apiVersion: 'ray.io/v1',
  kind: 'RayCluster',
  metadata: { name: 'training', namespace: 'default' },
  spec: { headGroupSpec: { template: { spec: { containers: [{ name: 'head', image: 'ray' }] } } } },
};

/** Deletes CRDs as helm's installer does; in place of helm, the operator goes and something else happens. */
const installerWith =
  (meanwhile: () => Promise<void>) =>
  (kubeconfig: string): Installer => {
    const real = createHelmInstaller({ kubeconfig: [kubeconfig] });
    return {
      name: 'helm',
      ready: async () => ({ ok: true }),
      async carryOut(step, cluster, progress, signal) {
        if (step.kind !== 'helm') return real.carryOut(step, cluster, progress, signal);
        await lab.remove(operator);
        await meanwhile();
      },
    };
  };

test('what was made while a runtime was uninstalled is not deleted with the CRDs, but by a call that names it', async () => {
  lab = await startLab({ runtimes: ['kuberay'], installer: installerWith(() => lab.apply(rayCluster)) });
  expect(await lab.call('uninstall_runtime', uninstall)).toMatchObject({
    ok: false,
    error: {
      code: 'CONFLICT',
      message: expect.stringMatching(/The CRDs stay: .* nobody was shown, .*: 1: RayCluster default\/training\./),
      hint: expect.stringContaining('uninstall_runtime {"runtime":"kuberay","deleteCrds":true}'),
    },
  });
  expect(await lab.read(rayCluster)).toMatchObject({ metadata: { name: 'training' } });
  const planned = dataOf(await lab.call('uninstall_runtime', { ...uninstall, planOnly: true }));
  expect(planned.summary).toContain('RayCluster default/training');
  expect(dataOf(await lab.call('uninstall_runtime', uninstall))).toMatchObject({ outcome: 'done' });
  await expect(lab.read(crd)).rejects.toThrow('there is no');
});

test('what is going and slow to go is not taken for new', async () => {
  const held = { ...rayCluster, metadata: { ...rayCluster.metadata, finalizers: ['example.com/backup'] } };
  const meanwhile = async () => {
    await lab.apply(held);
    await lab.remove(held);
  };
  lab = await startLab({ runtimes: ['kuberay'], installer: installerWith(meanwhile) });
  expect(await lab.call('uninstall_runtime', uninstall)).toMatchObject({
    ok: false,
    error: {
      code: 'CONFLICT',
      message: expect.stringMatching(/still being deleted: 1: RayCluster default\/training\./),
      hint: expect.stringContaining('Call again when they are gone.'),
    },
  });
});

test('a CRD that took the place of the one that was shown stays', async () => {
  const replace = async () => {
    await lab.remove(crd);
    await expect.poll(() => lab.read(crd).catch(() => 'gone'), soon).toBe('gone');
    await lab.apply(...kuberayCrds('1.7.0'));
  };
  lab = await startLab({ runtimes: ['kuberay'], installer: installerWith(replace) });
  expect(await lab.call('uninstall_runtime', uninstall)).toMatchObject({ ok: false, error: { code: 'CONFLICT' } });
  expect(await lab.read(crd)).toMatchObject({ metadata: { name: 'rayclusters.ray.io' } });
});

test('where an operator may be that cannot be seen, the CRDs stay', async () => {
  lab = await startLab({ runtimes: ['kuberay'], installer: installerWith(async () => {}) });
  const all = (apiGroups: readonly string[], resources: readonly string[], verbs: readonly string[] = ['*']) => ({
    apiGroups,
    resources,
    verbs,
  });
  await lab.allow('ida', [
    all(['', 'ray.io', 'apiextensions.k8s.io', 'coordination.k8s.io', 'rbac.authorization.k8s.io'], ['*']),
    all(['apps'], ['deployments'], ['delete']),
  ]);
  await lab.allow('ida', [all(['apps'], ['deployments'])], ['kuberay-system']);
  const answer = await lab.call('uninstall_runtime', uninstall, { as: 'ida' });
  expect(answer).toMatchObject({ ok: false });
  expect(!answer.ok && answer.error.message).toMatch(/Not every operator could be looked for/);
});
