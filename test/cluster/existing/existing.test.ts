import { afterAll, describe, expect, test, vi } from 'vitest';
import { runtimeIds } from '../../../src/foundry/spec.ts';
import { deleteDeployment } from '../../../src/tools/delete-deployment.ts';
import { deployModel } from '../../../src/tools/deploy-model.ts';
import { getDeployment } from '../../../src/tools/get-deployment.ts';
import { getRuntimesStatus } from '../../../src/tools/get-runtimes-status.ts';
import { listDeployments } from '../../../src/tools/list-deployments.ts';
import { planDeployment } from '../../../src/tools/plan-deployment.ts';
import { connectAssistant } from '../../contract/assistant.ts';
import { createNamespace, model, namespacePrefix, primaries } from '../../contract/fixtures.ts';
import { openExistingCluster } from './existing-cluster.ts';

const namespaces = { group: '', kind: 'Namespace' };
const crds = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' };
/** Others work on the cluster meanwhile, and what is deleted ends in its own time. */
const soon = { timeout: 90_000, interval: 500 };
/** Nothing on the cluster has this name. */
const name = `${namespacePrefix}chat`;

const cluster = await openExistingCluster();
const { admin, served } = cluster;
const missing = runtimeIds.filter((runtime) => !served.includes(runtime));
const mayImpersonate = await cluster.may({ verb: 'impersonate', group: '', plural: 'users', name });
const mayMake =
  (await cluster.may({ verb: 'create', group: '', plural: 'namespaces' })) &&
  (await cluster.may({ verb: 'delete', group: '', plural: 'namespaces' })) &&
  (await cluster.may({ verb: 'create', group: '', plural: 'resourcequotas' }));

console.log(`Served here: ${served.join(', ') || 'no runtime'}.`);
if (!mayImpersonate) console.log('Left out: what people without rights are told. You may not impersonate users.');
if (!mayMake) console.log('Left out: deployments. You may not make and delete namespaces and quotas.');

afterAll(cluster.close);
afterAll(async () => {
  const names = async () => (await admin.list(namespaces)).map(({ metadata }) => metadata.name);
  const left = async () => (await names()).filter((each) => each.startsWith(namespacePrefix));
  if (mayMake) await vi.waitFor(async () => expect(await left()).toEqual([]), soon);
});

describe('reading', () => {
  test('the status of the runtimes agrees with the CRDs that are served', async () => {
    const assistant = await connectAssistant(cluster);
    const { runtimes, serverVersion } = await assistant.call(getRuntimesStatus, {});
    expect(serverVersion).toBe(await admin.version());
    expect(runtimes.map(({ id }) => id)).toEqual(runtimeIds);
    for (const { id, installed, apiVersions, message } of runtimes) {
      expect(apiVersions.length > 0 || installed !== true, `${id}: ${message}`).toBe(true);
      if (!served.includes(id)) expect({ id, installed }).toEqual({ id, installed: false });
    }
  });

  test('the list holds every primary that kubectl lists, its runtime by its kind', async () => {
    const assistant = await connectAssistant(cluster);
    await expect
      .poll(async () => {
        const objects = await Promise.all(served.map((runtime) => admin.list(primaries[runtime])));
        const { total, problems } = await assistant.call(listDeployments, { limit: 1 });
        return { missed: objects.flat().length - total, untold: problems.map(({ runtime }) => runtime) };
      }, soon)
      .toEqual({ missed: 0, untold: missing });
  });

  test('a deployment reads the same by itself as in the list', async () => {
    const assistant = await connectAssistant(cluster);
    const { deployments } = await assistant.call(listDeployments, { limit: 5 });
    for (const { name: listed, namespace, runtime, kind, model: serves, engine, managed } of deployments) {
      const { deployment } = await assistant.call(getDeployment, { name: listed, namespace, runtime });
      expect(deployment).toMatchObject({ runtime, kind, model: serves, engine, managed });
      expect(kind).toBe(primaries[runtime].kind);
    }
  });
});

