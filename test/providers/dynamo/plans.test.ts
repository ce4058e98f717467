import { describe, expect, test } from 'vitest';
import { dynamo } from '../../../src/providers/dynamo/provider.ts';
import type { OperatorFact, Plan } from '../../../src/providers/provider.ts';
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
        'helm upgrade --install dynamo-platform dynamo-platform --repo https://helm.ngc.nvidia.com',
      ),
    });
    expect(plan).toMatchObject({ blockers: [], warnings: [expect.stringContaining('Without GPUs')] });
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

  describe('without its CRDs', () => {
    const releases = [
      {
        name: 'dynamo-platform',
        namespace: 'dynamo-system',
        chart: 'dynamo-platform',
        version: '1.5.1',
        revision: 1,
        status: 'pending-install',
      },
    ];
    const changing = (plan: Plan) =>
      plan.steps
        .filter(({ kind }) => kind !== 'check')
        .map((step) => (step.kind === 'helm' ? `helm ${step.action}` : step.kind));
    const without = (status: string, fields: Partial<OperatorFact> = {}) =>
      cluster('1.5.1', {
        crds: [],
        operators: [operator('1.5.1', fields)],
        releases: releases.map((each) => ({ ...each, status })),
      });

    test('takes up what was broken off before its operator had time to apply them', () => {
      const plan = planInstall(without('pending-install', { ready: 0, available: 0 }), {});
      expect(changing(plan)).toEqual(['helm rollback', 'helm install', 'waitOperator', 'waitCrds']);
      expect(helmOf(plan)).toMatchObject({ version: '1.5.1' });
    });

    test('starts an operator again that is up, for it applies them at its start, and leaves its release alone', () => {
      const plan = planInstall(without('deployed'), {});
      expect(changing(plan)).toEqual(['restartOperator', 'waitOperator', 'waitCrds']);
      expect(plan.blockers).toEqual([]);
      expect(plan.steps.find(({ kind }) => kind === 'restartOperator')).toMatchObject({
        namespace: 'dynamo-system',
        name: 'dynamo-platform-dynamo-operator-controller-manager',
        command: expect.stringMatching(/^kubectl rollout restart deployment\/dynamo-platform-dynamo-operator-/),
      });
    });

    test.each([
      ['a release that is not finished', 'failed', '1.5.1'],
      ['another version', 'deployed', '1.6.1'],
    ])('brings %s in order first, with the values that it has', (_, status, version) => {
      const plan = planInstall(without(status), { version });
      expect(changing(plan)).toEqual(['helm upgrade', 'restartOperator', 'waitOperator', 'waitCrds']);
      expect(helmOf(plan)).toMatchObject({
        version,
        command: expect.stringContaining('--reset-then-reuse-values'),
      });
    });

    test.each([1, 0])('does nothing where its operator applies none, with %i ready', (ready) => {
      const plan = planInstall(without('deployed', { initContainers: [], ready, available: ready }), {});
      expect(plan.blockers).toEqual([
        expect.stringMatching(/applies no CRDs.*upgradeCRD.*kubectl apply --server-side/),
      ]);
    });
  });

  test('says that CRDs of long ago are there', () => {
    const annotations = { 'dynamo.nvidia.com/operator-version': '1.3.1' };
    const plan = planInstall(cluster('1.6.1', { operators: [], crds: [{ ...crd, annotations }] }), {});
    expect(plan.warnings).toContainEqual(expect.stringContaining('left by Dynamo 1.3.1'));
  });

  test('is not done over a CRD that is being deleted', () => {
    const crds = [{ ...crd, deleting: true }];
    const blockers = [expect.stringContaining(`The CRD ${crd.name} is being deleted`)];
    expect(planInstall(cluster('1.6.1', { operators: [], crds }), {}).blockers).toEqual(blockers);
    expect(planUpgrade(cluster('1.5.0', { crds }), {}).blockers).toEqual(blockers);
  });

  test('is not done over another installation', () => {
    expect(planInstall(cluster('1.6.1'), {})).toMatchObject({ steps: [], blockers: [] });
    expect(planInstall(cluster('1.5.0'), { version: '1.6.1' })).toMatchObject({
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
    [
      '1.3.1',
      '1.5.1',
      [expect.stringMatching(/to 1\.4\.2 first.*: install_runtime \{"runtime":"dynamo","version":"1\.4\.2"\}$/)],
    ],
    ['1.5.0', '1.4.2', [expect.stringContaining('does not downgrade')]],
    ['1.5.0', 'v1.6.1', []],
    [
      '1.6.1',
      '9.9.9',
      [
        expect.stringMatching(
          /^Dynamo goes up .* from 1\.6\.1, and KubeFoundry knows no step from there to 9\.9\.9; .*: 1\.0\.2, .*1\.6\.1\.$/,
        ),
      ],
    ],
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
    const elsewhere = cluster('1.5.0', {
      operators: [operator('1.5.0', { namespace: 'serving', labels, annotations: {} })],
    });
    expect(planUpgrade(elsewhere, {}).blockers).toEqual([expect.stringContaining('argocd')]);
    const releases = [
      { name: 'nv', namespace: 'serving', chart: 'dynamo-platform', version: '1.5.0', revision: 1, status: 'deployed' },
    ];
    const plan = planUpgrade({ ...elsewhere, releases }, {});
    expect(helmOf(plan)).toMatchObject({ release: 'nv', namespace: 'serving' });
    expect(plan.blockers).toEqual([]);
  });
});

