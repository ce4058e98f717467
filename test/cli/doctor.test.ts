import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCluster } from '../../src/cluster/open.ts';
import { run } from '../support/program.ts';
import { nowhere, startWorld } from '../support/program-world.ts';
import { rolesIn } from '../support/roles.ts';

let world: Awaited<ReturnType<typeof startWorld>>;
beforeAll(async () => {
  world = await startWorld({ scenario: 'dynamo' });
});
afterAll(() => world.stop());

test('a cluster in good order: every line has its mark, what is missing its cure', async () => {
  const { code, stdout } = await run(['doctor', '--kubeconfig', world.kubeconfig]);
  expect(stdout).toMatch(/^✓ Node\.js: \d+/m);
  expect(stdout).toMatch(/^✓ kubeconfig: context kubefoundry-sandbox$/m);
  expect(stdout).toMatch(/^✓ server: https:\/\/127\.0\.0\.1:\d+\/? answers, Kubernetes v1\./m);
  expect(stdout).toMatch(/^✓ dynamo: .*dynamographdeployments\.nvidia\.com: v1beta1/m);
  expect(stdout).toMatch(/^! kuberay: .*\n {4}kubefoundry install kuberay --kubeconfig \S+$/m);
  expect(stdout).toMatch(/^✓ may deploy: yes$/m);
  expect(stdout).not.toContain('active provider');
  expect(code).toBe(0);
});

test.each([
  ['as they were', { 'config.json': '{"activeProviderId":"kuberay"}' }],
  ['malformed', { 'config.json': '{"activeProviderId":' }],
])('settings of the first KubeFoundry, %s, are mentioned as ignored', async (_, data) => {
  const cluster = await openCluster({ kubeconfig: [world.kubeconfig] });
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kubefoundry-system' } });
  const metadata = { name: 'kubefoundry-config', namespace: 'kubefoundry-system' };
  const left = await cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
  const { code, stdout } = await run(['doctor', '--kubeconfig', world.kubeconfig]);
  expect(stdout.match(/active provider/g)).toHaveLength(1);
  expect(stdout).toMatch(/^! leftover settings: .*kubefoundry-system\/kubefoundry-config.*ignored/m);
  expect(code).toBe(0);
  expect(await cluster.get({ group: '', kind: 'ConfigMap' }, metadata)).toEqual(left);
  cluster.close();
});

test('a ServiceAccount without rights: each tool says what it lacks, and the doctor fails', async () => {
  world.sandbox.api.addIdentity({ token: 'powerless', user: 'system:serviceaccount:default:powerless' });
  const kubeconfig = await world.write('powerless', world.sandbox.api.kubeconfig('powerless'));
  const { code, stdout } = await run(['doctor', '-o', 'json', '--kubeconfig', kubeconfig]);
  expect(code).toBe(1);
  expect(stdout).not.toContain('leftover settings');
  expect(JSON.parse(stdout).checks).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        name: 'may list',
        state: 'failed',
        message: 'no: it lacks kubefoundry-observe (for example list dynamographdeployments.nvidia.com)',
        cure: 'Ask an administrator to bind kubefoundry-observe (docs/rbac): kubectl --context kubefoundry-sandbox create clusterrolebinding NAME --clusterrole=kubefoundry-observe --user=USER; or pass --namespaces with yours',
      }),
      expect.objectContaining({
        name: 'may deploy',
        state: 'warning',
        message: expect.stringMatching(/^no: it lacks kubefoundry-observe \(.* and kubefoundry-deploy \(/),
      }),
      expect.objectContaining({ name: 'may install', state: 'warning', cure: expect.any(String) }),
    ]),
  );
});

test('a ServiceAccount with the role observe: it may read, and what the other roles hold besides is named', async () => {
  const cluster = await openCluster({ kubeconfig: [world.kubeconfig] });
  const subjects = [{ kind: 'ServiceAccount', namespace: 'default', name: 'observer' }];
  for (const role of await rolesIn('observe')) {
    const { apiVersion, kind, metadata } = role;
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind, name: metadata.name };
    await cluster.apply(role);
    await cluster.apply({ apiVersion, kind: 'ClusterRoleBinding', metadata, roleRef, subjects });
  }
  cluster.close();
  world.sandbox.api.addIdentity({ token: 'observer', user: 'system:serviceaccount:default:observer' });
  const kubeconfig = await world.write('observer', world.sandbox.api.kubeconfig('observer'));
  const { code, stdout } = await run(['doctor', '--kubeconfig', kubeconfig]);
  expect(stdout).toMatch(/^✓ may runtimes: yes$/m);
  expect(stdout).toMatch(/^✓ may list: yes$/m);
  expect(stdout).toMatch(/^✓ may get: yes$/m);
  expect(stdout).toMatch(
    /^! may deploy: no: it lacks kubefoundry-deploy \(for example create dynamographdeployments\.nvidia\.com\)\n {4}.*--clusterrole=kubefoundry-deploy --user=USER$/m,
  );
  expect(stdout).toMatch(
    /^! may install: no: it lacks kubefoundry-install \(for example get leases\.coordination\.k8s\.io\)$/m,
  );
  expect(code).toBe(0);
});

test('a ServiceAccount with kubefoundry-observe alone: doctor and capacity name the role that is missing', async () => {
  const cluster = await openCluster({ kubeconfig: [world.kubeconfig] });
  const [role] = await rolesIn('observe');
  if (!role) throw new Error('docs/rbac has no role observe');
  const { apiVersion, kind, metadata } = role;
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind, name: metadata.name };
  const subjects = [{ kind: 'ServiceAccount', namespace: 'default', name: 'looker' }];
  await cluster.apply(role);
  await cluster.apply({ apiVersion, kind: 'ClusterRoleBinding', metadata: { name: 'looker' }, roleRef, subjects });
  cluster.close();
  world.sandbox.api.addIdentity({ token: 'looker', user: 'system:serviceaccount:default:looker' });
  const kubeconfig = await world.write('looker', world.sandbox.api.kubeconfig('looker'));
  const [doctor, capacity] = await Promise.all([
    run(['doctor', '--kubeconfig', kubeconfig]),
    run(['capacity', '--kubeconfig', kubeconfig]),
  ]);
  expect(doctor.stdout).toMatch(/^✓ may list: yes; it does without kubefoundry-observe-cluster \(get customres/m);
  expect(doctor.stdout).toMatch(/^! may capacity: no: it lacks kubefoundry-observe-cluster \(list nodes\)$/m);
  expect(doctor.code).toBe(0);
  expect(capacity.stdout).toMatch(
    /! FORBIDDEN: .*kubectl --context kubefoundry-sandbox create clusterrolebinding NAME --clusterrole=kubefoundry-observe-cluster --user=USER/,
  );
  expect(capacity.stdout).not.toContain('can-i');
});

test('no kubeconfig and no server are two different answers', async () => {
  const [none, unreachable] = await Promise.all([
    run(['doctor'], { env: { KUBECONFIG: '/nonexistent/kubeconfig' } }),
    run(['doctor', '--kubeconfig', await world.write('nowhere', nowhere)]),
  ]);
  expect(none).toMatchObject({ code: 1, stdout: expect.stringMatching(/^✗ kubeconfig: .*\/nonexistent\/kubeconfig/m) });
  expect(unreachable).toMatchObject({ code: 1, stdout: expect.stringMatching(/^✗ server: CLUSTER_UNREACHABLE: /m) });
});
