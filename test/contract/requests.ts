import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { tools } from '../../src/tools/registry.ts';
import { type ApiProxy, startApiProxy } from '../support/api-proxy.ts';
import { connectAssistant } from './assistant.ts';
import { createNamespace, model, soon } from './fixtures.ts';
import type { World } from './world.ts';

const hostile = {
  'a path': '../x',
  'a flag': '--server=evil',
  'a command': 'a;rm',
  'a variable': '$(id)',
  'a query': 'a?watch=true',
  'an escape': 'a%2f..',
  'a line break': 'a\nb',
  'a null byte': 'a\0b',
  'letters of another script': 'сhat',
  'too many letters': 'a'.repeat(500),
  nothing: '',
} as const;

/** What each tool needs besides the name that is tried. */
const inputs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  get_runtimes_status: {},
  install_runtime: { runtime: 'dynamo' },
  plan_deployment: { name: 'chat', model, runtime: 'dynamo' },
  deploy_model: { name: 'chat', model, runtime: 'kuberay' },
  list_deployments: {},
  get_deployment: { name: 'chat' },
  scale_deployment: { name: 'chat', replicas: 2 },
  restart_deployment: { name: 'chat' },
  diagnose_deployment: { name: 'chat' },
  delete_deployment: { name: 'chat' },
};

/** Fields through which names come in. */
const nameFields = ['name', 'namespace', 'runtime', 'model', 'image', 'hfTokenSecret', 'version'];

/** What reaches the API server and what does not. */
export function describeRequests(world: () => World): void {
  async function seen(): Promise<{ proxy: ApiProxy; world: World }> {
    const proxy = await startApiProxy(world().kubeconfig);
    onTestFinished(() => proxy.stop());
    return { proxy, world: { ...world(), kubeconfig: proxy.kubeconfig } };
  }

  describe('the API server', () => {
    test.each(tools.map(({ name }) => name))('sees nothing of a hostile name given to %s', async (tool) => {
      const { proxy, world: watched } = await seen();
      const assistant = await connectAssistant(watched);
      const { input } = tools.find(({ name }) => name === tool) ?? { input: { shape: {} } };
      for (const field of nameFields.filter((name) => name in input.shape)) {
        for (const value of Object.values(hostile)) {
          const { code } = await assistant.send(tool, { ...inputs[tool], [field]: value });
          expect(code, `${field}=${JSON.stringify(value)}`).toBe(
            field === 'runtime' ? 'RUNTIME_UNKNOWN' : 'INPUT_INVALID',
          );
        }
      }
      expect(proxy.requests).toEqual([]);
      expect(proxy.connections).toBe(0);
    });

    test('sees nothing of a hostile name even where the runtime, which would be looked up, is missing', async () => {
      const { proxy, world: watched } = await seen();
      const assistant = await connectAssistant(watched);
      const { code } = await assistant.send('deploy_model', { name: '../x', model });
      expect(code).toBe('INPUT_INVALID');
      expect(proxy.requests).toEqual([]);
    });

    test.each(tools.map(({ name }) => name))('has no open request 1 s after %s was cancelled', async (tool) => {
      const { proxy, world: watched } = await seen();
      const assistant = await connectAssistant(watched);
      proxy.hold(/^GET /);
      const cancelling = new AbortController();
      const call = assistant.send(tool, inputs[tool] ?? {}, cancelling.signal);
      await vi.waitFor(() => expect(proxy.open).toBeGreaterThan(0), soon);
      cancelling.abort();
      await expect(call).rejects.toThrow();
      await vi.waitFor(() => expect(proxy.open).toBe(0), { timeout: 1_000, interval: 20 });
    });

    test('has no open watch 1 s after waiting for a deployment was cancelled', async () => {
      const { proxy, world: watched } = await seen();
      const namespace = await createNamespace(world());
      const assistant = await connectAssistant(watched);
      const nowhere = { nodeSelector: { 'example.com/no-such-node': 'true' } };
      const spec = { name: 'chat', namespace, model, runtime: 'kuberay', wait: true, ...nowhere };
      const cancelling = new AbortController();
      const call = assistant.send('deploy_model', spec, cancelling.signal);
      await vi.waitFor(() => expect(proxy.requests).toContainEqual(expect.stringMatching(/pods\?.*watch=/)), soon);
      cancelling.abort();
      await expect(call).rejects.toThrow();
      await vi.waitFor(() => expect(proxy.open).toBe(0), { timeout: 1_000, interval: 20 });
    });
  });
}
