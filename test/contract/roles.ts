import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { liveListing } from '../../src/foundry/live-listing.ts';
import type { AccessRole } from '../../src/foundry/rights.ts';
import { type RuntimeId, runtimeIds } from '../../src/foundry/spec.ts';
import { deleteDeployment } from '../../src/tools/delete-deployment.ts';
import { deployModel } from '../../src/tools/deploy-model.ts';
import { getDeployment } from '../../src/tools/get-deployment.ts';
import { getDeploymentLogs } from '../../src/tools/get-deployment-logs.ts';
import { getDeploymentMetrics } from '../../src/tools/get-deployment-metrics.ts';
import { getRuntimesStatus } from '../../src/tools/get-runtimes-status.ts';
import { installRuntime } from '../../src/tools/install-runtime.ts';
import { listDeployments } from '../../src/tools/list-deployments.ts';
import { planDeployment } from '../../src/tools/plan-deployment.ts';
import { queryDeployment } from '../../src/tools/query-deployment.ts';
import { tools } from '../../src/tools/registry.ts';
import { restartDeployment } from '../../src/tools/restart-deployment.ts';
import { scaleDeployment } from '../../src/tools/scale-deployment.ts';
import { uninstallRuntime } from '../../src/tools/uninstall-runtime.ts';
import { type ApiProxy, startApiProxy } from '../support/api-proxy.ts';
import { type Rule, rightsIn, rightsTaken, rolesIn, without } from '../support/roles.ts';
import { connectAssistant } from './assistant.ts';
import { altered } from './broken-surroundings.ts';
import { allowOnly, createNamespace, model, soon } from './fixtures.ts';
import type { World } from './world.ts';

/** What roles hold besides what today's tools ask of a deployment that runs; docs/rbac says why. */
const besides = [
  // Only of a graph that has scaling adapters.
  'patch dynamographdeploymentscalingadapters.nvidia.com',
  // Diagnosis asks for the claims of what waits.
  'list persistentvolumeclaims',
  'get services/proxy',
];
/** What is asked of the ports of pods. */
const ofPorts = ['get pods/proxy', 'create services/proxy'];

const rulesOf = async (...roles: readonly AccessRole[]): Promise<readonly Rule[]> =>
  (await Promise.all(roles.map(rolesIn))).flatMap((some) => some.flatMap(({ rules }) => rules));

interface Row {
  readonly roles: readonly AccessRole[];
  /** Which of them is taken away. */
  readonly right: string;
  readonly runtime: RuntimeId;
  readonly input?: Readonly<Record<string, unknown>>;
  /** What the answer says; default: that this right is missing in the namespace. */
  readonly says?: RegExp;
}

const own = { dynamo: 'dynamographdeployments.nvidia.com', kuberay: 'rayservices.ray.io' } as const;
const parts = {
  dynamo: ['pods', 'services', 'dynamocomponentdeployments.nvidia.com', 'deployments.apps'],
  kuberay: ['pods', 'services', 'rayclusters.ray.io', 'events'],
} as const;
/** What the charts of both runtimes make in the operator's namespace. */
const made = [
  ...['secrets', 'serviceaccounts', 'services', 'configmaps', 'deployments.apps'],
  ...['roles.rbac.authorization.k8s.io', 'rolebindings.rbac.authorization.k8s.io'],
];
const madeOutside = ['clusterroles.rbac.authorization.k8s.io', 'clusterrolebindings.rbac.authorization.k8s.io'];
const leases = ['get', 'create', 'patch', 'delete'].map((verb) => `${verb} leases.coordination.k8s.io`);
const definitions = 'customresourcedefinitions.apiextensions.k8s.io';

const forEach = (make: (runtime: RuntimeId) => readonly Row[]): readonly Row[] => runtimeIds.flatMap(make);
const observing = (runtime: RuntimeId, right: string, more: Partial<Row> = {}): Row => ({
  roles: ['observe'],
  right,
  runtime,
  ...more,
});
const deploying = (runtime: RuntimeId, right: string, more: Partial<Row> = {}): Row => ({
  roles: ['observe', 'deploy'],
  right,
  runtime,
  ...more,
});
const installing = (right: string, says = new RegExp(`Not allowed to: .*${right}`)): Row => ({
  roles: ['observe', 'install'],
  right,
  runtime: 'kuberay',
  says,
});
const namesNodes = { says: /Whether it fits is not known\. Not allowed to list nodes\./ };