describe('trying', () => {
  test.each(runtimeIds)('a deployment on %s is planned, and nothing is made', async (runtime) => {
    const assistant = await connectAssistant(cluster);
    const planned = await assistant.call(planDeployment, { name, namespace: 'default', model, runtime });
    if (served.includes(runtime)) {
      expect(planned).toMatchObject({ dryRun: { message: 'the server accepts it' }, change: 'create' });
      expect(planned.manifests).toContain(`kind: ${primaries[runtime].kind}`);
      expect(await admin.get(primaries[runtime], { namespace: 'default', name })).toBeUndefined();
    } else expect(planned.problems).toContainEqual(expect.objectContaining({ code: 'RUNTIME_NOT_INSTALLED' }));
  });

  test.each(['install_runtime', 'uninstall_runtime'])(
    '%s shows a plan or says what is against it, and does nothing',
    async (tool) => {
      const before = await admin.list(crds);
      for (const runtime of runtimeIds) {
        const { code, text } = await (await connectAssistant(cluster)).send(tool, { runtime, planOnly: true });
        expect([undefined, 'NOT_SUPPORTED', 'FORBIDDEN', 'RUNTIME_NOT_INSTALLED'], text).toContain(code);
      }
      const names = async () => (await admin.list(crds)).map(({ metadata }) => metadata.uid);
      expect(await names()).toEqual(before.map(({ metadata }) => metadata.uid));
    },
  );
});

describe('refusing', () => {
  test('a deployment without a runtime, and on one that nobody knows', async () => {
    const assistant = await connectAssistant(cluster);
    const undecided = await assistant.send('deploy_model', { name, model });
    expect(undecided.code).toBe('RUNTIME_REQUIRED');
    for (const runtime of served) expect(undecided.text).toContain(runtime);
    expect(await assistant.send('deploy_model', { name, model, runtime: 'kaito' })).toMatchObject({
      code: 'RUNTIME_UNKNOWN',
    });
  });

  test('what is not there, and names that could be something else', async () => {
    const assistant = await connectAssistant(cluster);
    expect(await assistant.send('get_deployment', { name })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await assistant.send('delete_deployment', { name })).toMatchObject({ code: 'NOT_FOUND' });
    for (const hostile of ['../x', '--all', 'a;rm', 'a?watch=true']) {
      expect(await assistant.send('get_deployment', { name: hostile })).toMatchObject({ code: 'INPUT_INVALID' });
    }
  });

  test.each(missing)('a deployment on %s, which is not installed, with the call that installs it', async (runtime) => {
    const refused = await (await connectAssistant(cluster)).send('deploy_model', { name, model, runtime });
    expect(refused.code).toBe('RUNTIME_NOT_INSTALLED');
    expect(refused.text).toContain(`install_runtime {"runtime":"${runtime}"}`);
  });
});

if (mayImpersonate)
  describe('somebody without rights', () => {
    test('is told which right is missing, and never that nothing is there', async () => {
      const assistant = await connectAssistant(cluster, { kubeconfig: await cluster.powerless(name) });
      const { deployments, problems } = await assistant.call(listDeployments, {});
      expect(deployments).toEqual([]);
      expect(problems.map(({ runtime }) => runtime)).toEqual(runtimeIds);
      for (const runtime of served) {
        const resource = `${primaries[runtime].plural}.${primaries[runtime].group}`;
        expect(problems).toContainEqual(
          expect.objectContaining({
            runtime,
            code: 'FORBIDDEN',
            message: expect.stringContaining(`Not allowed to list ${resource}`),
          }),
        );
      }
      const { runtimes } = await assistant.call(getRuntimesStatus, {});
      for (const { id, installed } of runtimes) {
        expect({ id, installed }).toEqual({ id, installed: served.includes(id) ? null : false });
      }
    });
  });

if (mayMake)
  describe.each(served)('a deployment on %s, in a namespace whose quota lets no pod start', (runtime) => {
    test('is made, listed, kept as it is, and deleted', async () => {
      const assistant = await connectAssistant(cluster);
      const namespace = await createNamespace(cluster);
      const metadata = { name: 'no-pods', namespace };
      await admin.create({ apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard: { pods: '0' } } });
      const spec = { name: 'chat', namespace, model, runtime };

      expect(await assistant.call(deployModel, spec)).toMatchObject({ change: 'created', deployment: { runtime } });
      const rows = [{ name: 'chat', namespace, runtime, kind: primaries[runtime].kind, model, managed: true }];
      expect(await assistant.call(listDeployments, { namespace })).toMatchObject({ deployments: rows });
      expect(await assistant.call(getDeployment, { name: 'chat', namespace })).toMatchObject({
        deployment: { phase: 'Pending', pods: [] },
      });
      expect(await assistant.call(deployModel, spec)).toMatchObject({ change: 'unchanged' });
      expect(await assistant.send('deploy_model', { ...spec, contextLength: 4096 })).toMatchObject({
        code: 'ALREADY_EXISTS',
      });

      await assistant.call(deleteDeployment, { name: 'chat', namespace });
      await expect.poll(() => admin.get(primaries[runtime], { namespace, name: 'chat' }), soon).toBeUndefined();
    });
  });
