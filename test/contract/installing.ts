import { describe, expect, test } from 'vitest';
import { createHelmInstaller } from '../../src/cluster/helm.ts';
import { type RuntimeId, runtimeIds } from '../../src/foundry/spec.ts';
import { getRuntimesStatus } from '../../src/tools/get-runtimes-status.ts';
import { installRuntime } from '../../src/tools/install-runtime.ts';
import { listDeployments } from '../../src/tools/list-deployments.ts';
import { connectAssistant } from './assistant.ts';
import { model, primaries } from './fixtures.ts';
import type { World } from './world.ts';

/** From a bare cluster to both runtimes; what is described later works on those. */
export function describeInstalling(world: () => World): void {
  const crdOf = (runtime: RuntimeId) =>
    world().admin.get(
      { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' },
      { name: `${primaries[runtime].plural}.${primaries[runtime].group}` },
    );

  describe('a bare cluster', () => {
    test('says that no runtime is installed, and how to install each', async () => {
      const assistant = await connectAssistant(world());
      const { runtimes, serverVersion } = await assistant.call(getRuntimesStatus, {});
      expect(serverVersion).toMatch(/^v1\./);
      expect(runtimes).toMatchObject(
        runtimeIds.map((id) => ({ id, state: 'not_installed', installed: false, healthy: false, deployments: 0 })),
      );
      const { text } = await assistant.send('get_runtimes_status', {});
      for (const id of runtimeIds) expect(text).toContain(`install_runtime {"runtime":"${id}"}`);
    });

    test('has a list with a problem per runtime, which is no empty list', async () => {
      const assistant = await connectAssistant(world());
      const { deployments, problems } = await assistant.call(listDeployments, {});
      expect(deployments).toEqual([]);
      expect(problems).toMatchObject(
        runtimeIds.map((runtime) => ({
          runtime,
          code: 'RUNTIME_NOT_INSTALLED',
          hint: `install_runtime {"runtime":"${runtime}"}`,
        })),
      );
    });

    test('refuses a deployment without a runtime, saying that none is there yet', async () => {
      const assistant = await connectAssistant(world());
      const { code, text } = await assistant.send('deploy_model', { name: 'chat', model });
      expect(code).toBe('RUNTIME_REQUIRED');
      expect(text).toContain('none is installed');
      expect(text).toContain('install_runtime');
    });

    test.each(runtimeIds)('refuses a deployment on %s with the call that installs it', async (runtime) => {
      const assistant = await connectAssistant(world());
      const { code, text } = await assistant.send('deploy_model', { name: 'chat', model, runtime });
      expect(code).toBe('RUNTIME_NOT_INSTALLED');
      expect(text).toContain(`install_runtime {"runtime":"${runtime}"}`);
    });

    test.each(runtimeIds)('shows the plan that installs %s, asks nobody and changes nothing', async (runtime) => {
      const assistant = await connectAssistant(world());
      const { version } = world().releases[runtime];
      const planned = await assistant.call(installRuntime, { runtime, version, planOnly: true });
      expect(planned.outcome).toBe('planned');
      expect(planned.summary).toContain(version);
      const changing = planned.steps.filter(({ command }) =>
        /^helm --kube-context \S+ upgrade --install .*--namespace/.test(command),
      );
      expect(changing).toMatchObject([{ status: 'not run' }]);
      expect(assistant.questions).toEqual([]);
      expect(await crdOf(runtime)).toBeUndefined();
    });

    test.each(runtimeIds)('without helm gives the commands that install %s', async (runtime) => {
      const installer = createHelmInstaller({ environment: { PATH: import.meta.dirname } });
      const assistant = await connectAssistant(world(), { installer });
      const { outcome, reason, steps } = await assistant.call(installRuntime, { runtime });
      expect(outcome).toBe('manual');
      expect(reason).toMatch(/no helm .*https:\/\/helm\.sh/);
      expect(steps.some(({ command }) => /^helm --kube-context \S+ upgrade --install/.test(command))).toBe(true);
      expect(await crdOf(runtime)).toBeUndefined();
    });
  });

  describe('installing', () => {
    test.each(runtimeIds)('%s asks a human, carries out the plan, and has nothing to do again', async (runtime) => {
      const assistant = await connectAssistant(world());
      const { version, apiVersion } = world().releases[runtime];
      const installed = await assistant.call(installRuntime, { runtime, version });
      expect(installed.steps.every(({ status }) => status === 'done' || status === 'ok')).toBe(true);
      expect(installed.status).toMatchObject({ state: 'ready', installed: true, healthy: true, version });
      expect(installed.status.apiVersions[0]).toBe(apiVersion.split('/')[1]);
      expect(installed.status.operator).toMatchObject({ ready: 1, desired: 1 });
      expect(assistant.questions).toEqual([expect.stringContaining(version)]);

      const again = await assistant.call(installRuntime, { runtime });
      expect(again).toMatchObject({ outcome: 'nothing to do', steps: [] });
      expect(assistant.questions).toHaveLength(1);
    });

    test('both makes a deployment without a runtime a question with two answers', async () => {
      const assistant = await connectAssistant(world());
      const { code, text } = await assistant.send('deploy_model', { name: 'chat', model });
      expect(code).toBe('RUNTIME_REQUIRED');
      expect(text).toContain('installed here: dynamo, kuberay');
    });
  });
}
