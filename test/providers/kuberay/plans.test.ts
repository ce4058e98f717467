import { describe, expect, test } from 'vitest';
import { kuberay } from '../../../src/providers/kuberay/provider.ts';
import type { Plan } from '../../../src/providers/provider.ts';
import { crd, factsOf, helmOperator } from './fixtures.ts';

const { planInstall, planUpgrade, planUninstall } = kuberay.installation;
const bare = factsOf({ crds: [], operators: [] });
const kinds = (plan: Plan) => plan.steps.map((step) => (step.kind === 'helm' ? `helm ${step.action}` : step.kind));
const deployment = (name: string) => ({
  apiVersion: 'ray.io/v1',
  kind: 'RayService',
  name,
  namespace: 'models',
  uid: `u-${name}`,
});

describe('installing', () => {
  test('takes the pinned chart into its own namespace and waits for it', () => {
    const plan = planInstall(bare, {});
    expect(kinds(plan)).toEqual(['helm install', 'waitCrds', 'waitOperator']);
    expect(plan.steps[0]).toMatchObject({ chart: 'kuberay-operator', version: '1.7.0', namespace: 'kuberay-system' });
    expect(plan.steps[0]?.command).toContain('--version 1.7.0 --namespace kuberay-system --create-namespace');
    expect(plan).toMatchObject({ blockers: [], warnings: [] });
  });

  test('renews CRDs that were left behind, or that are missing beside an operator', () => {
    expect(kinds(planInstall(factsOf({ operators: [] }), {}))).toEqual([
      'applyCrds',
      'helm install',
      'waitCrds',
      'waitOperator',
    ]);
    const plan = planInstall(
      factsOf({ crds: [], operators: [{ ...helmOperator, labels: {}, images: ['kuberay/operator:v1.6.2'] }] }),
      {},
    );
    expect(kinds(plan)).toEqual(['applyCrds', 'waitCrds', 'waitOperator']);
    expect(plan.steps[0]).toMatchObject({ source: expect.stringContaining('ref=v1.6.2') });
  });

  test('stops before a second operator, and before what is no version', () => {
    expect(planInstall(factsOf(), {}).blockers).toEqual([expect.stringContaining('is there already')]);
    expect(planInstall(bare, { version: '1.7.0; rm -rf /' }).blockers).toEqual([
      expect.stringContaining('is not a version'),
    ]);
    expect(planInstall(bare, { version: '1.4.0' })).toMatchObject({
      blockers: [],
      warnings: [expect.stringContaining('1.6 and 1.7')],
    });
  });

  test('stops where it cannot be known what is there', () => {
    const unread = [{ what: 'crds', code: 'FORBIDDEN', message: 'cannot list CRDs' }] as const;
    expect(planInstall(factsOf({ crds: [], operators: [], unread }), {}).blockers).toEqual(['cannot list CRDs']);
  });
});

describe('upgrading', () => {
  test('applies the CRDs, which helm leaves alone, before the chart', () => {
    const old = {
      ...helmOperator,
      namespace: 'ray',
      labels: { ...helmOperator.labels, 'helm.sh/chart': 'kuberay-operator-1.6.2' },
    };
    const plan = planUpgrade(factsOf({ operators: [old] }), {});
    expect(kinds(plan)).toEqual(['applyCrds', 'waitCrds', 'helm upgrade', 'waitOperator']);
    expect(plan.steps[2]).toMatchObject({ release: 'ray', namespace: 'ray', version: '1.7.0' });
    expect(plan.summary).toContain('from 1.6.2 to 1.7.0');
    expect(plan.blockers).toEqual([]);
    expect(plan.warnings).toEqual([expect.stringContaining('GPUs twice')]);
  });

  test('leaves operators alone that something else installed', () => {
    expect(planUpgrade(factsOf({ operators: [{ ...helmOperator, labels: {} }] }), {}).blockers).toEqual([
      expect.stringContaining('upgrade it the way it was installed'),
    ]);
    expect(planUpgrade(bare, {}).blockers).toEqual([expect.stringContaining('install it instead')]);
  });

  test('warns of going back', () => {
    expect(planUpgrade(factsOf(), { version: '1.6.2' }).warnings).toContain(
      '1.6.2 is older than 1.7.0, which is installed.',
    );
  });
});

describe('uninstalling', () => {
  const deployments = [deployment('a'), deployment('b')];

  test('deletes the RayServices while the operator can still let go of them, and no namespace ever', () => {
    const plan = planUninstall(factsOf(), { deleteCrds: false, deployments });
    expect(kinds(plan)).toEqual(['delete', 'delete', 'waitGone', 'waitGone', 'helm uninstall']);
    expect(plan.steps[0]).toMatchObject({ target: { name: 'a', uid: 'u-a' }, propagation: 'Background' });
    expect(plan.summary).toBe('Uninstall KubeRay: 2 deployments stop.');
    expect(plan.blockers).toEqual([]);
    expect(JSON.stringify(plan)).not.toContain('delete namespace');
  });

  test('deletes CRDs on request only, and says what goes with them', () => {
    const plan = planUninstall(factsOf(), { deleteCrds: true, deployments: [] });
    expect(plan.steps.at(-1)).toMatchObject({ kind: 'deleteCrds', names: ['rayservices.ray.io'] });
    expect(plan.warnings).toContain(
      'Deleting the CRDs deletes every RayCluster, RayJob and RayService in the cluster.',
    );
  });

  test('warns where the operator is too ill to delete, and stops where nothing is left to do', () => {
    const ill = factsOf({ operators: [{ ...helmOperator, ready: 0, available: 0 }] });
    expect(planUninstall(ill, { deleteCrds: false, deployments }).warnings).toContainEqual(
      expect.stringContaining('hang in deletion'),
    );
    expect(planUninstall(bare, { deleteCrds: true, deployments: [] }).blockers).toEqual(['KubeRay is not installed.']);
    const leftovers = factsOf({ crds: [crd()], operators: [] });
    expect(planUninstall(leftovers, { deleteCrds: false, deployments: [] }).blockers).toEqual([
      expect.stringContaining('deleteCrds'),
    ]);
    expect(planUninstall(leftovers, { deleteCrds: true, deployments: [] }).blockers).toEqual([]);
  });
});