/** By tool, the rights without which it fails or answers less, and says so. */
const rows: Readonly<Record<string, readonly Row[]>> = {
  get_runtimes_status: forEach((runtime) => [
    observing(runtime, 'list deployments.apps', { says: /Not allowed to list deployments\.apps in all namespaces/ }),
  ]),
  get_cluster_capacity: [
    observing('kuberay', 'list nodes', { says: /What GPUs there are is not known\. Not allowed to list nodes\./ }),
    observing('kuberay', 'list pods', {
      says: /free unknown(.|\n)*What is used is not known\. Not allowed to list pods in all namespaces\./,
    }),
  ],
  find_models: [
    observing('kuberay', 'list nodes', { says: /What GPUs there are is not known\. Not allowed to list nodes\./ }),
    observing('kuberay', 'list pods', {
      says: /What is used is not known\. Not allowed to list pods in all namespaces\./,
    }),
  ],
  list_deployments: forEach((runtime) =>
    [own[runtime], ...parts[runtime]].map((resource) => observing(runtime, `list ${resource}`)),
  ),
  get_deployment: forEach((runtime) => [
    observing(runtime, `get ${own[runtime]}`),
    ...parts[runtime].map((resource) => observing(runtime, `list ${resource}`)),
  ]),
  get_deployment_logs: forEach((runtime) => [
    observing(runtime, `get ${own[runtime]}`),
    observing(runtime, 'list pods'),
    observing(runtime, 'get pods/log'),
  ]),
  get_deployment_metrics: forEach((runtime) => [
    observing(runtime, `get ${own[runtime]}`),
    observing(runtime, 'list pods'),
    observing(runtime, 'get pods/proxy'),
  ]),
  query_deployment: forEach((runtime) => [
    observing(runtime, `get ${own[runtime]}`),
    observing(runtime, 'list services'),
    observing(runtime, 'create services/proxy'),
  ]),
  diagnose_deployment: forEach((runtime) => [
    observing(runtime, `get ${own[runtime]}`),
    // Which Services there are explains nothing.
    ...parts[runtime].filter((part) => part !== 'services').map((resource) => observing(runtime, `list ${resource}`)),
  ]),
  plan_deployment: forEach((runtime) => [
    deploying(runtime, `get ${own[runtime]}`),
    deploying(runtime, `patch ${own[runtime]}`),
    deploying(runtime, 'list nodes', namesNodes),
  ]),
  deploy_model: forEach((runtime) => [
    deploying(runtime, `get ${own[runtime]}`),
    deploying(runtime, `patch ${own[runtime]}`),
    deploying(runtime, `create ${own[runtime]}`, {
      input: { name: `new-${runtime}` },
      says: /FORBIDDEN: .*cannot create resource "\w+" in API group "[\w.]+" in the namespace "kf-test-\S+"/,
    }),
  ]),
  scale_deployment: forEach((runtime) => [
    deploying(runtime, `get ${own[runtime]}`),
    deploying(runtime, `patch ${own[runtime]}`),
    ...(runtime === 'kuberay' ? [deploying(runtime, 'patch rayclusters.ray.io')] : []),
  ]),
  restart_deployment: forEach((runtime) => [
    deploying(runtime, `get ${own[runtime]}`),
    deploying(runtime, `patch ${own[runtime]}`),
  ]),
  delete_deployment: forEach((runtime) => [
    deploying(runtime, `get ${own[runtime]}`),
    deploying(runtime, `delete ${own[runtime]}`),
  ]),
  install_runtime: [
    installing('list deployments.apps', /FORBIDDEN: .*cannot be told: .*list deployments\.apps/),
    ...leases.map((right) => installing(right, new RegExp(`Not allowed to: ${right} in default`))),
    ...made.map((kind) => installing(`create ${kind}`, new RegExp(`Not allowed to: create ${kind} in kuberay-system`))),
    ...madeOutside.map((kind) => installing(`create ${kind}`)),
    installing('bind clusterroles.rbac.authorization.k8s.io'),
    installing('escalate clusterroles.rbac.authorization.k8s.io'),
    installing(`patch ${definitions}`),
  ],
  uninstall_runtime: [
    installing('list rayjobs.ray.io', /FORBIDDEN: What would stop cannot be told, .*Cannot list rayjobs\.ray\.io/),
    ...leases.map((right) => installing(right, new RegExp(`Not allowed to: ${right} in default`))),
    ...made.map((kind) => installing(`delete ${kind}`, new RegExp(`Not allowed to: delete ${kind} in kuberay-system`))),
    ...madeOutside.map((kind) => installing(`delete ${kind}`)),
    installing(`delete ${definitions}`),
    installing(`delete ${own.kuberay}`),
  ],
};

