import { describe, expect, test } from 'vitest';
import { kuberay } from '../../../src/providers/kuberay/provider.ts';
import type { Plan } from '../../../src/providers/provider.ts';
import { crd, crd16, factsOf, helmOperator } from './fixtures.ts';

const { detect, planInstall, planUpgrade, planUninstall } = kuberay.installation;
const bare = factsOf({ crds: [], operators: [] });
const kinds = (plan: Plan) => plan.steps.map((step) => (step.kind === 'helm' ? `helm ${step.action}` : step.kind));
const changing = (plan: Plan) => kinds(plan).filter((kind) => kind !== 'check');
const rayService = (name: string, fields: object = {}) => ({
  apiVersion: 'ray.io/v1',
  kind: 'RayService',
  metadata: { name, namespace: 'models', uid: `u-${name}`, ...fields },
});
const digest = 'quay.io/kuberay/operator@sha256:abc';
const release = { name: 'ray', namespace: 'kuberay-system', chart: 'kuberay-operator', version: '1.7.0', revision: 3 };

describe('installing', () => {
  test('takes the pinned chart into its own namespace and waits for it', () => {
    const plan = planInstall(bare, {});
    expect(changing(plan)).toEqual(['helm install', 'waitCrds', 'waitOperator']);
    expect(plan.steps[2]).toMatchObject({ chart: 'kuberay-operator', version: '1.7.0', namespace: 'kuberay-system' });
    expect(plan.steps[2]?.command).toContain('--version 1.7.0 --namespace kuberay-system --create-namespace');
    expect(plan).toMatchObject({ blockers: [], warnings: [expect.stringContaining('Without GPUs')] });
    expect(plan.steps[0]?.title).toBe('Kubernetes is v1.35.4; needed is 1.23 or newer');
  });

  test('renews CRDs that were left behind, or that are missing beside an operator', () => {
    expect(changing(planInstall(factsOf({ operators: [] }), {}))).toEqual([
      'applyCrds',
      'helm install',
      'waitCrds',
      'waitOperator',
    ]);
    const plan = planInstall(
      factsOf({ crds: [], operators: [{ ...helmOperator, labels: {}, images: ['kuberay/operator:v1.6.2'] }] }),
      {},
    );
    expect(changing(plan)).toEqual(['applyCrds', 'waitCrds', 'waitOperator']);
    expect(plan.steps[2]).toMatchObject({
      chart: { version: '1.6.2' },
      command:
        'helm show crds kuberay-operator --repo https://ray-project.github.io/kuberay-helm/ --version 1.6.2 | kubectl apply --server-side --force-conflicts -f -',
    });
  });

  test('stops before a second operator, and before what is no version', () => {
    expect(planInstall(factsOf(), {}).blockers).toEqual([expect.stringContaining('is there already')]);
    expect(planInstall(bare, { version: '1.7.0; rm -rf /' }).blockers).toEqual([
      expect.stringContaining('is not a version'),
    ]);
    expect(planInstall(bare, { version: '1.4.0' })).toMatchObject({
      blockers: [],
      warnings: [expect.stringContaining('known versions: 1.6.0, 1.6.1, 1.6.2, 1.7.0'), expect.any(String)],
    });
    expect(planInstall({ ...bare, serverVersion: 'v1.21.3' }, {}).blockers).toEqual([
      'KubeRay 1.7.0 needs Kubernetes 1.23 or newer; this is v1.21.3.',
    ]);
  });

  test('stops before a CRD that is being deleted, also one that is not the first, with what holds it and the cure', () => {
    const left = ['old', 'older'].map((name) => ({
      apiVersion: 'ray.io/v1',
      kind: 'RayCluster',
      name,
      namespace: 'default',
    }));
    const cluster = { ...crd(), name: 'rayclusters.ray.io', kind: 'RayCluster', deleting: true, left };
    const stuck =
      /^The CRD rayclusters\.ray\.io is being deleted: what is installed over it goes with it\. It waits for 2: RayCluster default\/old, RayCluster default\/older\. .* kubectl patch raycluster\.ray\.io old --namespace default /;
    const blockers = [expect.stringMatching(stuck)];
    expect(planInstall(factsOf({ crds: [cluster], operators: [] }), {}).blockers).toEqual(blockers);
    expect(planUpgrade(factsOf({ crds: [crd(), cluster] }), { version: '1.7.9' }).blockers).toEqual(blockers);
    expect(planInstall(factsOf({ crds: [cluster] }), {}).blockers).toEqual(blockers);
  });

  test('stops where it cannot be known what is there', () => {
    const unread = [{ what: 'crds', code: 'FORBIDDEN', message: 'cannot list CRDs' }] as const;
    expect(planInstall(factsOf({ crds: [], operators: [], unread }), {}).blockers).toEqual([
      'Whether KubeRay is installed cannot be told: cannot list CRDs',
    ]);
  });
});

