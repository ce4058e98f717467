import { describe, expect, onTestFinished, test } from 'vitest';
import { runtimeIds } from '../../../src/foundry/spec.ts';
import type { KubernetesObject } from '../../../src/kubernetes.ts';
import { tools } from '../../../src/tools/registry.ts';
import { startApiProxy } from '../../support/api-proxy.ts';
import { allowOnly, createNamespace, model, rule } from '../fixtures.ts';
import { type OpenWorld, offered, testAnswers, useScenario } from './scenario.ts';

const at = { namespace: 'kubefoundry-system', name: 'kubefoundry-config' };
const configMaps = { group: '', kind: 'ConfigMap' };

/** What a former KubeFoundry, or somebody's editor, may have left there. */
const leftovers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  present: { data: { 'config.json': JSON.stringify({ activeProviderId: 'kuberay', defaultNamespace: 'elsewhere' }) } },
  malformed: {
    data: { 'config.json': '{"activeProviderId": "kuber', activeProviderId: 'llm-d' },
    binaryData: { settings: Buffer.from([0xff, 0xfe, 0]).toString('base64') },
  },
};

/** Called for nobody: a real API server without kubelets would look for the simulated pods in the network. */
const asksPods: ReadonlySet<string> = new Set(['get_deployment_logs', 'get_deployment_metrics', 'query_deployment']);

/** A right to everything that the tools use, but none to ConfigMaps. */
const all = '*';
const everythingElse = [
  rule('', 'namespaces pods pods/log services events nodes persistentvolumeclaims', all),
  rule('apps', 'deployments', all),
  rule('apiextensions.k8s.io', 'customresourcedefinitions', all),
  rule('nvidia.com', all, all),
  rule('ray.io', all, all),
];

/** The ConfigMap in which one runtime was once chosen for everything. It is never an error, never read, never written. */
export function describeFormerSettings(open: OpenWorld): void {
  describe('[plan 6.2] Cluster with existing ConfigMap (activeProviderId) → works without error', () => {
    const scenario = useScenario(open, 'current');

    /** Calls every tool through a proxy that keeps the requests, with the rights of a kubeconfig. */
    async function round(kubeconfig: string): Promise<readonly string[]> {
      const proxy = await startApiProxy(kubeconfig);
      onTestFinished(() => proxy.stop());
      const assistant = await scenario.connect({ kubeconfig: proxy.kubeconfig });
      const begun = scenario.answers.length;
      for (const runtime of runtimeIds) {
        const { version } = scenario.world().releases[runtime];
        const spec = { name: `chat-${runtime}`, model, runtime };
        for (const [tool, input] of [
          ['get_runtimes_status', {}],
          ['install_runtime', { runtime, version }],
          ['plan_deployment', spec],
          ['deploy_model', { ...spec, wait: true }],
          ['list_deployments', {}],
          ['get_deployment', { name: spec.name, detail: true }],
          ['diagnose_deployment', { name: spec.name }],
          ['get_deployment_logs', { name: 'nobody' }],
          ['get_deployment_metrics', { name: 'nobody' }],
          ['query_deployment', { name: 'nobody' }],
          ['scale_deployment', { name: spec.name, replicas: 2, wait: true }],
          ['restart_deployment', { name: spec.name, wait: true }],
          ['get_cluster_capacity', {}],
          ['find_models', { query: 'qwen' }],
          ['delete_deployment', { name: spec.name }],
          ['uninstall_runtime', { runtime, planOnly: true }],
        ] as const) {
          const { code, text } = await assistant.send(tool, input);
          expect(code, text).toBe(asksPods.has(tool) ? 'NOT_FOUND' : undefined);
        }
      }
      const called = scenario.answers.slice(begun).map(({ tool }) => tool);
      expect(new Set(called)).toEqual(new Set(tools.map(({ name }) => name)));

      const undecided = await assistant.send('deploy_model', { name: 'chat', model });
      expect(undecided.code).toBe('RUNTIME_REQUIRED');
      expect(undecided.text).toContain('Add "runtime": "dynamo", or the one that the user wants.');
      expect(await offered(assistant)).toMatchObject({ selected: 'dynamo' });
      return proxy.requests;
    }

    async function leave(content: Readonly<Record<string, unknown>>): Promise<KubernetesObject> {
      const { admin } = scenario.world();
      await admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: at.namespace } });
      await admin.delete(configMaps, at);
      return admin.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: at, ...content });
    }

    test.each(Object.entries(leftovers))('%s: no tool asks for it, follows it or writes it', async (_, content) => {
      const left = await leave(content);
      const requests = await round(scenario.world().kubeconfig);
      expect(requests.length).toBeGreaterThan(50);
      expect(requests.filter((request) => /configmaps|kubefoundry-(system|config)/.test(request))).toEqual([]);
      expect(await scenario.world().admin.get(configMaps, at)).toEqual(left);
    });

    test('unreadable: a ServiceAccount without a right to ConfigMaps has every tool all the same', async () => {
      const left = await leave({ data: { 'config.json': '{"activeProviderId":"kuberay"}' } });
      const namespace = await createNamespace(scenario.world());
      const requests = await round(await allowOnly(scenario.world(), namespace, { everywhere: everythingElse }));
      expect(requests.filter((request) => request.includes('configmaps'))).toEqual([]);
      expect(await scenario.world().admin.get(configMaps, at)).toEqual(left);
    });

    testAnswers(scenario);
  });
}