/** ServiceAccounts that hold just the roles of docs/rbac, or one right less. A real API server would look for the ports of simulated pods outside of the machine. */
export function describeRoles(world: () => World, { proxies }: { readonly proxies: boolean }): void {
  const inputsOf = ({ runtime, input }: Row, namespace: string): Readonly<Record<string, object>> => {
    const { version } = world().releases[runtime];
    const ref = { name: `chat-${runtime}`, namespace, runtime };
    return {
      get_runtimes_status: { runtime },
      get_cluster_capacity: {},
      find_models: {},
      list_deployments: { namespace, runtime },
      get_deployment: ref,
      get_deployment_logs: ref,
      get_deployment_metrics: { ...ref, window: 0 },
      query_deployment: ref,
      diagnose_deployment: ref,
      plan_deployment: { ...ref, model, ...input },
      deploy_model: { ...ref, model, ...input },
      scale_deployment: { ...ref, replicas: 2 },
      restart_deployment: ref,
      delete_deployment: ref,
      install_runtime: { runtime, version: version.replace(/\d+$/, '99'), planOnly: true },
      uninstall_runtime: { runtime, deleteCrds: true, planOnly: true },
    };
  };

  /** A namespace with a deployment that runs on each runtime. */
  async function deployed(): Promise<string> {
    const namespace = await createNamespace(world());
    const administrator = await connectAssistant(world());
    await Promise.all(
      runtimeIds.map((runtime) =>
        administrator.call(deployModel, { name: `chat-${runtime}`, namespace, model, runtime, wait: true }),
      ),
    );
    return namespace;
  }

  /** Somebody with these roles, whose requests can be seen. */
  async function holderOf(namespace: string, ...roles: readonly AccessRole[]) {
    const kubeconfig = await allowOnly(world(), namespace, { everywhere: await rulesOf(...roles) });
    const proxy = await startApiProxy(kubeconfig);
    onTestFinished(() => proxy.stop());
    return { proxy, assistant: await connectAssistant(world(), { kubeconfig: proxy.kubeconfig }) };
  }

  describe('a ServiceAccount with the roles', () => {
    test('observe and deploy can do all that their tools do, is refused nothing, and holds nothing besides', async () => {
      const namespace = await createNamespace(world());
      // Looked up in the whole cluster, where other tests left theirs.
      const nameOn = (runtime: RuntimeId) => `${namespace}-${runtime}`;
      const eva = await holderOf(namespace, 'observe', 'deploy');
      for (const runtime of runtimeIds) {
        const ref = { name: nameOn(runtime), namespace, runtime };
        const planned = await eva.assistant.call(planDeployment, { ...ref, model });
        expect(planned).toMatchObject({ change: 'create', warnings: [] });
        const made = await eva.assistant.call(deployModel, { ...ref, model, wait: true });
        expect(made).toMatchObject({ change: 'created', deployment: { phase: 'Running' }, warnings: [] });
        const scaled = await eva.assistant.call(scaleDeployment, { ...ref, replicas: 2, wait: true });
        expect(scaled).toMatchObject({ deployment: { phase: 'Running', replicas: { desired: 2 } }, warnings: [] });
        expect(await eva.assistant.call(restartDeployment, { ...ref, wait: true })).toMatchObject({ changed: true });
      }

      const bob = await holderOf(namespace, 'observe');
      const { runtimes, problems } = await bob.assistant.call(getRuntimesStatus, {});
      expect(problems).toEqual([]);
      expect(runtimes).toMatchObject(runtimeIds.map((id) => ({ id, state: 'ready' })));
      const list = await bob.assistant.call(listDeployments, {});
      expect(list.problems).toEqual([]);
      expect(list.deployments.filter((row) => row.namespace === namespace)).toMatchObject([
        { phase: 'Running' },
        { phase: 'Running' },
      ]);
      for (const runtime of runtimeIds) {
        for (const ref of [{ name: nameOn(runtime), namespace }, { name: nameOn(runtime) }]) {
          const { deployment } = await bob.assistant.call(getDeployment, ref);
          expect(deployment).toMatchObject({ phase: 'Running', problems: [] });
        }
      }
      for (const runtime of runtimeIds) {
        const ref = { name: nameOn(runtime), namespace };
        expect((await bob.assistant.call(getDeploymentLogs, ref)).lines).not.toEqual([]);
        if (proxies) {
          expect(await bob.assistant.call(queryDeployment, ref)).toMatchObject({ served: true });
          const metrics = await bob.assistant.call(getDeploymentMetrics, { ...ref, window: 0 });
          expect(metrics).toMatchObject({ answered: true, unread: [], problems: [] });
        }
      }
      const { cluster } = await bob.assistant.foundry.site(undefined);
      for (const right of ofPorts) {
        const [verb = '', plural = '', subresource] = right.split(/[ /]/);
        expect(await cluster.access({ verb, group: '', plural, subresource, namespace })).toMatchObject({
          allowed: true,
        });
      }
      const asked = await bob.assistant.call(installRuntime, { runtime: 'kuberay', version: '1.7.99', planOnly: true });
      expect(asked.reason).toContain('Not allowed to: get leases.coordination.k8s.io in default');

      for (const runtime of runtimeIds) {
        await eva.assistant.call(deleteDeployment, { name: nameOn(runtime), namespace });
      }
      expect(refusals(eva.proxy)).toEqual([]);
      expect(refusals(bob.proxy)).toEqual([]);
      const taken = new Set([...taking(eva.proxy), ...taking(bob.proxy)]);
      const held = rightsIn(await rulesOf('observe', 'deploy'));
      expect(held.filter((right) => !taken.has(right)).sort()).toEqual(
        [...besides, ...(proxies ? [] : ofPorts)].sort(),
      );
    });

    test('observe and install is let through to the plan of everything', async () => {
      const namespace = await createNamespace(world());
      const ida = await holderOf(namespace, 'observe', 'install');
      for (const runtime of runtimeIds) {
        const version = world().releases[runtime].version.replace(/\d+$/, '99');
        const installing = await ida.assistant.call(installRuntime, { runtime, version, planOnly: true });
        const uninstalling = await ida.assistant.call(uninstallRuntime, { runtime, deleteCrds: true, planOnly: true });
        expect([installing.reason, uninstalling.reason]).toEqual([undefined, undefined]);
      }
      expect(refusals(ida.proxy)).toEqual([]);
    });
  });

  describe('with one right less', () => {
    test.each(Object.keys(rows))('%s names it', async (tool) => {
      const namespace = await deployed();
      await Promise.all(
        (rows[tool] ?? []).map(async (row) => {
          const rules = without(await rulesOf(...row.roles), row.right);
          const kubeconfig = await allowOnly(world(), namespace, { everywhere: rules });
          const assistant = await connectAssistant(world(), { kubeconfig });
          const { text } = await assistant.send(tool, { ...inputsOf(row, namespace)[tool] });
          expect(text, `${row.runtime} without ${row.right}`).toMatch(
            row.says ?? new RegExp(`${row.right.replace(' ', ' (\\S+ )?')}.* in namespace ${namespace}\\b`),
          );
        }),
      );
    });
  });

  test('every tool has its rows', () => {
    expect(Object.keys(rows).sort()).toEqual(tools.map(({ name }) => name).sort());
  });

  test('rights in the namespace of the context only: what it holds is listed, and that the rest is not', async () => {
    const namespace = await deployed();
    const mine = await allowOnly(world(), namespace, { there: await rulesOf('observe') });
    const kubeconfig = await altered(mine, (text) =>
      text.replace(/^( *)(- )?context:$/m, `$&\n$1  $2namespace: ${namespace}`),
    );
    const assistant = await connectAssistant(world(), { kubeconfig });
    const { deployments, problems } = await assistant.call(listDeployments, {});
    expect(deployments.map(({ name }) => name)).toEqual(['chat-dynamo', 'chat-kuberay']);
    expect(problems).toEqual(
      runtimeIds.map((runtime) => ({
        runtime,
        code: 'FORBIDDEN',
        message: `Not allowed to list ${own[runtime]} in all namespaces. Only what is in ${namespace} was read.`,
        hint: expect.stringContaining('Name a namespace'),
      })),
    );

    const live = liveListing(await assistant.foundry.site(undefined));
    onTestFinished(live.subscribe(() => {}));
    await vi.waitFor(() => expect(live.snapshot().deployments).toHaveLength(2), soon);
    expect(live.snapshot().runtimes).toMatchObject(
      runtimeIds.map((runtime) => ({
        runtime,
        unread: [{ code: 'FORBIDDEN', message: expect.stringContaining(own[runtime]) }],
      })),
    );
  });
}

const refusals = ({ answers }: ApiProxy) => answers.filter(({ status }) => status === 403);
const taking = ({ answers }: ApiProxy) => answers.flatMap(({ request, status }) => rightsTaken(request, status));