describe('upgrading', () => {
  test('applies the CRDs, which helm leaves alone, before the chart', () => {
    const old = {
      ...helmOperator,
      namespace: 'ray',
      labels: { ...helmOperator.labels, 'helm.sh/chart': 'kuberay-operator-1.6.2' },
    };
    const deployments = [{ apiVersion: 'ray.io/v1', kind: 'RayService', name: 'chat', namespace: 'models' }];
    const plan = planUpgrade(factsOf({ operators: [old] }), { deployments });
    expect(changing(plan)).toEqual(['applyCrds', 'waitCrds', 'helm upgrade', 'waitOperator']);
    expect(plan.steps.find((step) => step.kind === 'helm')).toMatchObject({
      release: 'ray',
      namespace: 'ray',
      version: '1.7.0',
    });
    expect(plan.summary).toContain('from 1.6.2 to 1.7.0');
    expect(plan.blockers).toEqual([]);
    expect(plan.warnings.join(' ')).toMatch(/keep serving but cannot be changed: 1: models\/chat\..*GPUs twice/);
  });

  test('leaves operators alone that something else installed', () => {
    expect(
      planUpgrade(factsOf({ operators: [{ ...helmOperator, annotations: {} }] }), { version: '1.7.9' }).blockers,
    ).toEqual([expect.stringContaining('upgrade it the way it was installed')]);
    // GitOps renders the chart with its labels, but there is no release.
    expect(planUpgrade(factsOf({ releases: [] }), { version: '1.7.9' }).blockers).toEqual([
      expect.stringContaining('No helm release of the chart kuberay-operator holds the operator'),
    ]);
    const two = [release, { ...release, namespace: 'ray' }].map((each) => ({ ...each, status: 'deployed' }));
    expect(planUpgrade(factsOf({ releases: two }), { version: '1.7.9' }).blockers).toEqual([
      expect.stringContaining('kuberay-system/ray (deployed), ray/ray (deployed)'),
    ]);
    expect(planUpgrade(bare, {}).blockers).toEqual([expect.stringContaining('install it instead')]);
  });

  test.each([
    [
      'Flux (flux-system/kuberay)',
      {
        labels: {
          ...helmOperator.labels,
          'helm.toolkit.fluxcd.io/name': 'kuberay',
          'helm.toolkit.fluxcd.io/namespace': 'flux-system',
        },
      },
    ],
    ['Argo CD (ray)', { labels: { ...helmOperator.labels, 'argocd.argoproj.io/instance': 'ray' } }],
    ['Argo CD (ray:apps/Deployment)', { annotations: { 'argocd.argoproj.io/tracking-id': 'ray:apps/Deployment' } }],
  ])('leaves to %s what it would only bring back, though there is a helm release', (manager, marks) => {
    const releases = [{ ...release, status: 'deployed' }];
    const managed = factsOf({ operators: [{ ...helmOperator, ...marks }], releases });
    const told = (verb: string) =>
      `The operator kuberay-system/kuberay-operator is managed by ${manager}: ${verb} it there.`;
    expect(planUpgrade(managed, { version: '1.7.9' }).blockers).toEqual([told('upgrade')]);
    expect(planUninstall(managed, { deleteCrds: false, objects: [] }).blockers).toEqual([told('uninstall')]);
  });

  test('takes the release of the name that helm stamped, also in another namespace, and no other beside it', () => {
    const releases = [release, { ...release, name: 'other' }].map((each) => ({ ...each, status: 'deployed' }));
    const placed = (annotations: Record<string, string>) => {
      const plan = planUninstall(factsOf({ operators: [{ ...helmOperator, annotations }], releases }), {
        deleteCrds: false,
        objects: [],
      });
      return plan.steps.flatMap((step) => (step.kind === 'helm' ? step.release : []));
    };
    expect(placed({ 'meta.helm.sh/release-name': 'other' })).toEqual(['other']);
    expect(placed({ 'meta.helm.sh/release-name': 'bundle' })).toEqual([]);
    expect(placed({ 'meta.helm.sh/release-name': 'other; rm -rf /' })).toEqual(['ray']);
    expect(placed({ 'meta.helm.sh/release-name': 'other', 'meta.helm.sh/release-namespace': 'ops' })).toEqual([]);
  });

  test('does not go back: older CRDs would start what is stopped', () => {
    const plan = planUpgrade(factsOf(), { version: '1.6.2' });
    expect(plan).toMatchObject({
      steps: [],
      blockers: ['KubeRay 1.6.2 is older than the installed 1.7.0: KubeFoundry does not downgrade.'],
    });
    expect(plan.hint).toMatch(
      /^Keep 1\.7\.0, the newest that is known\. To go back, uninstall .* uninstall_runtime \{"runtime":"kuberay","planOnly":true\} shows what stops\. By hand \(deployments that are stopped start then: .*\): helm upgrade ray kuberay-operator .*--version 1\.6\.2 /,
    );
    const older = { ...helmOperator, labels: { ...helmOperator.labels, 'helm.sh/chart': 'kuberay-operator-1.6.2' } };
    const within = planUpgrade(factsOf({ operators: [older] }), { version: '1.6.1' });
    expect(within.hint).toContain('or ask for a newer one: install_runtime {"runtime":"kuberay","version":"1.7.0"}.');
    expect(within.hint).not.toContain('stopped');
  });

  test('of an operator that does not tell its version is from that of its release, else only to a version that is named', () => {
    const silent = { ...helmOperator, labels: { 'app.kubernetes.io/name': 'kuberay-operator' }, images: [digest] };
    const released = factsOf({
      operators: [silent],
      releases: [{ ...release, version: '1.8.0', status: 'deployed' }],
    });
    const { version } = detect(released);
    expect(version).toBe('1.8.0');
    expect(planUpgrade(released, { version })).toMatchObject({ steps: [], blockers: [] });
    expect(planUpgrade(released, { version: '1.7.0' }).blockers).toEqual([expect.stringContaining('not downgrade')]);
    const unknown = factsOf({ operators: [silent] });
    expect(detect(unknown).version).toBeUndefined();
    expect(planUpgrade(unknown, {})).toMatchObject({
      steps: [],
      blockers: [
        'The version of the KubeRay operator kuberay-system/kuberay-operator is not known: name the version that it should have.',
      ],
    });
    expect(planUpgrade(unknown, { version: '1.7.0' }).blockers).toEqual([]);
  });

  test('warns where CRDs are older than those that are there, and nobody knows whose', () => {
    const unknown = { ...helmOperator, images: ['kuberay/operator:latest'] };
    const labels = { ...unknown.labels, 'helm.sh/chart': 'kuberay-operator-latest' };
    const plans = [
      planUpgrade(factsOf({ operators: [{ ...unknown, labels }] }), { version: '1.6.2' }),
      planInstall(factsOf({ operators: [] }), { version: '1.6.2' }),
    ];
    for (const { warnings } of plans) expect(warnings.join(' ')).toContain('RayServices that are stopped start');
    expect(planInstall(bare, { version: '1.6.2' }).warnings.join(' ')).not.toContain('stopped');
  });
});