describe('uninstalling', () => {
  const object = (kind: string, name: string, finalizers?: string[]) => ({
    apiVersion: 'nvidia.com/v1beta1',
    kind,
    metadata: { name, namespace: 'models', uid: `u-${name}`, finalizers },
  });
  const chat = object('DynamoGraphDeployment', 'chat', ['nvidia.com/finalizer']);
  const requests = { ...crd, name: 'dynamographdeploymentrequests.nvidia.com' };
  const foreign = { ...crd, name: 'podsnapshots.nvidia.com' };

  test('removes deployments before the operator, in the background, and never a namespace', () => {
    const plan = planUninstall(cluster('1.5.0'), { deleteCrds: false, objects: [chat] });
    expect(kinds(plan)).toEqual(['delete', 'waitGone', 'helm']);
    expect(plan.steps[0]).toMatchObject({ target: { name: 'chat', uid: 'u-chat' }, propagation: 'Background' });
    expect(plan.steps.map(({ command }) => command).join('\n')).not.toMatch(/delete (ns|namespace)/);
    expect(plan).toMatchObject({ blockers: [], summary: expect.stringContaining('stop: 1: models/chat.') });
  });

  test('keeps the operator until what deployments made is gone', () => {
    const part = (name: string, owner: string, finalizers?: string[]) => ({
      ...object('DynamoComponentDeployment', name, finalizers),
      metadata: {
        ...object('DynamoComponentDeployment', name, finalizers).metadata,
        ownerReferences: [{ apiVersion: 'nvidia.com/v1beta1', kind: 'Owner', name: owner, uid: `u-${owner}` }],
      },
    });
    const held = ['nvidia.com/finalizer'];
    const objects = [
      chat,
      part('chat-worker', 'chat', held),
      part('chat-frontend', 'chat', held),
      part('free', 'chat'),
    ];
    const plan = planUninstall(cluster('1.5.0'), { deleteCrds: true, objects });
    expect(kinds(plan)).toEqual(['delete', 'waitGone', 'helm', 'deleteCrds']);
    expect(plan.steps[1]).toMatchObject({
      title: 'Wait until DynamoGraphDeployment models/chat and its 3 parts are gone',
      parts: [{ name: 'chat-worker' }, { name: 'chat-frontend' }, { name: 'free' }],
      command: expect.stringContaining('dynamocomponentdeployment.nvidia.com/free --namespace models'),
    });
  });

  test('owners that go round in a ring do not end in a loop', () => {
    const owned = (name: string, ...owners: string[]) => ({
      ...object('DynamoComponentDeployment', name),
      metadata: {
        ...object('DynamoComponentDeployment', name, ['nvidia.com/finalizer']).metadata,
        ownerReferences: owners.map((owner) => ({ apiVersion: 'v1', kind: 'Owner', name: owner, uid: `u-${owner}` })),
      },
    });
    const objects = [chat, owned('one', 'chat', 'two'), owned('two', 'one')];
    const plan = planUninstall(cluster('1.5.0'), { deleteCrds: false, objects });
    expect(plan.steps[1]).toMatchObject({ parts: [{ name: 'one' }, { name: 'two' }] });
  });

  test('ends requests first: they would create deployments anew', () => {
    const objects = [chat, object('DynamoGraphDeploymentRequest', 'wish')];
    const plan = planUninstall(cluster('1.5.0'), { deleteCrds: false, objects });
    expect(plan.steps.map(({ title }) => title)).toEqual([
      'Delete DynamoGraphDeploymentRequest models/wish',
      'Wait until DynamoGraphDeploymentRequest models/wish is gone',
      'Delete DynamoGraphDeployment models/chat',
      'Wait until DynamoGraphDeployment models/chat is gone',
      'Uninstall the release dynamo-platform from dynamo-system; the namespace stays',
    ]);
  });

  test('warns of what is being deleted already and is held by a finalizer of others, with the cure', () => {
    const leaving = object('DynamoGraphDeployment', 'leaving', ['nvidia.com/finalizer', 'example.com/backup']);
    const hanging = { ...leaving, metadata: { ...leaving.metadata, deletionTimestamp: '2026-11-01T11:59:00Z' } };
    const plan = planUninstall(cluster('1.5.0'), { deleteCrds: false, objects: [chat, leaving, hanging] });
    expect(plan.warnings.filter((warning) => warning.includes('finalizer'))).toEqual([
      expect.stringMatching(
        /: 1: DynamoGraphDeployment models\/leaving \(example\.com\/backup\)\. .* kubectl patch dynamographdeployment\.nvidia\.com leaving /,
      ),
    ]);
  });

  test('deletes CRDs only on request, its own only, and not under another operator', () => {
    const facts = cluster('1.5.0', { crds: [crd, requests, foreign] });
    const asked = planUninstall(facts, { deleteCrds: true, objects: [] });
    expect(kinds(asked)).toEqual(['helm', 'deleteCrds']);
    expect(asked.steps.at(-1)).toMatchObject({ names: [crd.name, requests.name] });
    expect(kinds(planUninstall(facts, { deleteCrds: false, objects: [] }))).toEqual(['helm']);
    const shared = {
      ...facts,
      operators: [
        operator('1.5.0'),
        operator('1.5.0', { namespace: 'team', name: 'other-dynamo-operator-controller-manager' }),
      ],
    };
    expect(planUninstall(shared, { deleteCrds: true, objects: [] }).blockers).toContain(
      'Another NVIDIA Dynamo operator uses the CRDs: they must stay.',
    );
  });

  test('waits for an operator that is down, since deployments would hang on their finalizer', () => {
    const down = cluster('1.5.0', { operators: [operator('1.5.0', { ready: 0 })] });
    expect(planUninstall(down, { deleteCrds: false, objects: [chat] }).blockers).toEqual([
      expect.stringContaining('nvidia.com/finalizer'),
    ]);
    expect(planUninstall(nothing, { deleteCrds: true, objects: [] }).summary).toBe('NVIDIA Dynamo is not installed.');
  });
});
