import { describe, expect, test } from 'vitest';
import { errorStatus } from '../../../src/errors.ts';
import { type RuntimeId, runtimeIds } from '../../../src/foundry/spec.ts';
import { deployModel } from '../../../src/tools/deploy-model.ts';
import { getDeployment } from '../../../src/tools/get-deployment.ts';
import { getRuntimesStatus } from '../../../src/tools/get-runtimes-status.ts';
import { installRuntime } from '../../../src/tools/install-runtime.ts';
import { listDeployments } from '../../../src/tools/list-deployments.ts';
import type { Assistant } from '../assistant.ts';
import { model, otherThan, primaries } from '../fixtures.ts';
import { type OpenWorld, offered, type Scenario, testAnswers, useScenario } from './scenario.ts';

const titles = { dynamo: 'Dynamo', kuberay: 'KubeRay' } as const satisfies Record<RuntimeId, string>;
const absent = { installed: false, healthy: false };
const present = { installed: true, healthy: true };

/** The plan's phases 1 and 5, and the fresh clusters of its phase 6. The bracket names the phase, its words follow. */
export function describeFreshClusters(open: OpenWorld): void {
  describe.each(runtimeIds)('[plan 6.1] Fresh cluster: Install %s only → deploy model → verify', (runtime) => {
    const scenario = useScenario(open, 'current');
    const other = otherThan(runtime);

    test('[plan 2.3] default selection: none installed → all, with warnings', async () => {
      const assistant = await scenario.connect();
      expect(await offered(assistant)).toEqual({
        choices: runtimeIds.map((id) => ({ runtime: id, warning: expect.stringContaining('is not installed') })),
      });
      expect(await statusOf(assistant)).toMatchObject({ dynamo: absent, kuberay: absent });
      const refused = await assistant.send('deploy_model', { name: 'chat', model });
      expect(refused).toMatchObject({ code: 'RUNTIME_REQUIRED', text: expect.stringContaining('none is installed') });
    });

    test('[plan 1] runtimes status is accurate: what is installed, and what is not', async () => {
      const assistant = await scenario.connect();
      const { version } = scenario.world().releases[runtime];
      await assistant.call(installRuntime, { runtime, version });
      expect(await statusOf(assistant)).toMatchObject({ [runtime]: { ...present, version }, [other]: absent });
    });

    test('[plan 2.3] default selection: only one installed → it', async () => {
      expect(await offered(await scenario.connect())).toMatchObject({ selected: runtime });
    });

    testDeploying(scenario, runtime, 'chat');

    test('[plan 1] the list says what runs, and that the other runtime is not there', async () => {
      const { deployments, problems } = await (await scenario.connect()).call(listDeployments, {});
      expect(deployments).toMatchObject([{ name: 'chat', runtime, kind: primaries[runtime].kind, phase: 'Running' }]);
      expect(problems).toMatchObject([{ runtime: other, code: 'RUNTIME_NOT_INSTALLED' }]);
    });

    test('[plan 5] deploying without a runtime is a 400, whose hint names the only one', async () => {
      const refused = await (await scenario.connect()).send('deploy_model', { name: 'other', model });
      expect(refused.code).toBe('RUNTIME_REQUIRED');
      expect(errorStatus.RUNTIME_REQUIRED).toBe(400);
      expect(refused.text).toContain(`installed here: ${runtime}.`);
      expect(refused.text).toContain(`Add "runtime": "${runtime}".`);
    });

    test(`[plan 6.3] error states are clear: ${titles[other]} is not installed`, async () => {
      const assistant = await scenario.connect();
      const refused = await assistant.send('deploy_model', { name: 'other', model, runtime: other });
      expect(refused.code).toBe('RUNTIME_NOT_INSTALLED');
      expect(refused.text).toContain(`install_runtime {"runtime":"${other}"}`);
    });

    testAnswers(scenario);
  });

  describe('[plan 6.1] Fresh cluster: Install both → deploy models to each → list shows both', () => {
    const scenario = useScenario(open, 'current');

    test('[plan 3] can install each runtime independently', async () => {
      const assistant = await scenario.connect();
      for (const runtime of runtimeIds) {
        const { version } = scenario.world().releases[runtime];
        const { status } = await assistant.call(installRuntime, { runtime, version });
        expect(status).toMatchObject({ ...present, version });
      }
      expect(await statusOf(assistant)).toMatchObject({ dynamo: present, kuberay: present });
    });

    test('[plan 2.3] default selection: both installed → Dynamo', async () => {
      expect(await offered(await scenario.connect())).toEqual({
        selected: 'dynamo',
        choices: [{ runtime: 'dynamo' }, { runtime: 'kuberay' }],
      });
    });

    test('[plan 5] deploying without a runtime is a 400 all the same, whose hint names Dynamo first', async () => {
      const refused = await (await scenario.connect()).send('deploy_model', { name: 'chat', model });
      expect(refused.code).toBe('RUNTIME_REQUIRED');
      expect(refused.text).toContain('installed here: dynamo, kuberay.');
      expect(refused.text).toContain('Add "runtime": "dynamo", or the one that the user wants.');
    });

    for (const runtime of runtimeIds) testDeploying(scenario, runtime, `chat-on-${runtime}`);

    test('[plan 1] the list returns deployments from both runtimes with the correct one', async () => {
      const assistant = await scenario.connect();
      const { deployments, total, problems } = await assistant.call(listDeployments, {});
      expect(deployments).toMatchObject(
        runtimeIds.map((runtime) => ({
          name: `chat-on-${runtime}`,
          runtime,
          kind: primaries[runtime].kind,
          phase: 'Running',
        })),
      );
      expect({ total, problems }).toEqual({ total: 2, problems: [] });
    });

    test.each(runtimeIds)('[plan 4] filtering by runtime works: %s', async (runtime) => {
      const { deployments } = await (await scenario.connect()).call(listDeployments, { runtime });
      expect(deployments).toMatchObject([{ name: `chat-on-${runtime}`, runtime }]);
    });

    testAnswers(scenario);
  });
}

/** Deploys to the runtime's own namespace and verifies what came of it, in the cluster and in the answers. */
function testDeploying({ world, connect }: Scenario, runtime: RuntimeId, name: string): void {
  const { kind } = primaries[runtime];

  test(`[plan 1] deploying with runtime: '${runtime}' creates a ${kind}, with its label`, async () => {
    const assistant = await connect();
    const { deployment } = await assistant.call(deployModel, { name, model, runtime, wait: true });
    expect(deployment).toMatchObject({ name, runtime, kind, phase: 'Running', namespace: `${runtime}-system` });
    const made = await world().admin.get(primaries[runtime], { namespace: `${runtime}-system`, name });
    expect(made?.metadata.labels).toMatchObject({ 'kubefoundry.io/provider': runtime });
    expect(await assistant.call(getDeployment, { name })).toMatchObject({ deployment: { runtime, kind, model } });
  });
}

const statusOf = async (assistant: Assistant) => {
  const { runtimes } = await assistant.call(getRuntimesStatus, {});
  return Object.fromEntries(runtimes.map((status) => [status.id, status]));
};
