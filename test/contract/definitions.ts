import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { FoundryError } from '../../src/errors.ts';
import { type LiveListing, liveListing } from '../../src/foundry/live-listing.ts';
import { type RuntimeId, runtimeIds } from '../../src/foundry/spec.ts';
import { listAt } from '../../src/kubernetes.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { getRuntimesStatus } from '../../src/tools/get-runtimes-status.ts';
import { installRuntime } from '../../src/tools/install-runtime.ts';
import { listDeployments } from '../../src/tools/list-deployments.ts';
import { connectAssistant } from './assistant.ts';
import { createByOthers, createNamespace, model, otherThan, primaries, soon } from './fixtures.ts';
import type { World } from './world.ts';

const crd = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' };
const crdName = (runtime: RuntimeId) => `${primaries[runtime].plural}.${primaries[runtime].group}`;

/** Where an object may be broken, and with what: texts, numbers, lists and maps where something else belongs. */
const broken = {
  dynamo: [
    { spec: 'text' },
    { spec: { components: 'text', services: 7 } },
    {
      spec: { components: [null, 3, { name: 5, type: [] }], services: { worker: 'text', Frontend: { replicas: {} } } },
    },
    {
      spec: {
        components: [{ name: 'worker', replicas: 'many', podTemplate: { spec: { containers: {} } } }],
        services: { worker: { replicas: 'many', extraPodSpec: { mainContainer: { args: 5 } }, resources: [] } },
      },
    },
    { spec: {}, status: 'text' },
    { spec: {}, status: { conditions: 'text', components: 3, services: [], state: {} } },
    { spec: {}, status: { conditions: [null, 5, { type: {}, status: 1 }], rollingUpdate: 'text' } },
  ],
  kuberay: [
    { spec: 'text' },
    { spec: { serveConfigV2: { applications: 3 } } },
    { spec: { serveConfigV2: 'applications: {', rayClusterConfig: 'text' } },
    {
      spec: { serveConfigV2: 'applications: [{args: {llm_configs: 5}}]', rayClusterConfig: { workerGroupSpecs: 'x' } },
    },
    {
      spec: { serveConfigV2: '- 1', rayClusterConfig: { workerGroupSpecs: [null, { replicas: 'many', template: 3 }] } },
    },
    { spec: {}, status: 'text' },
    { spec: {}, status: { activeServiceStatus: 'text', pendingServiceStatus: [], conditions: { Ready: true } } },
    {
      spec: {},
      status: { activeServiceStatus: { rayClusterName: 5, applicationStatuses: 'text' }, conditions: [null] },
    },
  ],
} as const satisfies Record<RuntimeId, readonly Readonly<Record<string, unknown>>[]>;

/** CRDs that change while the program runs. Ends with both runtimes installed, as it begins. */
export function describeDefinitions(world: () => World): void {
  describe.each(runtimeIds)('the CRD of %s', (runtime) => {
    test('may let through objects with wrong types: their rows say so, the rest stands', async () => {
      const assistant = await connectAssistant(world());
      const namespace = await createNamespace(world());
      for (const each of runtimeIds) {
        await assistant.call(deployModel, { name: `good-${each}`, namespace, model, runtime: each, wait: true });
      }
      await withoutSchema(world(), runtime);
      for (const [index, wrong] of broken[runtime].entries()) {
        await createBroken(world(), runtime, { name: `wrong-${index}`, namespace }, wrong);
      }

      const { deployments, problems } = await assistant.call(listDeployments, { namespace });
      expect(problems).toEqual([]);
      expect(deployments.map(({ name }) => name)).toEqual(
        [...runtimeIds.map((each) => `good-${each}`), ...broken[runtime].map((_, index) => `wrong-${index}`)].sort(),
      );
      for (const row of deployments) {
        if (row.name.startsWith('good-')) expect(row).toMatchObject({ phase: 'Running', model });
        else expect(row).toMatchObject({ runtime, model: null, reason: expect.stringMatching(/./) });
      }
      for (const index of broken[runtime].keys()) {
        const answer = await assistant.send('get_deployment', { name: `wrong-${index}`, namespace, detail: true });
        expect(answer.code, answer.text).toBeUndefined();
      }
    });

    test('may disappear while the program runs: its runtime is gone, the other one stands', async () => {
      const assistant = await connectAssistant(world());
      const namespace = await createNamespace(world());
      const other = otherThan(runtime);
      for (const each of runtimeIds) {
        await assistant.call(deployModel, { name: `chat-${each}`, namespace, model, runtime: each });
      }
      const live = liveListing(await assistant.foundry.site(undefined), { namespace });
      onTestFinished(live.subscribe(() => {}));
      await vi.waitFor(() => expect(statesOf(live)).toEqual({ [runtime]: 'live', [other]: 'live' }), soon);

      await remove(world(), runtime);
      // A real server goes on answering for a moment after the CRD is gone.
      await vi.waitFor(async () => {
        expect(await assistant.call(listDeployments, { namespace })).toMatchObject({
          deployments: [{ name: `chat-${other}` }],
          problems: [{ runtime, code: 'RUNTIME_NOT_INSTALLED', hint: expect.stringContaining(runtime) }],
        });
      }, soon);
      const deploy = await assistant.send('deploy_model', { name: 'new', namespace, model, runtime });
      expect(deploy).toMatchObject({ code: 'RUNTIME_NOT_INSTALLED' });
      const { runtimes } = await (await connectAssistant(world())).call(getRuntimesStatus, { runtime });
      expect(runtimes).toMatchObject([{ state: 'partial', installed: false, healthy: false }]);
      await vi.waitFor(() => expect(statesOf(live)).toEqual({ [runtime]: 'not_installed', [other]: 'live' }), soon);
      expect(live.snapshot().deployments).toMatchObject([{ name: `chat-${other}` }]);
      await bringBack(world(), runtime);
    });
  });

  test('a runtime that is installed while a live list looks on appears in it', async () => {
    const assistant = await connectAssistant(world());
    const namespace = await createNamespace(world());
    await remove(world(), 'kuberay');
    const live = liveListing(await assistant.foundry.site(undefined), { namespace });
    onTestFinished(live.subscribe(() => {}));
    await vi.waitFor(() => expect(statesOf(live)).toEqual({ dynamo: 'live', kuberay: 'not_installed' }), soon);
    await bringBack(world(), 'kuberay');
    await createByOthers(world(), { runtime: 'kuberay', namespace, name: 'chat' });
    await vi.waitFor(() => expect(live.snapshot().deployments).toMatchObject([{ name: 'chat' }]), soon);
  });
}