describe('taking up what was broken off', () => {
  const unfinished = (status: string) => [{ ...release, status }];

  test('a release that a killed helm left is carried on where its operator is, and begun anew where it is not', () => {
    const begun = factsOf({ crds: [], operators: [], releases: unfinished('pending-install') });
    expect(changing(planInstall(begun, {}))).toEqual(['helm uninstall', 'helm install', 'waitCrds', 'waitOperator']);
    const there = factsOf({ releases: unfinished('pending-upgrade') });
    const plan = planUpgrade(there, { version: '1.7.0' });
    expect(changing(plan)).toEqual(['helm rollback', 'applyCrds', 'waitCrds', 'helm upgrade', 'waitOperator']);
    expect(plan.steps.find((step) => step.kind === 'helm')).toMatchObject({
      revision: 3,
      command: 'helm rollback ray 3 --namespace kuberay-system --wait --timeout 10m',
    });
    expect(plan.summary).toBe('Repair KubeRay 1.7.0: its helm release ray is pending-upgrade.');
  });

  test.each([
    [{ helm: 'ended' }, 'which a helm that was ended left pending-upgrade'],
    [{ helm: 'orphaned' }, 'which a helm that was ended left pending-upgrade'],
    [{ helm: 'unknown', since: '2026-07-01T10:00:00Z' }, 'which is pending-upgrade since 2026-07-01T10:00:00Z'],
    [{}, 'which is pending-upgrade'],
  ] as const)('that a helm is dead is said only where it is known: %j', (known, words) => {
    const releases = [{ ...release, status: 'pending-upgrade', ...known }];
    const titles = planUpgrade(factsOf({ releases }), { version: '1.7.0' }).steps.map(({ title }) => title);
    expect(titles).toContain(`Carry on revision 3 of the release ray, ${words}`);
  });

  test('an installation goes on where and with what it was begun', () => {
    const releases = [{ ...release, namespace: 'ray', version: '1.6.2', status: 'failed' }];
    const plan = planInstall(factsOf({ crds: [], operators: [], releases }), {});
    expect(changing(plan)).toEqual(['helm install', 'waitCrds', 'waitOperator']);
    expect(plan.steps).toContainEqual(expect.objectContaining({ release: 'ray', namespace: 'ray', version: '1.6.2' }));
  });

  test('what `helm uninstall --keep-history` keeps is no release: no rival, no place, no version, nothing to remove', () => {
    const dead = { ...release, namespace: 'old', version: '1.3.0', status: 'uninstalled' };
    const beside = factsOf({ releases: [dead, { ...release, status: 'deployed' }] });
    expect(planUpgrade(beside, { version: '1.7.0' })).toMatchObject({ steps: [], blockers: [] });
    const alone = factsOf({ crds: [], operators: [], releases: [dead] });
    expect(planInstall(alone, {}).steps).toContainEqual(
      expect.objectContaining({ kind: 'helm', namespace: 'kuberay-system', version: '1.7.0' }),
    );
    const objects = [rayService('a')];
    expect(planUninstall({ ...alone, crds: [crd()] }, { deleteCrds: false, objects }).steps).toEqual([]);
  });

  test('CRDs that helm left behind are applied, and what is well is left alone', () => {
    expect(changing(planUpgrade(factsOf({ crds: [crd16] }), { version: '1.7.0' }))).toContain('applyCrds');
    expect(planUpgrade(factsOf({ releases: unfinished('deployed') }), { version: '1.7.0' })).toMatchObject({
      steps: [],
      blockers: [],
      summary: expect.stringContaining('Nothing to do'),
    });
  });
});

