import { expect, onTestFinished, test, vi } from 'vitest';
import { runtimeIds } from '../../src/foundry/spec.ts';
import { getDeployment } from '../../src/tools/get-deployment.ts';
import { listDeployments } from '../../src/tools/list-deployments.ts';
import { type ApiProxy, startApiProxy } from '../support/api-proxy.ts';
import { type Assistant, connectAssistant } from './assistant.ts';
import { sandboxWorld } from './sandbox-world.ts';
import { useWorld } from './world.ts';

vi.setConfig({ hookTimeout: 60_000 });

/** Forty deployments over four namespaces, in every phase; time stands almost still. */
const world = useWorld(() => sandboxWorld('busy', 0.01));

async function connectThroughProxy(): Promise<{ assistant: Assistant; proxy: ApiProxy }> {
  const proxy = await startApiProxy(world().kubeconfig);
  onTestFinished(() => proxy.stop());
  return { assistant: await connectAssistant({ ...world(), kubeconfig: proxy.kubeconfig }), proxy };
}

/** Requests that are neither discovery nor a further page. */
const counted = ({ requests }: ApiProxy) =>
  requests.filter((request) => !/ \/(api|apis)(\?|$)/.test(request) && !request.includes('continue='));

test.each(runtimeIds)('a list of everything on %s costs at most 5 requests and the pages', async (runtime) => {
  const { assistant, proxy } = await connectThroughProxy();
  const { deployments, total } = await assistant.call(listDeployments, { runtime, limit: 500 });
  expect(total).toBeGreaterThan(10);
  expect(deployments).toHaveLength(total);
  expect(counted(proxy).length, counted(proxy).join('\n')).toBeLessThanOrEqual(5);
});

test('a list over both runtimes costs no more than the two', async () => {
  const { assistant, proxy } = await connectThroughProxy();
  const { total } = await assistant.call(listDeployments, { limit: 500 });
  expect(total).toBe(40);
  expect(counted(proxy).length, counted(proxy).join('\n')).toBeLessThanOrEqual(10);
});

test('every row of the list says what get_deployment says', async () => {
  const { assistant } = await connectThroughProxy();
  const { deployments } = await assistant.call(listDeployments, { limit: 500 });
  for (const row of deployments) {
    const { name, namespace, runtime } = row;
    const { deployment } = await assistant.call(getDeployment, { name, namespace, runtime });
    expect(deployment).toMatchObject(row);
  }
});

test('1,000 calls need at most 4 connections', async () => {
  const { assistant, proxy } = await connectThroughProxy();
  for (let calls = 0; calls < 1_000; calls += 1) {
    // One in a hundred reads everything, which is the most that a call does at once.
    const namespace = calls % 100 === 0 ? undefined : 'default';
    await assistant.call(listDeployments, { namespace });
  }
  expect(proxy.requests.length).toBeGreaterThan(1_000);
  expect(proxy.connections).toBeLessThanOrEqual(4);
}, 60_000);