const statesOf = (live: LiveListing) =>
  Object.fromEntries(live.snapshot().runtimes.map(({ runtime, state }) => [runtime, state]));

/** Deletes the CRD of a runtime, and with it all its deployments. */
async function remove({ admin }: World, runtime: RuntimeId): Promise<void> {
  const name = crdName(runtime);
  await admin.delete(crd, { name });
  await vi.waitFor(async () => expect(await admin.get(crd, { name })).toBeUndefined(), soon);
}

/** Installs a runtime of which only the operator is left. */
async function bringBack(world: World, runtime: RuntimeId): Promise<void> {
  const assistant = await connectAssistant(world);
  const { runtimes } = await assistant.call(getRuntimesStatus, { runtime });
  const { operator } = runtimes[0] ?? {};
  if (operator) await world.admin.delete({ group: 'apps', kind: 'Deployment' }, operator);
  const { version } = world.releases[runtime];
  const { status } = await assistant.call(installRuntime, { runtime, version });
  expect(status).toMatchObject({ state: 'ready' });
}

/** Lets the CRD take everything, as an older one may have done, until the test ends. */
async function withoutSchema({ admin, releases }: World, runtime: RuntimeId): Promise<void> {
  const name = crdName(runtime);
  const versions = listAt(await admin.get(crd, { name }), 'spec', 'versions');
  const anything = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const open = versions.map((version) => ({ ...Object(version), schema: anything, subresources: undefined }));
  const metadata = { name: 'probe', namespace: 'default' };
  const probe = { apiVersion: releases[runtime].apiVersion, kind: primaries[runtime].kind, metadata, spec: 'text' };
  const accepted = async () => {
    const error = await admin.create(probe, { dryRun: true }).catch((reason: unknown) => reason);
    return !(error instanceof FoundryError);
  };
  await admin.patch(crd, { name }, { spec: { versions: open } });
  await vi.waitFor(async () => expect(await accepted()).toBe(true), soon);
  onTestFinished(async () => {
    await admin.patch(crd, { name }, { spec: { versions } });
    await vi.waitFor(async () => expect(await accepted()).toBe(false), soon);
  });
}

/** Creates an object that its operator cannot handle, and takes it away again when the test ends. */
async function createBroken(
  { admin, releases }: World,
  runtime: RuntimeId,
  metadata: { readonly name: string; readonly namespace: string },
  fields: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { apiVersion } = releases[runtime];
  await admin.create({ apiVersion, kind: primaries[runtime].kind, metadata, ...fields });
  onTestFinished(async () => {
    await admin.delete(primaries[runtime], metadata);
    await vi.waitFor(async () => expect(await admin.get(primaries[runtime], metadata)).toBeUndefined(), soon);
  });
}