describe('uninstalling', () => {
  const objects = [rayService('a'), rayService('b')];

  test('deletes the RayServices while the operator can still let go of them, and no namespace ever', () => {
    const plan = planUninstall(factsOf(), { deleteCrds: false, objects });
    expect(kinds(plan)).toEqual(['delete', 'delete', 'waitGone', 'waitGone', 'helm uninstall']);
    expect(plan.steps[0]).toMatchObject({ target: { name: 'a', uid: 'u-a' }, propagation: 'Background' });
    expect(plan.summary).toBe('Uninstall KubeRay 1.7.0. Deployments that stop: 2: models/a, models/b.');
    expect(plan.blockers).toEqual([]);
    expect(JSON.stringify(plan)).not.toContain('delete namespace');
  });

  test('names and deletes what is no deployment too, and leaves to its owner what has one', () => {
    const ray = (kind: string, name: string, fields: object = {}) => ({ ...rayService(name, fields), kind });
    const ownerReferences = [{ apiVersion: 'ray.io/v1', kind: 'RayService', name: 'a', uid: 'u-a' }];
    const plan = planUninstall(factsOf(), {
      deleteCrds: false,
      objects: [
        ray('RayCluster', 'a-x7k2p', { ownerReferences }),
        ray('RayCluster', 'train'),
        ray('RayCronJob', 'nightly'),
        ...objects,
      ],
    });
    expect(plan.summary).toContain('Deleted as well: 2: RayCluster models/train, RayCronJob models/nightly.');
    const deleted = plan.steps.flatMap((step) => (step.kind === 'delete' ? step.target.name : []));
    expect(deleted).toEqual(['nightly', 'train', 'a', 'b']);
  });

  test('deletes CRDs on request only, and says what goes with them', () => {
    const plan = planUninstall(factsOf(), { deleteCrds: true, objects: [] });
    expect(plan.steps.at(-1)).toMatchObject({
      kind: 'deleteCrds',
      names: ['rayservices.ray.io'],
      title: expect.stringContaining('every object of their kinds'),
    });
    expect(planUninstall(factsOf(), { deleteCrds: false, objects: [] }).warnings).toEqual([
      'The CRDs stay; so does every namespace.',
    ]);
  });

  test('stops where nobody would let go of what it deletes, naming the object, the finalizer and the cure', () => {
    const ill = factsOf({ operators: [{ ...helmOperator, ready: 0, available: 0 }] });
    const held = [rayService('a', { finalizers: ['ray.io/rayservice-finalizer'] })];
    expect(planUninstall(ill, { deleteCrds: false, objects: held }).blockers).toEqual([
      expect.stringMatching(
        /^RayService models\/a would hang .* ray\.io\/rayservice-finalizer, .* not available, .* kubectl patch rayservice\.ray\.io a --namespace models --type merge --patch '\{"metadata":\{"finalizers":null\}\}'$/,
      ),
    ]);
    expect(planUninstall(ill, { deleteCrds: false, objects }).blockers).toEqual([]);
  });

  test('has nothing to do where nothing is, and says what is left', () => {
    expect(planUninstall(bare, { deleteCrds: true, objects: [] })).toMatchObject({
      summary: 'KubeRay is not installed.',
      steps: [],
      blockers: [],
    });
    const leftovers = factsOf({ crds: [crd()], operators: [] });
    expect(planUninstall(leftovers, { deleteCrds: false, objects })).toMatchObject({
      summary:
        'Only the CRDs of KubeRay are left, and objects that no operator looks after, whose pods may run on. Deployments: 2: models/a, models/b. deleteCrds: true deletes all of it.',
      steps: [],
    });
    expect(kinds(planUninstall(leftovers, { deleteCrds: true, objects: [] }))).toEqual(['deleteCrds']);
  });

  test('where the operator went first says that finalizers need one, also those of what deployments made', () => {
    const leftovers = factsOf({ crds: [crd()], operators: [] });
    const ownerReferences = [{ apiVersion: 'ray.io/v1', kind: 'RayService', name: 'a', uid: 'u-a' }];
    const made = { ...rayService('a-x7k2p', { ownerReferences, finalizers: ['ray.io/gcs'] }), kind: 'RayCluster' };
    const wayOut =
      'Install an operator first, install_runtime {"runtime":"kuberay"}, and uninstall it then with all the rest: uninstall_runtime {"runtime":"kuberay","deleteCrds":true}.';
    expect(planUninstall(leftovers, { deleteCrds: false, objects: [...objects, made] })).toMatchObject({
      summary: expect.stringContaining('Deleting them takes an operator.'),
      blockers: [],
      warnings: [expect.stringMatching(/^RayCluster models\/a-x7k2p would hang .* kubectl patch raycluster/), wayOut],
    });
    expect(planUninstall(leftovers, { deleteCrds: true, objects: [...objects, made] })).toMatchObject({
      blockers: [expect.stringContaining('RayCluster models/a-x7k2p would hang')],
      hint: wayOut,
    });
  });
});
