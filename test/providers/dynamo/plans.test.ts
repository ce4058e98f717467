import { describe, expect, test } from 'vitest';
import { dynamo } from '../../../src/providers/dynamo/provider.ts';
import type { Plan } from '../../../src/providers/provider.ts';
import { cluster, crd, operator } from './fixtures.ts';

const { planInstall, planUpgrade, planUninstall } = dynamo.installation;
const nothing = cluster('1.5.0', { crds: [], operators: [] });
const kinds = ({ steps }: Plan) => steps.map((step) => step.kind);
const helmOf = ({ steps }: Plan) => steps.find((step) => step.kind === 'helm');

describe('installing', () => {
  test('is one chart with its own defaults, then waiting', () => {
    const plan = planInstall(nothing, {});
    expect(kinds(plan)).toEqual(['check', 'check', 'helm', 'waitOperator', 'waitCrds']);
    expect(helmOf(plan)).toMatchObject({
      action: 'install',
      chart: 'dynamo-platform',
      release: 'dynamo-platform',
      namespace: 'dynamo-system',
      version: '1.6.1',
      values: {},
      command: expect.stringContaining(
        'helm install dynamo-platform dynamo-platform --repo https://helm.ngc.nvidia.com',
      ),
    });
    expect(plan).toMatchObject({ blockers: [], warnings: [expect.stringContaining('nvidia.com/gpu')] });
  });

  test.each([
    ['0.9.1', /older than 1\.0/],
    ['newest', /not a version/],
  ])('version %s is blocked', (version, blocker) => {
    expect(planInstall(nothing, { version }).blockers).toEqual([expect.stringMatching(blocker)]);
  });

  test('an old Kubernetes is a blocker', () => {
    expect(planInstall({ ...nothing, serverVersion: 'v1.29.3' }, {}).blockers).toEqual([
      expect.stringContaining('v1.29.3'),
    ]);
  });

  test('is not done over another installation', () => {
    expect(planInstall(cluster('1.6.1'), {})).toMatchObject({ steps: [], blockers: [] });
    expect(planInstall(cluster('1.5.0'), {})).toMatchObject({
      steps: [],
      blockers: [expect.stringContaining('upgrade')],
    });
  });
});

describe('upgrading', () => {
  test('takes the next minor version, one at a time', () => {
    const plan = planUpgrade(cluster('1.3.0'), {});
    expect(helmOf(plan)).toMatchObject({ action: 'upgrade', version: '1.4.2', release: 'dynamo-platform' });
    expect(plan.warnings.join(' ')).toMatch(/NATS.*1\.6\.1 is further/);
    expect(plan.blockers).toEqual([]);
  });

  test.each([
    ['1.5.0', '1.6.1', []],
    ['1.5.0', '1.5.1', []],
    ['1.6.1', '1.7.0', []],
    ['1.3.1', '1.5.1', [expect.stringContaining('to 1.4.2 first')]],
    ['1.5.0', '1.4.2', [expect.stringContaining('does not downgrade')]],
    ['1.5.0', 'v1.6.1', []],
  ])('from %s to %s: blockers %j', (installed, version, blockers) => {
    expect(planUpgrade(cluster(installed), { version }).blockers).toEqual(blockers);
  });

  test('has nothing to do on the newest version, and nothing to upgrade where nothing is', () => {
    expect(planUpgrade(cluster('1.6.1'), {})).toMatchObject({ steps: [], blockers: [] });
    expect(planUpgrade(nothing, {})).toMatchObject({ steps: [], blockers: [expect.stringContaining('not installed')] });
  });

  test('keeps the release and the namespace, and leaves alone what others manage', () => {
    const labels = {
      ...operator('1.5.0').labels,
      'app.kubernetes.io/instance': 'nv',
      'app.kubernetes.io/managed-by': 'argocd',
    };
    const elsewhere = cluster('1.5.0', { operators: [operator('1.5.0', { namespace: 'serving', labels })] });
    const plan = planUpgrade(elsewhere, {});
    expect(helmOf(plan)).toMatchObject({ release: 'nv', namespace: 'serving' });
    expect(plan.blockers).toEqual([expect.stringContaining('argocd')]);
  });
});

describe('uninstalling', () => {
  const deployment = {
    apiVersion: 'nvidia.com/v1beta1',
    kind: 'DynamoGraphDeployment',
    name: 'chat',
    namespace: 'models',
    uid: 'u',
  };
  const requests = { ...crd, name: 'dynamographdeploymentrequests.nvidia.com' };
  const foreign = { ...crd, name: 'podsnapshots.nvidia.com' };

  test('removes deployments before the operator, in the background, and never a namespace', () => {
    const plan = planUninstall(cluster('1.5.0'), { deleteCrds: false, deployments: [deployment] });
    expect(kinds(plan)).toEqual(['delete', 'waitGone', 'helm']);
    expect(plan.steps[0]).toMatchObject({ target: deployment, propagation: 'Background' });
    expect(plan.steps.map(({ command }) => command).join('\n')).not.toMatch(/delete (ns|namespace)/);
    expect(plan).toMatchObject({ blockers: [], summary: expect.stringContaining('Deployments that stop: 1') });
  });

  test('deletes CRDs only on request, its own only, and not under another operator', () => {
    const facts = cluster('1.5.0', { crds: [crd, requests, foreign] });
    const asked = planUninstall(facts, { deleteCrds: true, deployments: [] });
    expect(kinds(asked)).toEqual(['check', 'helm', 'deleteCrds']);
    expect(asked.steps.at(-1)).toMatchObject({ names: [crd.name, requests.name] });
    expect(kinds(planUninstall(facts, { deleteCrds: false, deployments: [] }))).toEqual(['check', 'helm']);
    const shared = {
      ...facts,
      operators: [
        operator('1.5.0'),
        operator('1.5.0', { namespace: 'team', name: 'other-dynamo-operator-controller-manager' }),
      ],
    };
    expect(planUninstall(shared, { deleteCrds: true, deployments: [] }).blockers).toEqual([
      expect.stringContaining('Another'),
    ]);
  });

  test('waits for an operator that is down, since deployments would hang on their finalizer', () => {
    const down = cluster('1.5.0', { operators: [operator('1.5.0', { ready: 0 })] });
    expect(planUninstall(down, { deleteCrds: false, deployments: [deployment] }).blockers).toEqual([
      expect.stringContaining('finalizer'),
    ]);
    expect(planUninstall(nothing, { deleteCrds: true, deployments: [] }).blockers).toEqual([
      expect.stringContaining('Nothing'),
    ]);
  });
});
